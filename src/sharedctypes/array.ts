/**
 * Arrays of a ctypes type. Mirrors `ctypes.Array`.
 *
 * What differs from Python: the methods `slice`, `set` and `fill`, which JavaScript's
 * arrays have, do what slices do.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { IndexError, ValueError } from "../python/errors.ts";
import { PySlice } from "../python/slice.ts";
import { character, checkText, textOf } from "./convert.ts";
import {
  answerBrackets,
  elementsFor,
  type Index,
  indexIn,
  type Range,
  rangeOf,
} from "./indices.ts";
import {
  addressOf,
  assign,
  CData,
  LAYOUT,
  type Layout,
  ownPlace,
  PLACE,
  type Place,
  put,
} from "./layout.ts";
import { Memory } from "./memory.ts";
import { SimpleLayout } from "./simple_data.ts";

/** How an array type lies in memory. */
export class ArrayLayout implements Layout {
  readonly element: Layout;
  readonly length: number;
  readonly size: number;

  /** @param length How many elements, an integer that is not negative. */
  constructor(element: Layout, length: number) {
    this.element = element;
    this.length = length;
    this.size = element.size * length;
  }

  get name(): string {
    return `${this.element.name}_Array_${this.length}`;
  }

  get wire(): unknown[] {
    return [this.element.wire, this.length];
  }

  get align(): number {
    return this.element.align;
  }

  isSame(other: Layout): boolean {
    return other instanceof ArrayLayout && other.length === this.length &&
      this.element.isSame(other.element);
  }

  over(place: Place): CArray {
    const { element } = this;
    const Class = !(element instanceof SimpleLayout)
      ? CArray
      : element.conversion === character
      ? CharArray
      : element.name === "c_wchar"
      ? WideArray
      : CArray;
    return new Class(this, place) as CArray;
  }

  get(place: Place, at: number): CArray {
    return this.over({ ...place, at });
  }

  set(memory: Memory, at: number, value: unknown): void {
    assign(this, memory, at, value);
  }

  init(object: CData, values: readonly unknown[]): void {
    const { memory, at } = object[PLACE];
    const { element, length } = this;
    for (let i = 0; i < values.length; i++) {
      if (i >= length) throw new IndexError("invalid index");
      element.set(memory, at + i * element.size, values[i]);
    }
  }
}

/** An array type. */
export interface ArrayType<T> {
  /** An array in memory of this process alone. */
  new (...values: unknown[]): CArray<T>;
  /** The same, as in Python. */
  (...values: unknown[]): CArray<T>;
  /** An array type whose elements are such arrays. */
  __mul__(length: number): ArrayType<CArray<T>>;
}

/** Python's `type * length`. @throws {TypeError | ValueError} if that is no length */
export function arrayType<T>(element: Layout, length: unknown): ArrayType<T> {
  const layout = new ArrayLayout(element, checkLength(length));
  const type = function (...values: unknown[]) {
    const array = layout.over(ownPlace(layout.size));
    layout.init(array, values);
    return array;
  };
  Object.defineProperty(type, "name", { value: layout.name });
  return Object.assign(type, {
    [LAYOUT]: () => layout,
    __mul__: (count: number) => arrayType(layout, count),
  }) as unknown as ArrayType<T>;
}

/** @throws {TypeError | ValueError} if it is no length of an array */
export function checkLength(length: unknown): number {
  const isInteger = typeof length === "bigint" || typeof length === "boolean" ||
    Number.isInteger(length);
  if (!isInteger) {
    const type = typeof length === "number" ? "float" : pythonTypeName(length);
    throw new TypeError(`can't multiply sequence by non-int of type '${type}'`);
  }
  const count = Number(length);
  if (count >= 0) return count;
  throw new ValueError(`Array length must be >= 0, not ${length}`);
}

/** What a slice of an array is: bytes, text, or a list. */
export type SliceOf<T> = T extends Uint8Array ? Uint8Array<ArrayBuffer>
  : T extends string ? string
  : T[];

