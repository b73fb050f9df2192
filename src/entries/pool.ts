/**
 * The entry `pool`: `Pool`, `ThreadPool`, and what their methods return.
 *
 * @module
 */
import "../root.ts";
import "../deferred.ts";

export * from "../pool.ts";
