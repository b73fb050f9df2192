/**
 * Goes through the bytes of a pickle. Every length is compared with what is left before
 * anything is made of it.
 *
 * @module
 */

import { UnpicklingError } from "../../python/errors.ts";
import { plainBytes } from "../bytes.ts";

/** Reads a pickle's bytes one after the other. */
export class Cursor {
  readonly bytes: Uint8Array;
  /** Where the next byte is. */
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

  /** 8 bits. */
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
