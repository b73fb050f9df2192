/**
 * What is loaded when a manager is used for the first time, or a proxy arrives: proxies,
 * the ways to servers, servers, and the objects that these hold. See lazy.ts.
 *
 * @module
 */
import "./deferred.ts";

export { makeProxy } from "./proxies/base_proxy.ts";
export { findChannel, nativeChannel } from "./protocol/channels.ts";
export { AutoProxy } from "./proxies/proxy_types.ts";
export { serve } from "./serve.ts";
export { Server } from "./server.ts";
export { firstWord, shutDown } from "./server_process.ts";
