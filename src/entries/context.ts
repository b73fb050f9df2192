/**
 * The entry `context`: contexts, which hold all the factories.
 *
 * @module
 */
import "../root.ts";
import "../deferred.ts";

export * from "../context.ts";
