/**
 * The machine that a pickle is a program for: a stack with marks, and a memo. What the
 * opcodes do with it is in load_values.ts, load_containers.ts and load_objects.ts.
 *
 * Nothing here depends on the depth of a value, and each opcode takes time and memory in
 * proportion to the bytes that it is made of and the things that it takes off the stack.
 * The exception are calls, whose arguments may come from the memo again and again: what
 * they may cost in all is limited by the length of the pickle.
 *
 * @module
 */

import { UnpicklingError } from "../../python/errors.ts";
import { Cursor } from "./cursor.ts";
import { Dicts } from "./dicts.ts";
import { textSize } from "./measure.ts";
import type { Constructor, Globals } from "./types.ts";

/** Steps of work that calls may cost, for each byte of the pickle. */
const STEPS_A_BYTE = 8;

/** Characters of texts, for each byte: they are slow to make, and mostly shorter. */
const CHARACTERS_A_BYTE = 2;

/** Both in any case. */
const SPARE = 20_000;

/** How a pickle is read. */
export interface MachineOptions {
  /** All that it may name. */
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

  /** @param bytes The pickle. @param options How to read it. */
  constructor(bytes: Uint8Array, options: MachineOptions) {
    this.cursor = new Cursor(bytes);
    this.globals = options.globals;
    this.exact = options.exact;
    this.dicts = new Dicts(options.maps, options.exact);
    this.#steps = bytes.length * STEPS_A_BYTE + SPARE;
    this.#characters = bytes.length * CHARACTERS_A_BYTE + SPARE;
  }

  /** Puts a value on the stack. */
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

  /** A second time what lies on top. */
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

  /** Puts what lies on top into the memo, under a number or the next one. */
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