/** An array: of as many elements as its type says. CPython: `ctypes.Array`. */
export class CArray<T = unknown> extends CData {
  /** The elements: negative indices count from the end. */
  [index: number]: T;
  readonly #layout: ArrayLayout;

  /** An array over its place. @param layout Its type. @param place Where it lies. */
  constructor(layout: ArrayLayout, place: Place) {
    super();
    this.#layout = layout;
    put(this, place);
  }

  /** @internal Its type. */
  get [LAYOUT](): ArrayLayout {
    return this.#layout;
  }

  /** How many elements there are. */
  get length(): number {
    return this.#layout.length;
  }

  /** The same, as Python's `len` asks. */
  __len__(): number {
    return this.#layout.length;
  }

  /**
   * Python's `a[index]`: an element, or those of a slice in a list, or in bytes or text
   * where the elements are characters.
   *
   * @throws {IndexError | TypeError} if there is no such element
   */
  __getitem__(index: PySlice): SliceOf<T>;
  /** An element. */
  __getitem__(index: number | bigint | boolean): T;
  /** The one or the other. */
  __getitem__(index: Index): unknown;
  __getitem__(index: Index): unknown {
    const { element, length } = this.#layout;
    if (index instanceof PySlice) return this.#slice(rangeOf(index, length));
    const place = this[PLACE];
    return element.get(place, place.at + indexIn(index, length) * element.size);
  }

  /**
   * Python's `a[index] = value`; a slice takes as many elements as it has.
   *
   * @throws {IndexError | TypeError | ValueError} if there is no such element, or it cannot
   * be that
   */
  __setitem__(index: Index, value: unknown): void {
    const { element, length } = this.#layout;
    const { memory, at } = this[PLACE];
    if (index instanceof PySlice) {
      const range = rangeOf(index, length);
      return this.#assign(range, elementsFor(range.count, value));
    }
    const i = indexIn(index, length, "indices must be integer"); // so in CPython
    element.set(memory, at + i * element.size, value);
  }

  /** Python's `a[start:stop:step]`. */
  slice(
    start: number | null = null,
    stop: number | null = null,
    step: number | null = null,
  ): SliceOf<T> {
    return this.__getitem__(new PySlice(start, stop, step));
  }

  /** Sets elements from `offset` on, as typed arrays do. @throws {IndexError} if they are too many */
  set(values: ArrayLike<T> | Iterable<T>, offset = 0): void {
    const elements = typeof values === "object" && "length" in values
      ? values
      : Array.from(values as Iterable<T>);
    const count = elements.length;
    if (count === 0) return;
    indexIn(offset < 0 ? NaN : offset, this.length);
    if (offset + count > this.length) throw new IndexError("invalid index");
    this.#assign({ start: offset, step: 1, count }, elements);
  }

  /** Sets all elements from `start` to `stop` to a value. */
  fill(value: T, start: number | null = null, stop: number | null = null): this {
    const range = rangeOf(new PySlice(start, stop), this.length);
    const { count } = range;
    if (count === 0) return this;
    this.#assign(range, new Array<T>(count).fill(value));
    return this;
  }

  /** The elements, each as it is when its turn comes. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.__getitem__(i);
  }

  /** Python's default text. */
  override toString(): string {
    const address = addressOf(this[PLACE]);
    return `<multiprocessing.sharedctypes.${this.#layout.name} object at ${address}>`;
  }

