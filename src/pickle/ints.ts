/**
 * Integers of any size, as pickles hold them: two's complement, last byte first, as short
 * as can be; or decimal digits.
 *
 * @module
 */

import { UnpicklingError, ValueError } from "../python/errors.ts";

/** Bytes of an integer that is read at most: some runtimes' bigints end not far above. */
export const MAX_INT_BYTES = 100_000;

/** Decimal digits that are read at most; Python has the same limit. */
const MAX_DIGITS = 4300;

/** Up to this many bytes, any integer is a safe one. */
const SAFE_BYTES = 6;

const HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/**
 * The integer that some bytes hold: a number if it is safe, else a bigint. No bytes are 0.
 *
 * @throws {UnpicklingError} If there are more than {@linkcode MAX_INT_BYTES}.
 */
export function readInt(bytes: Uint8Array): number | bigint {
  const { length } = bytes;
  if (length > MAX_INT_BYTES) {
    throw new UnpicklingError(`an int has ${length} bytes, more than ${MAX_INT_BYTES}`);
  }
  if (length > SAFE_BYTES) return narrow(readBigInt(bytes));
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
  return length > 0 && bytes[length - 1]! > 127 ? value - 256 ** length : value;
}

function readBigInt(bytes: Uint8Array): bigint {
  const digits = new Array<string>(bytes.length);
  for (let i = 0; i < bytes.length; i++) digits[i] = HEX[bytes.at(-1 - i)!]!;
  return BigInt.asIntN(8 * bytes.length, BigInt("0x" + digits.join("")));
}

/**
 * The integer that decimal digits tell.
 *
 * @throws {ValueError} If there are too many digits.
 * @throws {UnpicklingError} If there is something else.
 */
export function parseInteger(text: string): number | bigint {
  if (!/^[+-]?\d+$/.test(text)) throw new UnpicklingError("invalid literal for int()");
  const digits = text.replace(/^[+-]/, "").length;
  if (digits > MAX_DIGITS) {
    throw new ValueError(
      `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion: ` +
        `value has ${digits} digits; ` +
        "use sys.set_int_max_str_digits() to increase the limit",
    );
  }
  return narrow(BigInt(text.replace(/^\+/, "")));
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The bytes that hold an integer: as few as can be, one for 0. */
export function intBytes(value: bigint): Uint8Array {
  const magnitude = (value < 0n ? ~value : value).toString(16);
  const bits = 4 * (magnitude.length - 1) + bitLength(parseInt(magnitude[0]!, 16));
  const bytes = new Uint8Array((bits >> 3) + 1);
  const flip = value < 0n ? 0xff : 0;
  for (let i = 0; i < bytes.length; i++) {
    const end = magnitude.length - 2 * i;
    bytes[i] = parseInt(magnitude.slice(Math.max(0, end - 2), end) || "0", 16) ^ flip;
  }
  return bytes;
}

function bitLength(digit: number): number {
  return 32 - Math.clz32(digit);
}
