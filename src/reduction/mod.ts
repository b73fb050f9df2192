/**
 * What crosses from one process to another, and how: values to payloads and back. Does
 * what `multiprocessing/reduction.py` and `pickle` do.
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
 * kinds.ts tells what crosses as more than data, and how a class or a module says so;
 * policy.ts, what a receiver takes from whom.
 *
 * @module
 */

export { type DumpOptions, dumps, dumpsView, PendingPayload } from "./dump.ts";
export { type ReduceValue, register } from "./instances.ts";
export { type LoadOptions, loads } from "./load.ts";
export {
  type Callable,
  registerDeferred,
  registerName,
} from "../functions/references.ts";
export { isOfUnloaded, loadModule } from "../functions/resolve.ts";
export { dumpError, loadError } from "./remote_errors.ts";
export {
  assert_spawning,
  bound,
  type BoundMethod,
  type DumpContext,
  type MethodName,
  REDUCE_SHARED,
  registerTransferable,
  type Transferable,
} from "./kinds.ts";