  /** The elements of a range, at a place from which they can be read one by one. */
  #at({ start, step, count }: Range): { place: Place; first: number; stride: number } {
    const place = this[PLACE];
    const { size } = this.#layout.element;
    const [first, stride] = [place.at + start * size, step * size];
    if (place.memory.buffer !== undefined || count < 2) return { place, first, stride };
    const lowest = Math.min(first, first + (count - 1) * stride);
    const bytes = new Uint8Array(Math.abs(stride) * (count - 1) + size);
    place.memory.read(lowest, bytes);
    const memory = new Memory(bytes.length);
    memory.write(0, bytes);
    return { place: { ...place, memory }, first: first - lowest, stride };
  }

  #slice(range: Range): unknown {
    const { element } = this.#layout;
    const { count } = range;
    const isSimple = element instanceof SimpleLayout;
    const { place, first, stride } = isSimple ? this.#at(range) : {
      place: this[PLACE],
      first: this[PLACE].at + range.start * element.size,
      stride: range.step * element.size,
    };
    if (isSimple && element.conversion === character) {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        bytes[i] = place.memory.load("Uint8", first + i * stride) as number;
      }
      return bytes;
    }
    const items = new Array<unknown>(count);
    for (let i = 0; i < count; i++) items[i] = element.get(place, first + i * stride);
    return isSimple && element.name === "c_wchar" ? items.join("") : items;
  }

  #assign({ start, step, count }: Range, values: ArrayLike<unknown>): void {
    const { element } = this.#layout;
    const { memory, at } = this[PLACE];
    const first = at + start * element.size;
    if (memory.buffer !== undefined || step !== 1 || count < 2) {
      for (let i = 0; i < count; i++) {
        element.set(memory, first + i * step * element.size, values[i]);
      }
      return;
    }
    // By one write. As many are written as can be, as above.
    const own = new Memory(count * element.size);
    let done = 0;
    try {
      for (; done < count; done++) element.set(own, done * element.size, values[done]);
    } finally {
      memory.write(first, new Uint8Array(own.buffer!, 0, done * element.size));
    }
  }
}

answerBrackets(CArray);

/** The index of the first 0, or the length. */
function endOf(elements: ArrayLike<number>): number {
  let end = 0;
  while (end < elements.length && elements[end] !== 0) end++;
  return end;
}

/** An array of `char`. */
export class CharArray extends CArray<Uint8Array> {
  /** The bytes before the first 0. To set fewer than there is room for writes a 0 behind. */
  get value(): Uint8Array<ArrayBuffer> {
    const bytes = this.raw;
    return bytes.slice(0, endOf(bytes));
  }

  set value(value: Uint8Array) {
    // Of a bytearray's class or another one: ctypes wants bytes.
    if (!isUint8Array(value)) {
      throw new TypeError(
        `bytes expected instead of ${pythonTypeName(value)} instance`,
      );
    }
    if (value.length > this.length) throw new ValueError("byte string too long");
    const { memory, at } = this[PLACE];
    const end = Math.min(value.length + 1, this.length);
    const bytes = new Uint8Array(end);
    bytes.set(value);
    memory.write(at, bytes);
  }

  /** All bytes. To set fewer leaves the others as they are. */
  get raw(): Uint8Array<ArrayBuffer> {
    return this.slice();
  }

  set raw(value: Uint8Array) {
    if (!ArrayBuffer.isView(value)) {
      throw new TypeError(
        `a bytes-like object is required, not '${pythonTypeName(value)}'`,
      );
    }
    if (value.byteLength > this.length) throw new ValueError("byte string too long");
    const { memory, at } = this[PLACE];
    memory.write(at, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
}

/** An array of `wchar_t`. */
export class WideArray extends CArray<string> {
  /** The text before the first 0. To set less than there is room for writes a 0 behind. */
  get value(): string {
    const { element, length } = this[LAYOUT];
    const { memory, at } = this[PLACE];
    const { kind, size } = element as SimpleLayout;
    let text = "";
    for (let i = 0; i < length; i++) {
      const point = memory.load(kind, at + i * size) as number;
      if (point === 0) break;
      text += textOf(point);
    }
    return text;
  }

  set value(value: string) {
    const characters = this[LAYOUT].element.size === 2
      ? checkText(value).split("")
      : [...checkText(value)];
    if (characters.length > this.length) throw new ValueError("string too long");
    if (characters.length < this.length) characters.push("\0");
    this.set(characters);
  }
}
