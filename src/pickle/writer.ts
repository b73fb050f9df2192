/**
 * Writes pickles for CPython 3.4 and later, in protocol 4: the lowest that has bytes, sets
 * and long strings without calls of functions.
 *
 * Mirrors `dumps` of Python's `pickle`. What differs: an array among the keys of a Map or
 * the members of a Set is written as a tuple, and a set as a frozenset, as Python wants
 * them hashable; functions and instances of classes are up to the caller's hook.
 *
 * Nothing is recursive: each container is a generator of the containers in it.
 *
 * @module
 */
import { isError, isMap, isSet, isUint8Array } from "../runtime/brands.ts";
import { PicklingError, RecursionError } from "../python/errors.ts";
import { isPlain, pythonTypeName, repr } from "../python/repr.ts";
import { ByteWriter, plainBytes } from "../wire/bytes.ts";
import { reduceArray } from "./arrays.ts";
import { reduceError } from "./exceptions.ts";
import { intBytes } from "./ints.ts";
import { reduceManaged } from "./managers.ts";
import { Op } from "./opcodes.ts";
import { encodeText } from "./text.ts";
import {
  PyByteArray,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyTuple,
  type Reduction,
} from "./types.ts";
import { PySlice } from "../python/slice.ts";

/** The options of `dumps`. */
export interface DumpsOptions {
  /**
   * Asked how to write an object, for each object once, before anything else is tried.
   * Undefined leaves it to `dumps`; what it throws is thrown by `dumps`.
   */
  reduce?: (value: object) => Reduction | PyGlobal | undefined;
}

/** Writes a container, and gives those that are in it at their places. */
type Steps = Generator<Steps, void, void>;

/** Items that Python puts into a container at once. */
const BATCH = 1000;

/** Containers within containers. */
const MAX_DEPTH = 100_000;

const TUPLES = [Op.EMPTY_TUPLE, Op.TUPLE1, Op.TUPLE2, Op.TUPLE3];

/**
 * Writes a pickle, which shares no memory with the value.
 *
 * @throws {TypeError} If there is an object without a twin in Python.
 * @throws {PicklingError} If there is a function.
 * @throws {RecursionError} If it is nested 100,000 levels deep, or contains itself in a
 * way that is impossible in Python.
 */
export function dumps(value: unknown, options: DumpsOptions = {}): Uint8Array {
  return new Pickler(options).run(value);
}

class Pickler {
  readonly #out = new PickleOutput();
  readonly #reduce: DumpsOptions["reduce"];
  /** Places in the memo. */
  readonly #memo = new Map<object, number>();
  /** Places in the memo of what was written as a key: tuples, frozen sets. */
  readonly #keyMemo = new Map<object, number>();
  /**
   * Objects that are being written and cannot be referred to before they are whole, with the
   * size of the memo when that began.
   */
  readonly #unfinished = new Map<object, number>();

  constructor({ reduce }: DumpsOptions) {
    this.#reduce = reduce;
  }

  run(value: unknown): Uint8Array {
    const stack: Steps[] = [];
    let inner = this.#write(value, false);
    do {
      if (inner) stack.push(inner);
      if (stack.length > MAX_DEPTH) throw tooDeep();
      const result = stack.at(-1)?.next();
      if (result?.done) stack.pop();
      inner = result?.value;
    } while (stack.length > 0);
    return this.#out.finish();
  }

