/**
 * The machine that a pickle is a program for: a stack with marks, and a memo. The opcodes are
 * in handlers.ts.
 *
 * Nothing here depends on the depth of a value, and each opcode takes time and memory in
 * proportion to the bytes that it is made of and the things that it takes off the stack.
 * The exception are calls, whose arguments may come from the memo again and again: what
 * they may cost in all is limited by the length of the pickle.
 *
 * @module
 */
import { isMap, isSet } from "../runtime/brands.ts";
import { UnpicklingError } from "../python/errors.ts";
import { plainBytes } from "../wire/bytes.ts";
import { Dicts } from "./dicts.ts";
import type { Constructor, Globals } from "./types.ts";

/** Steps of work that calls may cost, for each byte of the pickle. */
const STEPS_A_BYTE = 8;

/** Characters of texts, for each byte: they are slow to make, and mostly shorter. */
const CHARACTERS_A_BYTE = 2;

/** Both in any case. */
const SPARE = 20_000;

/** The options of a reading. */
export interface MachineOptions {
  /** The names that it may contain. */
  readonly globals: Globals;
  /** Whether the types of Python are kept. */
  readonly exact: boolean;
  /** Positions of the dicts that are made as Maps; see dicts.ts. */
  readonly maps: ReadonlySet<number>;
}

/** One reading of a pickle. */
export class Machine {
  readonly cursor: Cursor;
  readonly globals: Globals;
  readonly exact: boolean;
  readonly dicts: Dicts;
  /** Objects that may get a state, with what made them. */
  readonly makers: Map<object, Constructor> = new Map();
  /** Set by STOP. */
  done = false;

  readonly #stack: unknown[] = [];
  /** Heights of the stack, each put down by MARK. */
  readonly #marks: number[] = [];
  /** The stack's height at the last mark: what is below cannot be popped. */
  #fence = 0;
  /** Steps of work left for calls. */
  #steps: number;
  /** Characters left for texts. */
  #characters: number;
  /** The memo, as long as its numbers come in order, which is always so in practice. */
  readonly #memo: unknown[] = [];
  /** The rest of the memo. */
  readonly #scattered = new Map<number, unknown>();

