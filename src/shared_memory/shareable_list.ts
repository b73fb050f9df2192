/**
 * `ShareableList`: N items in shared memory, laid out as CPython does it.
 *
 * ```
 * N                         8 bytes, as all numbers here
 * N + 1 offsets             of the items, and of their end, from the data on
 * data                      a slot for each item, of a size that does not change
 * N formats                 8 bytes each: see item_formats.ts
 * N codes                   1 byte each
 * ```
 *
 * @module
 */
import {
  comparisonError,
  parseArguments,
  pythonTypeName,
  repr,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { callable } from "../python/callable.ts";
import {
  IndexError,
  StructError,
  UnpicklingError,
  ValueError,
} from "../python/errors.ts";
import { REDUCE_SHARED, registerTransferable } from "../reduction/mod.ts";
import { Cells } from "./cells.ts";
import {
  checkRange,
  isEqual,
  isText,
  pack,
  type Packed,
  read,
  type ShareableValue,
  SLOT,
  textFormat,
  write,
} from "./item_formats.ts";
import { SharedMemory } from "./shared_memory.ts";
import { printAsText } from "../python/printing.ts";

export type { ShareableValue };

const SHAREABLE_LIST = signature<{ sequence: unknown; name: unknown }>(
  "ShareableList.__init__",
  { sequence: null, name: null },
  { keywordOnly: ["name"], objects: ["sequence"] },
);

function valueSignature(method: string) {
  return signature<{ value: unknown }>(
    `ShareableList.${method}`,
    { value: REQUIRED },
    { positionalOnly: 1 },
  );
}

const COUNT = valueSignature("count");
const INDEX = valueSignature("index");

const TRAVELS = "shared_memory:ShareableList";

/** Whether a key is meant as the number of an item. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Makes `list[0]` and `list[-1]` work; its subclasses' fields are those of the proxy. */
export class Indexed {
  constructor() {
    return new Proxy(this, {
      get: (target, key, self) =>
        typeof key === "string" && NUMBER.test(key)
          ? self.get(Number(key))
          : Reflect.get(target, key, self),
      set(target, key, value, self) {
        if (typeof key !== "string" || !NUMBER.test(key)) {
          return Reflect.set(target, key, value, self);
        }
        self.set(Number(key), value);
        return true;
      },
    });
  }
}

/** What `ShareableList` makes. CPython: `multiprocessing.shared_memory.ShareableList`. */
export class ShareableListClass<T extends ShareableValue = ShareableValue>
  extends Indexed {
  /** The memory that the list is in. */
  readonly shm: SharedMemory;
  readonly #length: number;
  /** Where each slot begins, counted from the data on, and where the last one ends. */
  readonly #offsets: readonly number[];
  #cells: Cells | undefined;

  /** The items. */
  [index: number]: T;

  /**
   * Makes a list, or opens one.
   *
   * @param sequence The items; their number and the room for each do not change.
   * @param options `name`: of the segment; without items, of a list that is there.
   */
  constructor(
    sequence?: Iterable<T> | null,
    options?: { name?: string | null },
  );
  /** The same by keywords: with a `name` alone, a list that is there. */
  constructor(options: { name: string });
  constructor(...given: unknown[]) {
    super();
    const { sequence, name } = parseArguments(SHAREABLE_LIST, given);
    if (name === null || sequence !== null) {
      const items = itemsOf(sequence);
      const offsets = [0];
      for (const { length } of items) offsets.push(offsets.at(-1)! + length);
      this.#length = items.length;
      this.#offsets = offsets;
      const size = this.#formatsAt + items.length * (SLOT + 1);
      this.shm = SharedMemory(name as string | null, true, size);
      this.#fill(items);
    } else {
      this.shm = SharedMemory(name as string);
      try {
        this.#length = readLength(this.#open());
        this.#offsets = readOffsets(this.#open(), this.#length);
      } catch (error) {
        this.shm.close();
        throw error;
      }
    }
  }

  /** How many items there are. Python: `len(list)`. */
  get length(): number {
    return Number(this.#open().integer(0));
  }

  /**
   * An item; a negative index counts from the end. The same as `list[index]`.
   *
   * @throws {IndexError} `index out of range`
   */
  get(index: number): T {
    const at = this.#position(index, "index out of range");
    return this.#read(at);
  }

  /**
   * Changes an item; the same as `list[index] = value`. Of text and bytes there is room for
   * as many bytes as the first item there has got.
   *
   * @throws {IndexError} `assignment index out of range`
   * @throws {ValueError} `bytes/str item exceeds available storage`
   * @throws {KeyError} `<class 'list'>`: it cannot be held
   */
  set(index: number, value: T): void {
    const at = this.#position(index, "assignment index out of range");
    const item = pack(value);
    const cells = this.#open();
    const room = this.#offsets[at + 1]! - this.#offsets[at]!;
    checkRange(item);
    let { format } = item;
    if (format === undefined) {
      if ((item.content as Uint8Array).length > room) {
        throw new ValueError("bytes/str item exceeds available storage");
      }
      const present = this.#format(at);
      format = isText(present) ? present : textFormat(room);
    }
    this.#describe(at, format, item.code);
    write(cells, this.#dataAt + this.#offsets[at]!, format, item);
  }

  /** `list[index]`. CPython: `ShareableList.__getitem__`. */
  __getitem__(index: number): T {
    return this.get(index);
  }

  /** `list[index] = value`. CPython: `ShareableList.__setitem__`. */
  __setitem__(index: number, value: T): void {
    this.set(index, value);
  }

  /** How often a value is there. Python: `list.count(value)`. */
  count(value: unknown): number;
  count(...given: unknown[]): number {
    const { value } = parseArguments(COUNT, given);
    let count = 0;
    for (const item of this) if (isEqual(value, item)) count++;
    return count;
  }

  /**
   * The index of the first item that equals a value.
   *
   * @throws {ValueError} `'zz' not in this container`
   */
  index(value: unknown): number;
  index(...given: unknown[]): number {
    const { value } = parseArguments(INDEX, given);
    for (let at = 0; at < this.#length; at++) {
      if (isEqual(value, this.#read(at))) return at;
    }
    throw new ValueError(`${repr(value)} not in this container`);
  }

  /** The formats of all items, as CPython's `struct` has them. */
  get format(): string {
    return Array.from({ length: this.#length }, (_, at) => this.#format(at)).join("");
  }

  /** The items, each as it is when its turn comes. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let at = 0; at < this.#length; at++) yield this.#read(at);
  }

  /** `ShareableList([1, 'a'], name='psm_6eaba059')`. */
  override toString(): string {
    return `${this.constructor.name}(${repr([...this])}, name=${repr(this.shm.name)})`;
  }

  /** @internal Travels by its name. */
  [REDUCE_SHARED](): [name: string, fields: unknown] {
    return [TRAVELS, { name: this.shm.name }];
  }

  get #dataAt(): number {
    return (this.#length + 2) * SLOT;
  }

  get #formatsAt(): number {
    return this.#dataAt + this.#offsets.at(-1)!;
  }

  /** @throws {TypeError} if the memory is closed */
  #open(): Cells {
    const { _mapping } = this.shm;
    if (_mapping === undefined) {
      throw new TypeError("a bytes-like object is required, not 'NoneType'");
    }
    return this.#cells ??= new Cells(_mapping);
  }

  #position(index: unknown, complaint: string): number {
    if (typeof index !== "number" && typeof index !== "boolean") {
      throw comparisonError(">=", index);
    }
    if (!Number.isInteger(Number(index))) {
      const type = pythonTypeName(index);
      throw new TypeError(`list indices must be integers or slices, not ${type}`);
    }
    const at = Number(index) >= 0 ? Number(index) : Number(index) + this.#length;
    if (at < 0 || at >= this.#length) throw new IndexError(complaint);
    return at;
  }

  #read(at: number): T {
    const cells = this.#open();
    const [code] = cells.bytes(this.#formatsAt + this.#length * SLOT + at, 1);
    const place = this.#dataAt + this.#offsets[at]!;
    return read(cells, place, this.#format(at), code!) as T;
  }

  #format(at: number): string {
    const bytes = this.#open().bytes(this.#formatsAt + at * SLOT, SLOT);
    return String.fromCharCode(...bytes).replace(/\0+$/, "");
  }

  #describe(at: number, format: string, code: number): void {
    const bytes = new TextEncoder().encode(format);
    this.#open().setBytes(this.#formatsAt + at * SLOT, bytes, SLOT);
    const place = this.#formatsAt + this.#length * SLOT + at;
    this.#open().setBytes(place, Uint8Array.of(code), 1);
  }

  #fill(items: readonly Packed[]): void {
    const cells = this.#open();
    cells.setInteger(0, BigInt(this.#length));
    this.#offsets.forEach((offset, i) =>
      cells.setInteger((i + 1) * SLOT, BigInt(offset))
    );
    items.forEach((item, at) => {
      const format = item.format ?? textFormat(item.length);
      this.#describe(at, format, item.code);
      write(cells, this.#dataAt + this.#offsets[at]!, format, item);
    });
  }
}

printAsText(ShareableListClass);

/** All of a sequence, as it will be written. */
function itemsOf(sequence: unknown): Packed[] {
  const isEmpty = sequence === null || sequence === undefined || sequence === "" ||
    sequence === 0 || sequence === false;
  if (isEmpty) return [];
  const isIterable = typeof sequence === "string" ||
    typeof (sequence as Iterable<unknown>)[Symbol.iterator] === "function";
  if (!isIterable) {
    throw new TypeError(`'${pythonTypeName(sequence)}' object is not iterable`);
  }
  const items = [...(sequence as Iterable<unknown>)].map(pack);
  if (typeof (sequence as Iterator<unknown>).next === "function") {
    // Python goes through it several times, and finds nothing left.
    throw new StructError(
      `pack_into expected ${items.length} items for packing (got 0)`,
    );
  }
  items.forEach(checkRange);
  return items;
}

/** What `struct` says of memory that is too small. */
function tooSmall(length: number, at: number, size: number): StructError {
  return new StructError(
    `unpack_from requires a buffer of at least ${at + length} bytes for unpacking ` +
      `${length} bytes at offset ${at} (actual buffer size is ${size})`,
  );
}

function readLength(cells: Cells): number {
  if (cells.size < SLOT) throw tooSmall(SLOT, 0, cells.size);
  const length = Number(cells.integer(0));
  const needed = (length + 1) * SLOT;
  if (length < 0 || SLOT + needed > cells.size) {
    throw tooSmall(needed, SLOT, cells.size);
  }
  return length;
}

/** The offsets of a list that is there; another program has made it, so they are checked. */
function readOffsets(cells: Cells, length: number): number[] {
  const offsets = Array.from(
    { length: length + 1 },
    (_, i) => Number(cells.integer((i + 1) * SLOT)),
  );
  const dataAt = (length + 2) * SLOT;
  const end = dataAt + offsets[length]!;
  const areOrdered = offsets.every((offset, i) =>
    i === 0 ? offset === 0 : offset - offsets[i - 1]! >= SLOT
  );
  if (!areOrdered || end + length * (SLOT + 1) > cells.size) {
    throw tooSmall(length * (SLOT + 1), end, cells.size);
  }
  return offsets;
}

/** A list in shared memory; made by the function of the same name. */
export type ShareableList<T extends ShareableValue = ShareableValue> =
  ShareableListClass<T>;

/** What an item may become: of `1`, any number. */
export type Widened<T extends ShareableValue> = T extends number ? number
  : T extends bigint ? bigint
  : T extends boolean ? boolean
  : T extends string ? string
  : T;

/** `ShareableList` as a value: a class that may be called without `new`. */
export interface ShareableListConstructor {
  /** With `new`, as in JavaScript. */
  new <T extends ShareableValue = ShareableValue>(
    sequence?: Iterable<T> | null,
    options?: { name?: string | null },
  ): ShareableListClass<Widened<T>>;
  /** The same by keywords: with a `name` alone, a list that is there. */
  new <T extends ShareableValue = ShareableValue>(
    options: { sequence?: Iterable<T> | null; name?: string | null },
  ): ShareableListClass<Widened<T>>;
  /** Without, as in Python. */
  <T extends ShareableValue = ShareableValue>(
    sequence?: Iterable<T> | null,
    options?: { name?: string | null },
  ): ShareableListClass<Widened<T>>;
  /** The same by keywords: with a `name` alone, a list that is there. */
  <T extends ShareableValue = ShareableValue>(
    options: { sequence?: Iterable<T> | null; name?: string | null },
  ): ShareableListClass<Widened<T>>;
  /** What all of them have. */
  readonly prototype: ShareableListClass;
}

/**
 * A list in shared memory, of numbers, booleans, texts, bytes and nulls. Its length does
 * not change, nor the room for each item. CPython:
 * `multiprocessing.shared_memory.ShareableList`.
 *
 * Nothing keeps two processes from changing an item at once: use a lock. What differs: an
 * index below `-length` raises, and what cannot be held leaves the item as it was.
 *
 * @example
 * ```ts
 * import { ShareableList } from "@pystd/multiprocessing/shared_memory";
 * const list = ShareableList(["howdy", 273.154, 100, null, true]);
 * list[2] = -999;
 * console.log(String(ShareableList({ name: list.shm.name }).get(-3))); // -999
 * list.shm.close();
 * list.shm.unlink();
 * ```
 */
export const ShareableList: ShareableListConstructor = callable(
  "ShareableList",
  ShareableListClass,
);

registerTransferable<{ name: string }>(TRAVELS, {
  rebuild({ name }) {
    if (typeof name !== "string") throw new UnpicklingError("malformed shared list");
    return ShareableList({ name });
  },
});
