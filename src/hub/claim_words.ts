/**
 * Claims in memory that two processes have mapped: a mark is a word there, and moving it is a
 * compare-and-swap, where the log of claims.ts takes two system calls. Pure; the memory is
 * handed in, filled with zeros.
 *
 * ```
 * │ objects: a 64-bit float each │ marks: a 32-bit word each │
 * 0                              SLOTS × 8                   SLOTS × 12
 * ```
 *
 * Either side may be the first that needs an object's word, so either may give it one: it
 * puts the object's number into the first free slot, from a place on that depends on the
 * number alone, by a compare-and-swap as well. Slots are not freed. When the holder uses an
 * object no more, the sender makes the number negative; the next slot is a new one then.
 *
 * A word says by how much, modulo 2^32, the mark has moved from where it was in the log. Each
 * side knows the mark as it saw it last; as there are never 2^31 items on their way, it
 * knows the present one by the difference, and that the other side lies if that is more.
 *
 * @module
 */
import type { NextClaims } from "./claims.ts";

/** Slots; when all are taken, marks are moved no more, and the two do without claims. */
const SLOTS = 4096;

/** Bytes of the memory. */
export const SIZE: number = SLOTS * 12;

/** The farthest that an honest side moves a mark before the other one looks. */
const FAR = 2 ** 31;

/** More tries in a row that fail than with an honest holder. */
const MANY_TRIES = 4096;

/** Memory that the other side has mapped as well. */
export interface Memory {
  /** Undefined once it was closed. */
  readonly buffer: ArrayBuffer | undefined;
  close(): void;
}

/** A mark as it was seen last. */
interface Seen {
  readonly slot: number;
  mark: number;
  word: number;
}

const FLOAT = new Float64Array(1);
const BITS = new BigInt64Array(FLOAT.buffer);

function bitsOf(number: number): bigint {
  FLOAT[0] = number;
  return BITS[0]!;
}

/** Claims in mapped memory. */
export class ClaimWords implements NextClaims {
  readonly #memory: Memory;
  readonly #isHolder: boolean;
  readonly #objects: Float64Array;
  readonly #objectBits: BigInt64Array;
  readonly #words: Int32Array;
  readonly #seen = new Map<number, Seen>();
  /** The marks where the words are zero. */
  #first = new Map<number, number>();
  #isBroken = false;

  /** @param memory {@linkcode SIZE} bytes. */
  constructor(memory: Memory, side: "holder" | "sender") {
    const buffer = memory.buffer!;
    this.#memory = memory;
    this.#isHolder = side === "holder";
    this.#objects = new Float64Array(buffer, 0, SLOTS);
    this.#objectBits = new BigInt64Array(buffer, 0, SLOTS);
    this.#words = new Int32Array(buffer, SLOTS * 8, SLOTS);
  }

  begin(marks: Map<number, number>): void {
    this.#first = marks;
  }

  advance(object: number, to: number): number | undefined {
    if (this.#isBroken) return undefined;
    const seen = this.#find(object);
    for (let tries = 0; seen !== undefined && tries < MANY_TRIES; tries++) {
      // What the holder claims beyond all that was sent does not count.
      if (!this.#see(seen, this.#isHolder ? Infinity : to)) break;
      const { slot, mark, word } = seen;
      if (mark >= to) return mark;
      const next = (word + (to - mark)) | 0;
      if (Atomics.compareExchange(this.#words, slot, word, next) !== word) continue;
      [seen.mark, seen.word] = [to, next];
      return mark;
    }
    this.#isBroken = true;
    return undefined;
  }

  look(object: number, sent = Infinity): number {
    if (this.#isBroken) return this.#seen.get(object)?.mark ?? 0;
    const seen = this.#find(object);
    if (seen === undefined || !this.#see(seen, sent)) this.#isBroken = true;
    return seen?.mark ?? 0;
  }

  forget(object: number): void {
    const seen = this.#isBroken ? undefined : this.#find(object);
    this.#seen.delete(object);
    if (seen !== undefined) Atomics.store(this.#objectBits, seen.slot, bitsOf(-object));
  }

  close(): void {
    this.#isBroken = true;
    this.#memory.close();
  }

  /** Takes note of a mark; false if the other side must have lied about it. */
  #see(seen: Seen, most: number): boolean {
    const word = Atomics.load(this.#words, seen.slot);
    const by = (word - seen.word) >>> 0;
    if (by >= FAR || seen.mark + by > most) return false;
    seen.mark += by;
    seen.word = word;
    return true;
  }

  /** An object's mark, with a word of its own; undefined if there are too many. */
  #find(object: number): Seen | undefined {
    const seen = this.#seen.get(object);
    // A number that is there changes its sign alone, so no half of it is ever seen.
    if (seen !== undefined && this.#objects[seen.slot] === object) return seen;
    const found = this.#give(object);
    if (found !== undefined) this.#seen.set(object, found);
    return found;
  }

  #give(object: number): Seen | undefined {
    const [bits, gone] = [bitsOf(object), bitsOf(-object)];
    let mark = this.#first.get(object) ?? 0;
    // Objects of one process have numbers in a row.
    const start = object % SLOTS;
    for (let i = 0; i < SLOTS; i++) {
      const slot = (start + i) % SLOTS;
      const there = Atomics.compareExchange(this.#objectBits, slot, 0n, bits);
      if (there === 0n || there === bits) return { slot, mark, word: 0 };
      if (there === gone) mark = 0; // it was forgotten
    }
    return undefined;
  }
}
