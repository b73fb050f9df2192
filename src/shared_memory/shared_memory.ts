/**
 * `SharedMemory`.
 *
 * @module
 */
import {
  comparisonError,
  parseArguments,
  signature,
  takes,
} from "../python/arguments.ts";
import { asInteger, pythonTypeName, repr } from "../python/arguments.ts";
import { callable } from "../python/callable.ts";
import { OverflowError, UnpicklingError, ValueError } from "../python/errors.ts";
import { REDUCE_SHARED, registerTransferable } from "../reduction/mod.ts";
import type { Mapping } from "../runtime/mapping/mod.ts";
import { byteView } from "./byte_view.ts";
import { attachSegment, createSegment, unlinkSegment } from "./segments.ts";
import { printAsText } from "../python/printing.ts";

/** Options of {@linkcode SharedMemory}. */
export interface SharedMemoryOptions {
  /** The segment's name; null for a new name that no segment has. */
  name?: string | null;
  /** Whether to make it; else it must be there. */
  create?: boolean;
  /** How many bytes it has, where it is made. */
  size?: number;
  /** Whether it is removed at the end of the program that makes it; true. */
  track?: boolean;
}

const SHARED_MEMORY = signature<{
  name: unknown;
  create: unknown;
  size: unknown;
  track: unknown;
}>(
  "SharedMemory.__init__",
  { name: null, create: false, size: 0, track: true },
  { keywordOnly: ["track"] },
);

const TRAVELS = "shared_memory:SharedMemory";

/** What `SharedMemory` makes. CPython: `multiprocessing.shared_memory.SharedMemory`. */
export class SharedMemoryClass {
  readonly #name: string;
  readonly #size: number;
  readonly #track: boolean;
  #mapping: Mapping | undefined;
  #buf: Uint8Array | undefined;

