/**
 * Reads single numbers, booleans and short texts by hand: most payloads are one, and
 * cbor-x takes several times as long to get ready.
 *
 * @module
 */

import { malformed, readUint, truncated } from "./scan.ts";

const scratch = new DataView(new ArrayBuffer(8));

/** Texts of up to this many bytes are read here, if they are ASCII. */
const SHORT = 24;

/**
 * The value of a payload that is a scalar.
 *
 * @returns {@linkcode readScalar} itself (which no payload can contain) if it is not.
 */
export function readScalar(bytes: Uint8Array): unknown {
  const head = bytes[0]!;
  const information = head & 0x1f;
  switch (head >> 5) {
    case 0:
    case 1:
      return readInteger(bytes, head >> 5 === 1, information);
    case 3:
      return information < SHORT ? readText(bytes, information) : readScalar;
    case 7:
      return readSimple(bytes, information);
    default:
      return readScalar;
  }
}

function expectLength(bytes: Uint8Array, length: number): void {
  if (bytes.length < length) throw truncated();
  if (bytes.length > length) throw malformed("extra bytes at the end");
}

function readInteger(
  bytes: Uint8Array,
  negative: boolean,
  information: number,
): number | bigint {
  if (information < 24) {
    expectLength(bytes, 1);
    return negative ? -1 - information : information;
  }
  if (information > 27) throw malformed(`unexpected byte ${bytes[0]}`);
  const length = 1 << (information - 24);
  expectLength(bytes, 1 + length);
  if (length === 8) {
    const value = BigInt(readUint(bytes, 1, 4)) << 32n | BigInt(readUint(bytes, 5, 4));
    return negative ? -1n - value : value;
  }
  const value = readUint(bytes, 1, length);
  return negative ? -1 - value : value;
}

function readText(bytes: Uint8Array, length: number): unknown {
  expectLength(bytes, 1 + length);
  let text = "";
  for (let i = 1; i <= length; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7f) return readScalar;
    text += String.fromCharCode(byte);
  }
  return text;
}

function readSimple(bytes: Uint8Array, information: number): unknown {
  switch (information) {
    case 20:
    case 21:
      expectLength(bytes, 1);
      return information === 21;
    case 22:
      expectLength(bytes, 1);
      return null;
    case 23:
      expectLength(bytes, 1);
      return undefined;
    case 27:
      expectLength(bytes, 9);
      for (let i = 0; i < 8; i++) scratch.setUint8(i, bytes[i + 1]!);
      return scratch.getFloat64(0);
    default:
      return readScalar;
  }
}
