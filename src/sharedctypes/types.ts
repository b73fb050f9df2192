/**
 * The simple types, `c_int` and its like, and the typecodes that stand for them. Mirrors
 * `ctypes` as far as `multiprocessing.sharedctypes` shows it.
 *
 * As in ctypes two names may be one type: where `long` has 64 bits, `c_longlong` is
 * `c_long`.
 *
 * @module
 */
import { callable } from "../python/callable.ts";
import { isWindows as isOnWindows } from "../runtime/posix.ts";
import { type ArrayType, arrayType } from "./array.ts";
import {
  character,
  type Conversion,
  large,
  real,
  small,
  truth,
  wideCharacter,
} from "./convert.ts";
import { LAYOUT } from "./layout.ts";
import type { ElementKind } from "./memory.ts";
import { SimpleData, SimpleLayout } from "./simple_data.ts";

const isWindows = isOnWindows();

/** A simple type. */
export interface SimpleType<V> {
  /** An object in memory of this process alone. */
  new (value?: V): SimpleData<V>;
  /** The same, as in Python. */
  (value?: V): SimpleData<V>;
  /** What its objects have. */
  readonly prototype: SimpleData<V>;
  /** An array type: Python's `c_int * 3`. */
  __mul__(length: number): ArrayType<V>;
}

function simple<V>(
  name: string,
  kind: ElementKind,
  conversion: Conversion<V>,
): SimpleType<V> {
  const layout = new SimpleLayout(name, kind, conversion);
  class Simple extends SimpleData<V> {
    get [LAYOUT](): SimpleLayout<V> {
      return layout;
    }
    static [LAYOUT](): SimpleLayout<V> {
      return layout;
    }
    static __mul__(length: number): ArrayType<V> {
      return arrayType<V>(layout, length);
    }
  }
  layout.belongsTo(Simple.prototype);
  layouts.set(name, layout);
  return callable(name, Simple);
}

/** The simple types' layouts, by their names. */
const layouts = new Map<string, SimpleLayout>();

/** The simple type of a name, as it is on the wire. */
export function simpleLayout(name: string): SimpleLayout | undefined {
  return layouts.get(name);
}

/** `signed char`. */
export const c_byte: SimpleType<number> = simple("c_byte", "Int8", small);
/** `unsigned char`. */
export const c_ubyte: SimpleType<number> = simple("c_ubyte", "Uint8", small);
/** `short`. */
export const c_short: SimpleType<number> = simple("c_short", "Int16", small);
/** `unsigned short`. */
export const c_ushort: SimpleType<number> = simple("c_ushort", "Uint16", small);
/** `float`. */
export const c_float: SimpleType<number> = simple("c_float", "Float32", real);
/** `double`. */
export const c_double: SimpleType<number> = simple("c_double", "Float64", real);
/** `_Bool`. */
export const c_bool: SimpleType<boolean> = simple("c_bool", "Uint8", truth);
/** `char`. */
export const c_char: SimpleType<Uint8Array> = simple<Uint8Array>(
  "c_char",
  "Uint8",
  character,
);
/** `wchar_t`. */
export const c_wchar: SimpleType<string> = isWindows
  ? simple("c_wchar", "Uint16", wideCharacter(2))
  : simple("c_wchar", "Uint32", wideCharacter(4));

const int = isWindows
  ? simple("c_long", "Int32", small)
  : simple("c_int", "Int32", small);
const uint = isWindows
  ? simple("c_ulong", "Uint32", small)
  : simple("c_uint", "Uint32", small);
const int64 = simple(isWindows ? "c_longlong" : "c_long", "BigInt64", large);
const uint64 = simple(isWindows ? "c_ulonglong" : "c_ulong", "BigUint64", large);

/** `int`. */
export const c_int: SimpleType<number> = int;
/** `unsigned int`. */
export const c_uint: SimpleType<number> = uint;
/** `long`: 64 bits, but on Windows. */
export const c_long: SimpleType<number | bigint> = isWindows
  ? int as SimpleType<number | bigint>
  : int64;
/** `unsigned long`: 64 bits, but on Windows. */
export const c_ulong: SimpleType<number | bigint> = isWindows
  ? uint as SimpleType<number | bigint>
  : uint64;
/** `long long`. */
export const c_longlong: SimpleType<number | bigint> = int64;
/** `unsigned long long`. */
export const c_ulonglong: SimpleType<number | bigint> = uint64;
/** `int8_t`. */
export const c_int8: SimpleType<number> = c_byte;
/** `uint8_t`. */
export const c_uint8: SimpleType<number> = c_ubyte;
/** `int16_t`. */
export const c_int16: SimpleType<number> = c_short;
/** `uint16_t`. */
export const c_uint16: SimpleType<number> = c_ushort;
/** `int32_t`. */
export const c_int32: SimpleType<number> = c_int;
/** `uint32_t`. */
export const c_uint32: SimpleType<number> = c_uint;
/** `int64_t`. */
export const c_int64: SimpleType<number | bigint> = int64;
/** `uint64_t`. */
export const c_uint64: SimpleType<number | bigint> = uint64;
/** `size_t`. */
export const c_size_t: SimpleType<number | bigint> = uint64;
/** `ssize_t`. */
export const c_ssize_t: SimpleType<number | bigint> = int64;

/** What the values of a typecode are. */
export interface TypecodeValues {
  /** One byte. */
  c: Uint8Array;
  /** One character. */
  u: string;
  /** `signed char`. */
  b: number;
  /** `unsigned char`. */
  B: number;
  /** `short`. */
  h: number;
  /** `unsigned short`. */
  H: number;
  /** `int`. */
  i: number;
  /** `unsigned int`. */
  I: number;
  /** `long`. */
  l: number | bigint;
  /** `unsigned long`. */
  L: number | bigint;
  /** `long long`. */
  q: number | bigint;
  /** `unsigned long long`. */
  Q: number | bigint;
  /** `float`. */
  f: number;
  /** `double`. */
  d: number;
}

/** A letter that stands for a type. */
export type Typecode = keyof TypecodeValues;

/** The types that letters stand for. CPython: `typecode_to_type`. */
export const typecode_to_type: {
  readonly [C in Typecode]: SimpleType<TypecodeValues[C]>;
} = {
  c: c_char,
  u: c_wchar,
  b: c_byte,
  B: c_ubyte,
  h: c_short,
  H: c_ushort,
  i: c_int,
  I: c_uint,
  l: c_long,
  L: c_ulong,
  q: c_longlong,
  Q: c_ulonglong,
  f: c_float,
  d: c_double,
};