  /** Writes a value, or gives the steps to do so. `key`: it has to be hashable. */
  #write(value: unknown, key: boolean): Steps | void {
    switch (typeof value) {
      case "number":
        return this.#out.number(value);
      case "string":
        return this.#out.string(value);
      case "boolean":
        return this.#out.op(value ? Op.NEWTRUE : Op.NEWFALSE);
      case "undefined":
        return this.#out.op(Op.NONE);
      case "bigint":
        return this.#out.bigint(value);
      case "symbol":
        throw new TypeError("cannot pickle 'symbol' object");
    }
    if (value === null) return this.#out.op(Op.NONE);
    return this.#object(value as object, key);
  }

  #object(value: object, key: boolean): Steps | void {
    const place = (key ? this.#keyMemo : this.#memo).get(value);
    if (place !== undefined) return this.#out.get(place);
    const reduction = this.#reduce?.(value) ?? reduceKnown(value, key);
    if (reduction instanceof PyGlobal) {
      return this.#out.global(reduction.module, reduction.name);
    }
    if (reduction !== undefined) return this.#reduction(value, reduction);
    if (value instanceof PyFloat) return this.#out.float(value.valueOf());
    if (isUint8Array(value)) return this.#bytes(value);
    if (Array.isArray(value)) {
      return key || value instanceof PyTuple
        ? this.#tuple(value, value, key)
        : this.#list(value);
    }
    if (isSet(value)) {
      return key || value instanceof PyFrozenSet
        ? this.#frozenSet(value, key)
        : this.#set(value);
    }
    const pairs = isMap(value)
      ? value
      : isPlain(value)
      ? Object.entries(value)
      : undefined;
    if (pairs === undefined) throw cannotPickle(value);
    if (key) throw new TypeError("unhashable type: 'dict'");
    return this.#dict(value, pairs);
  }

  /** Puts the last thing written into the memo, as it is, as a key, or both. */
  #memoize(value: object, as: "value" | "key" | "both" = "value"): void {
    const place = this.#out.memoize();
    if (as !== "key") this.#memo.set(value, place);
    if (as !== "value") this.#keyMemo.set(value, place);
  }

  #bytes(value: Uint8Array): void {
    this.#out.bytes(plainBytes(value));
    // A bytearray comes here as a key only; elsewhere it is no bytes.
    this.#memoize(value, value instanceof PyByteArray ? "key" : "both");
  }

  *#list(items: readonly unknown[]): Steps {
    this.#out.op(Op.EMPTY_LIST);
    this.#memoize(items);
    for (let at = 0; at < items.length;) {
      this.#out.op(Op.MARK);
      for (const end = at + BATCH; at < items.length && at < end; at++) {
        const steps = this.#write(items[at], false);
        if (steps) yield steps;
      }
      this.#out.op(Op.APPENDS);
    }
  }

  *#set(members: Set<unknown>): Steps {
    this.#out.op(Op.EMPTY_SET);
    this.#memoize(members);
    if (members.size === 0) return;
    this.#out.op(Op.MARK);
    for (const member of members) {
      const steps = this.#write(member, true);
      if (steps) yield steps;
    }
    this.#out.op(Op.ADDITEMS);
  }

  *#dict(value: object, pairs: Iterable<[unknown, unknown]>): Steps {
    this.#out.op(Op.EMPTY_DICT);
    this.#memoize(value);
    let count = 0;
    for (const [key, item] of pairs) {
      if (count % BATCH === 0) {
        if (count > 0) this.#out.op(Op.SETITEMS);
        this.#out.op(Op.MARK);
      }
      count++;
      const keySteps = this.#write(key, true);
      if (keySteps) yield keySteps;
      const steps = this.#write(item, false);
      if (steps) yield steps;
    }
    if (count > 0) this.#out.op(Op.SETITEMS);
  }

  /**
   * A tuple, under the identity of `value`. If it contains itself, by way of a list, it
   * has been written when its items have: then that one is taken.
   */
  *#tuple(value: object, items: readonly unknown[], key: boolean): Steps {
    const { length } = items;
    if (length === 0) return this.#out.op(Op.EMPTY_TUPLE);
    if (length > 3) this.#out.op(Op.MARK);
    const before = this.#begin(value);
    for (let i = 0; i < length; i++) {
      const steps = this.#write(items[i], key);
      if (steps) yield steps;
    }
    this.#end(value, before);
    const place = (key ? this.#keyMemo : this.#memo).get(value);
    if (place === undefined) {
      this.#out.op(TUPLES[length] ?? Op.TUPLE);
      return this.#memoize(value, key ? "key" : "value");
    }
    if (length > 3) this.#out.op(Op.POP_MARK);
    else for (let i = 0; i < length; i++) this.#out.op(Op.POP);
    this.#out.get(place);
  }

  /** As a tuple. */
  *#frozenSet(members: Set<unknown>, key: boolean): Steps {
    this.#out.op(Op.MARK);
    const before = this.#begin(members);
    for (const member of members) {
      const steps = this.#write(member, true);
      if (steps) yield steps;
    }
    this.#end(members, before);
    const place = (key ? this.#keyMemo : this.#memo).get(members);
    if (place === undefined) {
      this.#out.op(Op.FROZENSET);
      return this.#memoize(members, key ? "key" : "value");
    }
    this.#out.op(Op.POP_MARK);
    this.#out.get(place);
  }

  *#reduction(value: object, reduction: Reduction): Steps {
    const { global, args, state, newobj = false } = reduction;
    this.#out.global(global.module, global.name);
    const before = this.#begin(value);
    yield this.#tuple([], args, false);
    this.#end(value, before);
    this.#out.op(newobj ? Op.NEWOBJ : Op.REDUCE);
    const place = this.#memo.get(value);
    if (place !== undefined) {
      this.#out.op(Op.POP);
      return this.#out.get(place);
    }
    this.#memoize(value, value instanceof PyByteArray ? "value" : "both");
    if (state === undefined) return;
    const steps = this.#write(state, false);
    if (steps) yield steps;
    this.#out.op(Op.BUILD);
  }

  /** An object that is begun a second time must come by way of one that has a place. */
  #begin(value: object): number | undefined {
    const before = this.#unfinished.get(value);
    if (before === this.#out.memoized) throw tooDeep();
    this.#unfinished.set(value, this.#out.memoized);
    return before;
  }

  #end(value: object, before: number | undefined): void {
    if (before === undefined) this.#unfinished.delete(value);
    else this.#unfinished.set(value, before);
  }
}