  /** All by keywords. */
  constructor(options: SharedMemoryOptions);
  /** The name by position. */
  constructor(name: string | null, options: SharedMemoryOptions);
  /** As in Python; all but the last may be given by position. */
  constructor(
    name?: string | null,
    create?: boolean,
    size?: number,
    options?: { track?: boolean },
  );
  constructor(...given: unknown[]) {
    const { name, create, size, track } = parseArguments(SHARED_MEMORY, given);
    checkSize(size, Boolean(create));
    if (name === null && !create) {
      throw new ValueError("'name' can only be None if create=True");
    }
    if (name !== null && typeof name !== "string") {
      const type = pythonTypeName(name);
      throw new TypeError(`can only concatenate str (not "${type}") to str`);
    }
    this.#track = Boolean(track);
    if (create) {
      const made = createSegment(name, sizeOf(size), this.#track);
      this.#name = made.name;
      this.#mapping = made.mapping;
    } else {
      this.#name = name!;
      this.#mapping = attachSegment(name!);
    }
    this.#size = this.#mapping.size;
  }

  /** What other programs know it by. */
  get name(): string {
    return this.#name;
  }

  /** The name as the system has it. */
  get _name(): string {
    return `/${this.#name}`;
  }

  /** How many bytes it has. */
  get size(): number {
    return this.#size;
  }

  /**
   * The bytes; null once it is closed. Where memory can be mapped they are a `Uint8Array`
   * over the shared memory itself, and other typed arrays can be made over its `buffer`.
   * Elsewhere the object looks like one and has no `buffer`: each access reads or writes
   * the file. After `close` a view that was kept is empty, or no longer shared.
   */
  get buf(): Uint8Array {
    const mapping = this.#mapping;
    if (mapping === undefined) return null as never;
    return this.#buf ??= mapping.buffer === undefined
      ? byteView(mapping)
      : new Uint8Array(mapping.buffer);
  }

  /** @internal For what reads and writes the memory; undefined once it is closed. */
  get _mapping(): Mapping | undefined {
    return this.#mapping;
  }

  /** Ends this object's access; the memory stays. A second time does nothing. */
  close(): void {
    takes("SharedMemory.close", arguments);
    this.#mapping?.close();
    this.#mapping = undefined;
    this.#buf = undefined;
  }

  /**
   * Takes the name away; the memory goes with the last process that has it open. To be
   * called once, by any process.
   *
   * @throws {FileNotFoundError} if the name is gone
   */
  unlink(): void {
    takes("SharedMemory.unlink", arguments);
    unlinkSegment(this.#name, this.#track);
  }

  /** `SharedMemory('psm_6eaba059', size=10)`. */
  toString(): string {
    return `${this.constructor.name}(${repr(this.#name)}, size=${this.#size})`;
  }

  /** Has it closed at the end of the block that declares it by `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal Travels by its name. */
  [REDUCE_SHARED](): [name: string, fields: unknown] {
    return [TRAVELS, { name: this.#name }];
  }
}

printAsText(SharedMemoryClass);

function checkSize(size: unknown, create: boolean): void {
  const isNumber = ["number", "bigint", "boolean"].includes(typeof size);
  if (!isNumber) throw comparisonError(">=", size);
  if (!((size as number) >= 0)) {
    throw new ValueError("'size' must be a positive integer");
  }
  if (create && Number(size) === 0) {
    throw new ValueError("'size' must be a positive number different from zero");
  }
}

function sizeOf(size: unknown): number {
  const bytes = asInteger(size);
  if (bytes >= 2 ** 63) {
    throw new OverflowError("Python int too large to convert to C long");
  }
  return bytes;
}

/** A block of shared memory; made by the function of the same name. */
export type SharedMemory = SharedMemoryClass;

/** `SharedMemory` as a value: a class that may be called without `new`. */
export interface SharedMemoryConstructor {
  /** With `new`, as in JavaScript. */
  new (options: SharedMemoryOptions): SharedMemoryClass;
  /** With `new`, as in JavaScript. */
  new (name: string | null, options: SharedMemoryOptions): SharedMemoryClass;
  /** With `new`, as in JavaScript. */
  new (
    name?: string | null,
    create?: boolean,
    size?: number,
    options?: { track?: boolean },
  ): SharedMemoryClass;
  /** Without, as in Python. */
  (options: SharedMemoryOptions): SharedMemoryClass;
  /** Without, as in Python. */
  (name: string | null, options: SharedMemoryOptions): SharedMemoryClass;
  /** Without, as in Python. */
  (
    name?: string | null,
    create?: boolean,
    size?: number,
    options?: { track?: boolean },
  ): SharedMemoryClass;
  /** What all of them have. */
  readonly prototype: SharedMemoryClass;
}

/**
 * A block of memory that processes share, of this program and of others, Python's among
 * them: each opens it by its name. CPython: `multiprocessing.shared_memory.SharedMemory`.
 *
 * What differs: space is reserved when the block is made, so that a full `/dev/shm` is an
 * `OSError` there. A program removes at its end what it has made, unless `track` is false,
 * and never what another program has made. Nothing keeps a block from being closed while
 * views of it are left. `buf` does as a `Uint8Array` does: a byte that is too large wraps.
 *
 * @example
 * ```ts
 * import { SharedMemory } from "@pystd/multiprocessing/shared_memory";
 * const shm = SharedMemory({ create: true, size: 10 });
 * shm.buf[0] = 42;
 * const other = SharedMemory(shm.name);
 * console.log(other.buf[0]); // 42
 * other.close();
 * shm.close();
 * shm.unlink();
 * ```
 */
export const SharedMemory: SharedMemoryConstructor = callable(
  "SharedMemory",
  SharedMemoryClass,
);

registerTransferable<{ name: string }>(TRAVELS, {
  rebuild({ name }) {
    if (typeof name !== "string") throw new UnpicklingError("malformed shared memory");
    return SharedMemory(name);
  },
});
