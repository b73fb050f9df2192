/**
 * Values to payloads and back, for sending them to other processes: the part of
 * `multiprocessing/reduction.py` and `pickle`.
 *
 * ```
 * dumps:  value ─► codec, which has functions, instances, errors and shared objects
 *                  reduced by the Dumper ─► [references, body]
 *                  a function whose module is not known yet ─► PendingPayload
 * loads:  references ─► functions (a promise if a module has to be asked)
 *                  ─► codec, which has the Loader make what the Dumper reduced
 * ```
 *
 * What differs: functions and classes are named by module URL and export; a value is
 * copied when `dumps` is called, even if its functions must still be found; data from
 * another process cannot make this one load a module.
 *
 * kinds.ts lists the objects that are reduced, and how a class or a module says how;
 * policy.ts decides what a receiver accepts from which sender.
 *
 * @module
 */

export { type CommonJSModule, exported } from "./exported.ts";
export { type DumpOptions, dumps, dumpsView, PendingPayload } from "./dump.ts";
export { type ReduceValue, refusePrivate, register } from "./instances.ts";
export { type LoadOptions, loads } from "./load.ts";
export type { Callable, Class } from "../functions/callable.ts";
export { registerDeferred, registerName } from "../functions/references.ts";
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
