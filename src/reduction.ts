/**
 * Mirrors `multiprocessing/reduction.py` and what it uses of `pickle`: what crosses from
 * one process to another, and how.
 *
 * ```
 * dumps:  value ─► codec, which hands functions, instances, errors and shared objects
 *                  to the Dumper ─► [references, body]
 *                  a function whose module is not known yet ─► PendingPayload
 * loads:  references ─► functions (find them here; a promise if that takes a turn)
 *                  ─► codec, which hands back what the Dumper took apart
 * ```
 *
 * What differs: functions and classes are named by module URL and export; a value is
 * copied when `dumps` is called, even where its functions must still be looked for; data
 * from another process cannot make this one load a module.
 *
 * The pieces are in `reduction/`.
 *
 * @module
 */

export { bound, type BoundMethod, type MethodName } from "./reduction/bound.ts";
export {
  type DumpOptions,
  dumps,
  dumpsView,
  PendingPayload,
} from "./reduction/dump.ts";
export { type ReduceValue, register } from "./reduction/instances.ts";
export { type LoadOptions, loads } from "./reduction/load.ts";
export { type Callable, registerFamily, registerName } from "./reduction/references.ts";
export { isOfUnloaded, loadModule } from "./reduction/resolve.ts";
export { dumpError, loadError } from "./reduction/remote_errors.ts";
export {
  assert_spawning,
  type DumpContext,
  REDUCE_SHARED,
  registerRebuilder,
  type SharedObject,
} from "./reduction/shared.ts";
