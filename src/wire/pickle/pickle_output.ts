/**
 * Writes single opcodes and their operands: what every Python since 3.4 reads (protocol
 * 4, without frames, which are optional).
 *
 * @module
 */

import { ByteWriter } from "../bytes.ts";
import { intBytes } from "./ints.ts";
import { Op } from "./opcodes.ts";
import { encodeText } from "./text.ts";

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

  /** Begins with the protocol. */
  constructor() {
    this.op(Op.PROTO);
    this.#uint(PROTOCOL, 1);
  }

  /** How many things are in the memo. */
  get memoized(): number {
    return this.#memoized;
  }

  /** An opcode. */
  op(opcode: number): void {
    this.#out.reserve(1);
    this.#out.buffer[this.#out.length++] = opcode;
  }

  /** Puts what was written last into the memo, and tells its place. */
  memoize(): number {
    this.op(Op.MEMOIZE);
    return this.#memoized++;
  }

  /** What is at a place of the memo. */
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

  /** A float. */
  float(value: number): void {
    this.op(Op.BINFLOAT);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    this.#out.append(bytes);
  }

  /** An int. */
  bigint(value: bigint): void {
    const bytes = intBytes(value);
    if (bytes.length < 256) this.#head(Op.LONG1, bytes.length, 1);
    else this.#head(Op.LONG4, bytes.length, 4);
    this.#out.append(bytes);
  }

  /** A str. */
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

  /** A bytes object. */
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