  constructor(bytes: Uint8Array, options: MachineOptions) {
    this.cursor = new Cursor(bytes);
    this.globals = options.globals;
    this.exact = options.exact;
    this.dicts = new Dicts(options.maps, options.exact);
    this.#steps = bytes.length * STEPS_A_BYTE + SPARE;
    this.#characters = bytes.length * CHARACTERS_A_BYTE + SPARE;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  /** Takes the value on top. */
  pop(): unknown {
    if (this.#stack.length <= this.#fence) throw this.#underflow();
    return this.#stack.pop();
  }

  /** The value on top, which stays. */
  top(): unknown {
    if (this.#stack.length <= this.#fence) throw this.#underflow();
    return this.#stack.at(-1);
  }

  #underflow(): UnpicklingError {
    const text = this.#marks.length > 0 ? "unexpected MARK found" : "stack underflow";
    return new UnpicklingError(text);
  }

  /** Remembers the stack's height. */
  mark(): void {
    this.#fence = this.#stack.length;
    this.#marks.push(this.#fence);
  }

  /** Takes all values above the last mark, and the mark. */
  popMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new UnpicklingError("could not find MARK");
    this.#fence = this.#marks.at(-1) ?? 0;
    return this.#stack.splice(mark);
  }

  /** Whether nothing lies above the last mark, if there is one. */
  get atMark(): boolean {
    return this.#marks.length > 0 && this.#stack.length === this.#fence;
  }

  /** Pushes the value on top a second time. */
  double(): void {
    const value = this.top();
    this.dicts.doubled(this.#stack.length - 1, value);
    this.push(value);
  }

  /** A new dict on top. */
  pushDict(): void {
    const place = this.#stack.length;
    this.push(this.dicts.make(place, this.cursor.at));
  }

  /** Keys and values, in turns, for the dict on top. */
  fillDict(pairs: readonly unknown[]): void {
    const target = this.top();
    const place = this.#stack.length - 1;
    this.dicts.fill(place, target, pairs, (object, memo) => {
      this.#stack[place] = object;
      if (memo >= 0) this.#put(memo, object);
    });
  }

  /** Puts the value on top into the memo, under a number or the next one. */
  memoize(index: number = this.#memo.length + this.#scattered.size): void {
    const value = this.top();
    this.#put(index, value);
    if (typeof value === "object" && value !== null) {
      this.dicts.memoized(this.#stack.length - 1, value, index);
    }
  }

  #put(index: number, value: unknown): void {
    if (index <= this.#memo.length) this.#memo[index] = value;
    else this.#scattered.set(index, value);
  }

  /** Fetches something from the memo. */
  fetch(index: number): void {
    const found = index < this.#memo.length;
    if (!found && !this.#scattered.has(index)) {
      throw new UnpicklingError(`Memo value not found at index ${index}`);
    }
    this.dicts.fetched(index);
    this.push(found ? this.#memo[index] : this.#scattered.get(index));
  }

  /** Counts steps of work that a call costs. */
  charge(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new UnpicklingError("too much work for its length");
  }

  /** Whether a text may be made of a value; see `Call`. */
  canShow(value: unknown): boolean {
    const size = textSize(value, this.#characters);
    this.#characters -= Math.min(size, this.#characters);
    return size < Infinity;
  }
}

// ------------------------------------------------------------------------------- cursor
//
// Goes through the bytes of a pickle. Every length is compared with what is left before
// anything is made of it.

/** Reads a pickle's bytes one after the other. */
export class Cursor {
  readonly bytes: Uint8Array;
  /** The position of the next byte. */
  at = 0;
  readonly #view: DataView;

  /** @param bytes The pickle; it must not change while it is read. */
  constructor(bytes: Uint8Array) {
    this.bytes = plainBytes(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves on by `count` bytes and tells where they begin. */
  skip(count: number): number {
    const start = this.at;
    if (count > this.bytes.length - start) {
      throw new UnpicklingError("pickle data was truncated");
    }
    this.at = start + count;
    return start;
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  /** The bytes up to the next newline, without it, not copied. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(0x0a, this.at);
    const line = this.take(end < 0 ? Infinity : end - this.at);
    this.at = end + 1;
    return line;
  }

  uint8(): number {
    return this.bytes[this.skip(1)]!;
  }

  /** 16 bits, last byte first. */
  uint16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  /** 32 bits, last byte first. */
  uint32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  /** 32 bits with a sign, last byte first. */
  int32(): number {
    return this.#view.getInt32(this.skip(4), true);
  }

  /** 64 bits, last byte first. Beyond 2^53 it is not exact, and too long for anything. */
  uint64(): number {
    const start = this.skip(8);
    return this.#view.getUint32(start, true) +
      this.#view.getUint32(start + 4, true) * 2 ** 32;
  }

  /** 64 bits of a floating point number, first byte first. */
  float64(): number {
    return this.#view.getFloat64(this.skip(8));
  }
}

// ------------------------------------------------------------------------------ measure
//
// The length of the text of a value. A value from a pickle may hold the same list many times
// over, at many levels: small in memory, endless as a text.

/** Deeper than this, `repr` does not look. */
const MAX_DEPTH = 100;

/** Objects with more keys than this are counted once. */
const MANY = 1000;

/** The number of keys of large objects: counting them takes time each time. */
const counts = new WeakMap<object, number>();

/**
 * About the number of characters of a value's text; `Infinity` if there are more than `limit`.
 * Takes no more steps than `limit`, whatever the value.
 */
export function textSize(value: unknown, limit: number): number {
  let left = limit;
  const visit = (value: unknown, depth: number): void => {
    left -= 1;
    if (typeof value === "string") left -= value.length;
    else if (typeof value === "bigint") left -= bigIntSize(value);
    else if (ArrayBuffer.isView(value)) left -= value.byteLength;
    else if (typeof value === "object" && value !== null && depth < MAX_DEPTH) {
      if (!isIterable(value)) left -= countKeys(value);
      if (left < 0) return;
      for (const part of isIterable(value) ? value : Object.entries(value).flat()) {
        visit(part, depth + 1);
        if (left < 0) return;
      }
    }
  };
  visit(value, 0);
  return left < 0 ? Infinity : limit - left;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Array.isArray(value) || isMap(value) || isSet(value);
}

/** To turn a large integer into decimal digits takes more than a step for each. */
function bigIntSize(value: bigint): number {
  if (BigInt.asIntN(64, value) === value) return 20;
  return BigInt.asIntN(8192, value) === value ? 2500 : Infinity;
}

function countKeys(object: object): number {
  const known = counts.get(object);
  if (known !== undefined) return known;
  const { length } = Object.keys(object);
  if (length > MANY) counts.set(object, length);
  return length;
}