/** The reduction of an object of our own classes; undefined for plain data. */
function reduceKnown(value: object, key: boolean): Reduction | PyGlobal | undefined {
  if (value instanceof PyGlobal) return value;
  if (value instanceof PyObject) {
    const { global, args, state } = value;
    return { global, args, newobj: true, ...(state === undefined ? {} : { state }) };
  }
  if (value instanceof PySlice) {
    const args = [value.start, value.stop, value.step];
    return { global: new PyGlobal("builtins", "slice"), args };
  }
  if (value instanceof PyByteArray && !key) {
    const global = new PyGlobal("builtins", "bytearray");
    return { global, args: value.length === 0 ? [] : [new Uint8Array(value)] };
  }
  if (isError(value)) return reduceError(value);
  if (ArrayBuffer.isView(value) && !isUint8Array(value)) {
    return reduceArray(value);
  }
  return reduceManaged(value);
}

function cannotPickle(value: object): Error {
  if (typeof value !== "function") {
    return new TypeError(`cannot pickle '${pythonTypeName(value)}' object`);
  }
  return new PicklingError(`Can't pickle ${repr(value)}: it is not known in Python`);
}

function tooDeep(): RecursionError {
  return new RecursionError(
    "maximum recursion depth exceeded while pickling an object",
  );
}

// ----------------------------------------------------------------- opcodes and operands
//
// Writes single opcodes and their operands: protocol 4, which every Python since 3.4 reads,
// without frames, which are optional.

/** The protocol that is written. */
const PROTOCOL = 4;

/** Bytes to begin with. */
const CAPACITY = 256;

/** Byte strings from this length on are copied only once, at the end. */
const LONG = 1 << 16;

/** Strings up to this length are written once, and referred to after that. */
const MAX_SHARED = 64;

