/**
 * What is loaded when a manager is used for the first time, or a proxy arrives: proxies,
 * the ways to servers, servers, and the objects that these hold. See lazy.ts.
 *
 * @module
 */
import "./sync_types.ts";

export { makeProxy } from "./base_proxy.ts";
export { findChannel, nativeChannel } from "./channels.ts";
export { AutoProxy } from "./proxy_types.ts";
export { serve } from "./serve.ts";
export { Server } from "./server.ts";
export { firstWord, shutDown } from "./server_process.ts";
