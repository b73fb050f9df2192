/**
 * Bytes in which ctypes objects lie: of this process alone, or shared. Elements are read and
 * written one at a time and whole: where the bytes are mapped by a typed array, as a
 * `DataView` takes them one byte after the other, and else by one read or write of the file.
 *
 * @module
 */
import type { Mapping } from "../runtime/mapping/mod.ts";

/** The typed arrays that elements are read and written by. */
const KINDS = {
  Int8: Int8Array,
  Uint8: Uint8Array,
  Int16: Int16Array,
  Uint16: Uint16Array,
  Int32: Int32Array,
  Uint32: Uint32Array,
  Float32: Float32Array,
  BigInt64: BigInt64Array,
  BigUint64: BigUint64Array,
  Float64: Float64Array,
};

/** The name of one. */
export type ElementKind = keyof typeof KINDS;

/** What an element is in its typed array. */
export type Scalar = number | bigint;

/** A typed array of any kind. */
export type TypedArray =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

type Elements = { readonly length: number; [index: number]: Scalar };

/** The bytes of an element. */
export function sizeOf(kind: ElementKind): number {
  return KINDS[kind].BYTES_PER_ELEMENT;
}

/** For one element of each kind on its way. */
const scratch = new Uint8Array(8);
const scratchElements = Object.fromEntries(
  Object.entries(KINDS).map(([kind, Class]) => [kind, new Class(scratch.buffer)]),
) as unknown as Record<ElementKind, Elements>;

/** See the file's head. */
export class Memory {
  readonly size: number;
  /** The bytes themselves, where there are such. */
  readonly buffer: ArrayBuffer | undefined;
  /** The file that they are in; undefined of memory of this process alone. */
  readonly mapping: Mapping | undefined;
  readonly #elements: Partial<Record<ElementKind, Elements>> = {};

  /** @param bytes A mapping; or how many bytes, all 0, are to be had for this process. */
  constructor(bytes: Mapping | number) {
    if (typeof bytes === "number") {
      this.size = bytes;
      this.buffer = new ArrayBuffer(bytes);
    } else {
      this.size = bytes.size;
      this.buffer = bytes.buffer;
      this.mapping = bytes;
    }
  }

  /** The element at a place. */
  load(kind: ElementKind, at: number): Scalar {
    const size = KINDS[kind].BYTES_PER_ELEMENT;
    if (this.buffer !== undefined && at % size === 0) {
      const element = this.#all(kind)[at / size];
      if (element === undefined) throw new RangeError("the shared memory is closed");
      return element;
    }
    this.read(at, scratch.subarray(0, size));
    return scratchElements[kind][0]!;
  }

  /** Sets the element at a place; the typed array makes it fit. */
  store(kind: ElementKind, at: number, element: Scalar): void {
    const size = KINDS[kind].BYTES_PER_ELEMENT;
    if (this.buffer !== undefined && at % size === 0) {
      this.#all(kind)[at / size] = element;
      return;
    }
    scratchElements[kind][0] = element;
    this.write(at, scratch.subarray(0, size));
  }

  /** Fills `into` with the bytes from `at` on. */
  read(at: number, into: Uint8Array): void {
    if (this.mapping !== undefined) this.mapping.read(at, into);
    else into.set(new Uint8Array(this.buffer!, at, into.length));
  }

  /** Writes all of `from` at `at`. */
  write(at: number, from: Uint8Array): void {
    if (this.mapping !== undefined) this.mapping.write(at, from);
    else new Uint8Array(this.buffer!).set(from, at);
  }

  /** Sets bytes to 0. */
  clear(at: number, length: number): void {
    const step = 1 << 20;
    const zeros = new Uint8Array(Math.min(length, step));
    for (let done = 0; done < length; done += step) {
      this.write(at + done, zeros.subarray(0, Math.min(step, length - done)));
    }
  }

  #all(kind: ElementKind): Elements {
    return this.#elements[kind] ??= new KINDS[kind](
      this.buffer!,
      0,
      Math.floor(this.size / KINDS[kind].BYTES_PER_ELEMENT),
    ) as unknown as Elements;
  }
}
