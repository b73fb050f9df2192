/**
 * Values to elements and back, as C and ctypes do it: integers wrap, `float` rounds, and
 * what is of another type is refused in ctypes' words.
 *
 * What differs from Python: a number without a fraction is an integer, as `2.0` is in
 * JavaScript. Integers of 64 bits come as numbers as far as these are exact, and else as
 * bigints.
 *
 * @module
 */
import { isTrue } from "../python/numbers.ts";
import { isUint8Array } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { OverflowError, ValueError } from "../python/errors.ts";
import type { Scalar } from "./memory.ts";

/** How a type's values are written and read. */
export interface Conversion<V> {
  /** @throws {TypeError | OverflowError} if it cannot be such a value */
  toElement(value: unknown): Scalar;
  /** @throws {ValueError} if it is not one */
  toValue(element: Scalar): V;
}

/** Integers of up to 32 bits. */
export const small: Conversion<number> = {
  // The typed array takes the lowest bits of it.
  toElement: (value) =>
    Number.isSafeInteger(value)
      ? value as number
      : Number(BigInt.asIntN(32, asBigInt(value))),
  toValue: (element) => element as number,
};

/** Integers of 64 bits: the typed array takes the lowest ones. */
export const large: Conversion<number | bigint> = {
  toElement: asBigInt,
  toValue(element) {
    const number = Number(element);
    return Number.isSafeInteger(number) ? number : element;
  },
};

function asBigInt(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean" || Number.isInteger(value)) {
    return BigInt(value as number);
  }
  const type = typeof value === "number" ? "float" : pythonTypeName(value);
  throw new TypeError(`'${type}' object cannot be interpreted as an integer`);
}

/** `float` and `double`. */
export const real: Conversion<number> = {
  toElement(value) {
    if (typeof value === "number") return value;
    if (typeof value === "boolean") return Number(value);
    if (typeof value !== "bigint") {
      throw new TypeError(`must be real number, not ${pythonTypeName(value)}`);
    }
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    throw new OverflowError("int too large to convert to float");
  },
  toValue: (element) => element as number,
};

/** `char`: one byte. */
export const character: Conversion<Uint8Array<ArrayBuffer>> = {
  toElement(value) {
    if (isUint8Array(value) && value.length === 1) return value[0]!;
    const number = typeof value === "number"
      ? value
      : isNumeric(value)
      ? Number(value)
      : NaN;
    if (Number.isInteger(number) && number >= 0 && number < 256) return number;
    throw new TypeError("one character bytes, bytearray or integer expected");
  },
  toValue: (element) => Uint8Array.of(element as number),
};

function isNumeric(value: unknown): value is bigint | boolean {
  return typeof value === "bigint" || typeof value === "boolean";
}

/** `wchar_t`: one code point, or one UTF-16 unit where it has two bytes. */
export function wideCharacter(size: number): Conversion<string> {
  return {
    toElement(value) {
      const text = checkText(value);
      const point = text.codePointAt(0);
      const length = size === 2 || point === undefined || point < 0x10000 ? 1 : 2;
      if (text.length === length && point !== undefined) return point;
      throw new TypeError("one character unicode string expected");
    },
    toValue: (element) => textOf(element as number),
  };
}

/** @throws {TypeError} if it is no text */
export function checkText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(
    `unicode string expected instead of ${pythonTypeName(value)} instance`,
  );
}

/** The text of a code point. */
export function textOf(point: number): string {
  if (point <= 0x10ffff) return String.fromCodePoint(point);
  const digits = point.toString(16);
  throw new ValueError(`character U+${digits} is not in range [U+0000; U+10ffff]`);
}

/** `_Bool`: whether Python takes a value for true. */
export const truth: Conversion<boolean> = {
  toElement: (value) => Number(isTrue(value)),
  toValue: (element) => element !== 0,
};
