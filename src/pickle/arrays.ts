/**
 * Python's `array.array` and JavaScript's typed arrays.
 *
 * What differs from Python: an array of bytes (`B`) is read as a Uint8Array, which is
 * written as `bytes`; arrays of characters (`u`, `w`) are refused; elements of `l` and `L`
 * have 64 bits, as they have everywhere but on Windows, unless the pickle tells.
 *
 * @module
 */

import { isBigArray, isUint8Array } from "../runtime/brands.ts";
import { ValueError } from "../python/errors.ts";
import { PyFloat, PyGlobal, type Reduction } from "./types.ts";

/** The classes of typed arrays that Python has a type code for. */
const TYPES = {
  b: Int8Array,
  B: Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  l: BigInt64Array,
  L: BigUint64Array,
  q: BigInt64Array,
  Q: BigUint64Array,
  f: Float32Array,
  d: Float64Array,
};

/** A typed array that Python has a type code for. */
export type NumberArray = InstanceType<typeof TYPES[keyof typeof TYPES]>;

/** The class of such an array. */
export interface NumberArrayClass {
  new (length: number): NumberArray;
  new (buffer: ArrayBuffer): NumberArray;
  readonly BYTES_PER_ELEMENT: number;
}

/** The classes by type code. */
export const CLASSES: ReadonlyMap<string, NumberArrayClass> = new Map<
  string,
  NumberArrayClass
>(Object.entries(TYPES));

/** Type codes for writing; the first one of a class. */
const TYPECODES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...[...CLASSES].reverse().map(([typecode, type]) => [type, typecode] as const),
  [BigInt64Array, "q"],
  [BigUint64Array, "Q"],
  [Uint8ClampedArray, "B"],
]);

/**
 * Classes by the numbers of the machine formats that Python's `array` module writes, each
 * for both byte orders; first that with the last byte first.
 */
const FORMATS: readonly NumberArrayClass[] = [..."BbHHhhIIiiQQqqffdd"]
  .map((typecode) => CLASSES.get(typecode)!);

/** Whether numbers lie in memory with their last byte first. */
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** `array.array(typecode, initializer)`; of elements, or of their bytes in memory. */
export function makeArray(typecode: unknown, initializer: unknown): NumberArray {
  const type = typeof typecode === "string" ? CLASSES.get(typecode) : undefined;
  if (type === undefined) throw new ValueError("bad typecode");
  if (isUint8Array(initializer)) return fromBytes(type, initializer);
  if (!Array.isArray(initializer)) throw new TypeError("an array of nothing");
  const array = new type(initializer.length);
  const big = isBigArray(array);
  for (const [i, item] of initializer.entries()) {
    const number = item instanceof PyFloat ? item.valueOf() : item;
    // Converting anything else may take for ever: an array becomes text first.
    if (typeof number !== "number" && typeof number !== "bigint") {
      throw new TypeError("an integer is required");
    }
    array[i] = big ? BigInt(number) : Number(number);
  }
  return array;
}

/**
 * `array._array_reconstructor(arraytype, typecode, format, bytes)`, which tells size and
 * order of the bytes.
 */
export function makeArrayOfFormat(format: unknown, bytes: unknown): NumberArray {
  const type = typeof format === "number" ? FORMATS[format] : undefined;
  if (type === undefined || !isUint8Array(bytes)) {
    throw new ValueError("third argument must be a valid machine format code.");
  }
  const size = type.BYTES_PER_ELEMENT;
  // Formats of one byte are 0 and 1; of the others, even numbers are little-endian.
  const swap = size > 1 && (format as number % 2 === 0) !== littleEndian;
  return fromBytes(type, swap ? swapped(bytes, size) : bytes);
}

function fromBytes(type: NumberArrayClass, bytes: Uint8Array): NumberArray {
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0) {
    throw new ValueError("bytes length not a multiple of item size");
  }
  return new type(bytes.slice().buffer);
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.map((_, i) => bytes[i - i % size + size - 1 - i % size]!);
}

/** The reduction of a typed array; undefined if Python's `array` has no type for it. */
export function reduceArray(view: ArrayBufferView): Reduction | undefined {
  const typecode = TYPECODES.get(view.constructor);
  if (typecode === undefined) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return { global: new PyGlobal("array", "array"), args: [typecode, bytes] };
}
