/**
 * Mirrors `multiprocessing/sharedctypes.py`: `Value`, `Array`, `RawValue`, `RawArray`,
 * `copy`, `synchronized`; and those parts of `ctypes` that they need: the types `c_int` and
 * its like, and `Structure`.
 *
 * What differs:
 *
 * - To read or assign `value`, an element or a field is synchronous, happens whole and takes
 *   no lock: the lock is asynchronous here. What is more than one such step, `v.value += 1`
 *   above all, needs the lock, as in Python: `await v.with(() => v.value += 1)`.
 * - `arr[2:7]` is `arr.slice(2, 7)` or `arr.__getitem__(slice(2, 7))`; to assign to a slice,
 *   `arr.__setitem__(slice(2, 7), values)` or `arr.set(values, 2)`; `arr[-1]` is the last.
 * - `get_obj()` of an array of numbers is a typed array over the shared bytes, where the
 *   runtime maps memory.
 * - A number without a fraction is an integer. Integers of 64 bits that a number does not
 *   hold exactly come as bigints.
 * - An array stands for a tuple, bytes are a `Uint8Array`.
 *
 * The pieces are in `sharedctypes/`, the other half in `hub/arena.ts`.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export type {
  ArrayType,
  CArray,
  CharArray,
  SliceOf,
  WideArray,
} from "./sharedctypes/array.ts";
export {
  type AnySimple,
  type AnyType,
  Array,
  type ArrayConstructor,
  type ArrayInit,
  type ArrayOf,
  type Composite,
  copy,
  type ElementOf,
  type Initial,
  type InitialValue,
  type LockedOf,
  RawArray,
  type RawArrayConstructor,
  type RawArrayOf,
  type RawOf,
  RawValue,
  type RawValueConstructor,
  type SharedOptions,
  synchronized,
  type SynchronizedOptions,
  type Unlocked,
  Value,
  type ValueConstructor,
  type ValueOf,
} from "./sharedctypes/factories.ts";
export type { Index } from "./sharedctypes/indices.ts";
export type { CData } from "./sharedctypes/layout.ts";
export type { TypedArray } from "./sharedctypes/memory.ts";
export type { SimpleData } from "./sharedctypes/simple_data.ts";
export {
  type Field,
  Structure,
  type StructureClass,
} from "./sharedctypes/structure.ts";
export {
  type LockLike,
  Synchronized,
  SynchronizedArray,
  SynchronizedBase,
  SynchronizedString,
  type SynchronizedStructure,
  type TypedArrayOf,
} from "./sharedctypes/synchronized.ts";
export {
  c_bool,
  c_byte,
  c_char,
  c_double,
  c_float,
  c_int,
  c_int16,
  c_int32,
  c_int64,
  c_int8,
  c_long,
  c_longlong,
  c_short,
  c_size_t,
  c_ssize_t,
  c_ubyte,
  c_uint,
  c_uint16,
  c_uint32,
  c_uint64,
  c_uint8,
  c_ulong,
  c_ulonglong,
  c_ushort,
  c_wchar,
  type SimpleType,
  type Typecode,
  typecode_to_type,
  type TypecodeValues,
} from "./sharedctypes/types.ts";
export { type PySlice, slice, type SliceConstructor } from "./python/slice.ts";
