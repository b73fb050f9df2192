/**
 * Reads over bytes from another process before cbor-x does, and refuses what this
 * package never writes: tags (by which cbor-x can be made to spend time and memory out
 * of proportion), byte strings within a body, lengths that exceed the bytes, nesting
 * without end. What has passed cannot make cbor-x fail.
 *
 * @module
 */

import { UnpicklingError } from "../python/errors.ts";
import { MAX_DEPTH } from "./codes.ts";

/** How many items are still to come at each level; no user code runs during a scan. */
const pending = new Float64Array(MAX_DEPTH + 2);

/** Whether the items of a level are keys and values in turn. */
const isMap = new Uint8Array(MAX_DEPTH + 2);

/** Length of the bytes that follow an additional-information value, by that value. */
const ARGUMENT_BYTES = [1, 2, 4, 8] as const;

/** The error for bytes that no process of this package has written. */
export function malformed(why: string): UnpicklingError {
  return new UnpicklingError(`malformed data: ${why}`);
}

/** The error for bytes that end too early. */
export function truncated(): UnpicklingError {
  return new UnpicklingError("pickle data was truncated");
}

/** Reads a big-endian unsigned integer of 1, 2, 4 or 8 bytes. */
export function readUint(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) throw truncated();
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 256 + bytes[i]!;
  return value;
}

/** Throws UnpicklingError unless the bytes are exactly one item that cbor-x may read. */
export function scan(bytes: Uint8Array): void {
  const end = bytes.length;
  let at = 0;
  let depth = 0;
  pending[0] = 1;
  while (true) {
    while (pending[depth] === 0) {
      if (depth-- === 0) {
        if (at < end) throw malformed("extra bytes at the end");
        return;
      }
    }
    if (at >= end) throw truncated();
    const head = bytes[at++]!;
    if (isMap[depth] === 1 && pending[depth]! % 2 === 0 && head >> 5 !== 3) {
      throw malformed("a key that is no text");
    }
    pending[depth]!--;
    const information = head & 0x1f;
    let argument = information;
    if (information > 23) {
      if (information > 27) throw malformed(`unexpected byte ${head}`);
      const length = ARGUMENT_BYTES[information - 24]!;
      argument = readUint(bytes, at, length);
      at += length;
    }
    switch (head >> 5) {
      case 0:
      case 1:
        break;
      case 3:
        at += argument;
        if (at > end) throw truncated();
        break;
      case 4:
      case 5:
        if (head >= 0xa0) argument *= 2;
        if (argument > end - at) throw truncated();
        if (++depth > MAX_DEPTH) throw malformed("nested too deeply");
        pending[depth] = argument;
        isMap[depth] = head >= 0xa0 ? 1 : 0;
        break;
      case 7:
        if (information < 20 || information === 24) {
          throw malformed(`unexpected byte ${head}`);
        }
        break;
      default:
        throw malformed(`unexpected byte ${head}`);
    }
  }
}
