/**
 * How a `ShareableList` holds a value: the formats of CPython's `struct` and the codes by
 * which a value is made again.
 *
 * | value | format | code |
 * | --- | --- | --- |
 * | a whole number (or a bigint) of 64 bits | `q` | 0 |
 * | another number | `d` | 0 |
 * | a boolean | `xxxxxxx?` | 0 |
 * | a text | `16s`, say: eight bytes more for each eight characters | 1 |
 * | bytes | the same for each eight bytes | 2 |
 * | null | `xxxxxx?x` | 3 |
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { KeyError, StructError, ValueError } from "../python/errors.ts";
import type { Cells } from "./cells.ts";

/** What a `ShareableList` may hold. */
export type ShareableValue = number | bigint | boolean | string | Uint8Array | null;

/** Bytes of the smallest slot. */
export const SLOT = 8;

const INTEGER = "q";
const FLOAT = "d";
const BOOLEAN = "xxxxxxx?";
const NONE = "xxxxxx?x";
/** The place of the byte in {@linkcode BOOLEAN} and {@linkcode NONE}. */
const BYTE_AT: Record<string, number> = { [BOOLEAN]: 7, [NONE]: 6 };

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;

/** Stands for a class in the text of a `KeyError`. */
class ClassName {
  readonly #name: string;
  constructor(value: unknown) {
    this.#name = typeof value === "symbol" ? "symbol" : pythonTypeName(value);
  }
  toString(): string {
    return `<class '${this.#name}'>`;
  }
}

/** A value that is to be written: what it takes, and what it is written as. */
export interface Packed {
  /** Undefined for texts and bytes, whose format depends on the slot. */
  readonly format: string | undefined;
  /** By which it is made again. */
  readonly code: number;
  /** How many bytes it takes in a list that is made with it. */
  readonly length: number;
  readonly content: bigint | number | boolean | Uint8Array | null;
}

/**
 * Looks at a value.
 *
 * @throws {KeyError} `<class 'list'>`: it cannot be held
 */
export function pack(value: unknown): Packed {
  if (typeof value === "string") {
    const content = new TextEncoder().encode(value);
    return { format: undefined, code: 1, length: slotFor([...value].length), content };
  }
  if (isUint8Array(value)) {
    const length = slotFor(value.length);
    return { format: undefined, code: 2, length, content: value.slice() };
  }
  if (value === null || value === undefined) {
    return { format: NONE, code: 3, length: SLOT, content: null };
  }
  switch (typeof value) {
    case "boolean":
      return { format: BOOLEAN, code: 0, length: SLOT, content: value };
    case "bigint":
      return { format: INTEGER, code: 0, length: SLOT, content: value };
    case "number":
      return isInteger(value)
        ? { format: INTEGER, code: 0, length: SLOT, content: BigInt(value) }
        : { format: FLOAT, code: 0, length: SLOT, content: value };
  }
  throw new KeyError(new ClassName(value));
}

/** What Python would have as an `int`, as far as it fits. */
function isInteger(value: number): boolean {
  return Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 2 ** 63;
}

/** As many whole slots as hold that, and one byte more. */
function slotFor(length: number): number {
  return SLOT * (Math.floor(length / SLOT) + 1);
}

/** @throws {StructError} if the integer does not fit */
export function checkRange({ content }: Packed): void {
  if (typeof content === "bigint" && (content < SMALLEST || content > LARGEST)) {
    throw new StructError(
      `'q' format requires ${SMALLEST} <= number <= ${LARGEST}`,
    );
  }
}

/** The format of a text or bytes in a slot. */
export function textFormat(length: number): string {
  return `${length}s`;
}

/** How many bytes a format takes; undefined if no list has such a one. */
function textLength(format: string): number | undefined {
  const [, digits] = /^(\d{1,7})s$/.exec(format) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a format is that of texts and bytes. */
export function isText(format: string): boolean {
  return format.endsWith("s");
}

/** Writes a value in a slot that is large enough. */
export function write(
  cells: Cells,
  at: number,
  format: string,
  { content }: Packed,
): void {
  if (typeof content === "bigint") cells.setInteger(at, content);
  else if (typeof content === "number") cells.setFloat(at, content);
  else if (isUint8Array(content)) {
    cells.setBytes(at, content, textLength(format)!);
  } else {
    const bytes = new Uint8Array(SLOT);
    bytes[BYTE_AT[format]!] = content ? 1 : 0;
    cells.setBytes(at, bytes, SLOT);
  }
}

/**
 * Reads a value.
 *
 * @throws {StructError} if the memory holds what no list has
 */
export function read(
  cells: Cells,
  at: number,
  format: string,
  code: number,
): ShareableValue {
  if (code === 3) return null;
  const content = readContent(cells, at, format);
  if (code === 0 && !isUint8Array(content)) return content;
  if (!isUint8Array(content) || (code !== 1 && code !== 2)) {
    throw new StructError("bad char in struct format");
  }
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end--;
  const bytes = content.slice(0, end);
  return code === 2 ? bytes : decode(bytes);
}

function readContent(
  cells: Cells,
  at: number,
  format: string,
): number | bigint | boolean | Uint8Array {
  if (format === INTEGER) {
    const value = cells.integer(at);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (format === FLOAT) return cells.float(at);
  const place = BYTE_AT[format];
  if (place !== undefined) return cells.bytes(at, SLOT)[place] !== 0;
  const length = textLength(format);
  if (length !== undefined && at + length <= cells.size) return cells.bytes(at, length);
  throw new StructError("bad char in struct format");
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    const text = "'utf-8' codec can't decode the item: it was cut off, or is no text";
    throw new ValueError(text, { cause: error });
  }
}

/** Whether two values are equal as Python has it: `True == 1 == 1.0`. */
export function isEqual(first: unknown, second: unknown): boolean {
  if (isUint8Array(first) && isUint8Array(second)) {
    return first.length === second.length &&
      first.every((byte, i) => byte === second[i]);
  }
  if (isNumeric(first) && isNumeric(second)) {
    // deno-lint-ignore eqeqeq -- a bigint equals a number by value only so
    return asNumeric(first) == asNumeric(second);
  }
  return first === second || ((first ?? null) === null && (second ?? null) === null);
}

function isNumeric(value: unknown): value is number | bigint | boolean {
  return ["number", "bigint", "boolean"].includes(typeof value);
}

function asNumeric(value: number | bigint | boolean): number | bigint {
  return typeof value === "boolean" ? Number(value) : value;
}
