/**
 * Pickles: what CPython's connections and managers carry values in.
 *
 * ```
 * loads:  bytes ─► Cursor ─► Machine: stack, marks, memo (handlers in load_*.ts)
 *                              names ─► a table of constructors, or an error
 * dumps:  value ─► Pickler ─► PickleOutput ─► bytes
 *                              objects that are no plain data ─► a call and a state
 * ```
 *
 * Mirrors `loads` and `dumps` of Python's `pickle`. What differs is told in
 * pickle/reader.ts and pickle/writer.ts; how values correspond, in pickle/types.ts.
 *
 * @module
 */

export { GLOBALS } from "./globals.ts";
export { type PyAddress, PyProxy, PyToken } from "./managers.ts";
export { loads, type LoadsOptions } from "./reader.ts";
export {
  type Call,
  type Constructor,
  type Globals,
  globalTable,
  PyByteArray,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PySlice,
  PyTuple,
  type Reduction,
} from "./types.ts";
export { dumps, type DumpsOptions } from "./writer.ts";
