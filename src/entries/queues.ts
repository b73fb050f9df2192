/**
 * The entry `queues`: `Queue`, `JoinableQueue`, `SimpleQueue`.
 *
 * @module
 */
import "../root.ts";
import "../deferred.ts";

export * from "../queues.ts";