/** Up to this length, a loop writes ASCII quicker than an encoder does. */
const SHORT = 32;

/** A pickle in the making. */
export class PickleOutput {
  readonly #out = new ByteWriter(CAPACITY, LONG);
  /** Short strings by their place in the memo. */
  readonly #strings = new Map<string, number>();
  /** Things in the memo. */
  #memoized = 0;

  constructor() {
    this.op(Op.PROTO);
    this.#uint(PROTOCOL, 1);
  }

  /** The number of things in the memo. */
  get memoized(): number {
    return this.#memoized;
  }

  op(opcode: number): void {
    this.#out.reserve(1);
    this.#out.buffer[this.#out.length++] = opcode;
  }

  /** Puts the last thing written into the memo; gives its place. */
  memoize(): number {
    this.op(Op.MEMOIZE);
    return this.#memoized++;
  }

  /** Refers to a place of the memo. */
  get(place: number): void {
    if (place < 256) this.#head(Op.BINGET, place, 1);
    else this.#head(Op.LONG_BINGET, place, 4);
  }

  /** An int, if the number is safe and not -0; else a float. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.float(value);
    else if (value >= 0 && value < 2 ** 8) this.#head(Op.BININT1, value, 1);
    else if (value >= 0 && value < 2 ** 16) this.#head(Op.BININT2, value, 2);
    else if (value === (value | 0)) this.#head(Op.BININT, value, 4);
    else this.bigint(BigInt(value));
  }

  float(value: number): void {
    this.op(Op.BINFLOAT);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    this.#out.append(bytes);
  }

  bigint(value: bigint): void {
    const bytes = intBytes(value);
    if (bytes.length < 256) this.#head(Op.LONG1, bytes.length, 1);
    else this.#head(Op.LONG4, bytes.length, 4);
    this.#out.append(bytes);
  }

  string(text: string): void {
    const place = this.#strings.get(text);
    if (place !== undefined) return this.get(place);
    if (!this.#ascii(text)) this.#text(encodeText(text));
    if (text.length <= MAX_SHARED) this.#strings.set(text, this.memoize());
  }

  /** A short string of ASCII; false if it is none. */
  #ascii(text: string): boolean {
    const { length } = text;
    if (length > SHORT) return false;
    const out = this.#out;
    out.reserve(length + 2);
    const { buffer } = out;
    const start = out.length + 2;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      buffer[start + i] = code;
    }
    buffer[start - 2] = Op.SHORT_BINUNICODE;
    buffer[start - 1] = length;
    out.length = start + length;
    return true;
  }

  #text(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length < 2 ** 8) this.#head(Op.SHORT_BINUNICODE, length, 1);
    else if (length < 2 ** 32) this.#head(Op.BINUNICODE, length, 4);
    else this.#head(Op.BINUNICODE8, length, 8);
    this.#out.append(bytes);
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length < 2 ** 8) this.#head(Op.SHORT_BINBYTES, length, 1);
    else if (length < 2 ** 32) this.#head(Op.BINBYTES, length, 4);
    else this.#head(Op.BINBYTES8, length, 8);
    this.#out.append(bytes);
  }

  /** A function or class. */
  global(module: string, name: string): void {
    this.string(module);
    this.string(name);
    this.op(Op.STACK_GLOBAL);
  }

  /** Ends the pickle, and tells its bytes. */
  finish(): Uint8Array {
    this.op(Op.STOP);
    return this.#out.take();
  }

  /** An opcode and a number of so many bytes, the last one first. */
  #head(opcode: number, value: number, size: number): void {
    this.op(opcode);
    this.#uint(value, size);
  }

  #uint(value: number, size: number): void {
    this.#out.reserve(size);
    for (let i = 0; i < size; i++) {
      this.#out.buffer[this.#out.length++] = i < 4
        ? value >>> 8 * i
        : value / 2 ** (8 * i);
    }
  }
}
