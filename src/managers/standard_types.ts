/**
 * The types that every `SyncManager` can make, by name: the classes of their objects and
 * proxies are filled in when sync_types.ts is loaded.
 *
 * @module
 */
import { type RegisteredType, registeredType } from "./options.ts";

/** Those that managers have a method for. */
export const MAKEABLE: readonly string[] = [
  "Queue",
  "JoinableQueue",
  "Event",
  "Lock",
  "RLock",
  "Semaphore",
  "BoundedSemaphore",
  "Condition",
  "Barrier",
  "Pool",
  "list",
  "dict",
  "set",
  "Value",
  "Array",
  "Namespace",
];

/** Those that only methods of others give. */
const RESULTS: readonly string[] = ["Iterator", "AsyncResult"];

/** By typeid, in CPython's order; the registry of `SyncManager` begins with these. */
export const standardTypes: ReadonlyMap<string, RegisteredType> = new Map(
  [...MAKEABLE, ...RESULTS].map((typeid) => [typeid, registeredType({})]),
);
