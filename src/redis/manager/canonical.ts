/**
 * What equal values have in common, as text: the server finds keys, members and elements by it,
 * without knowing what the payloads mean.
 *
 * Values are equal as in Python: 1, 1.0 and true; a list and a tuple of equal elements, as one
 * stands for the other; dicts and sets in any order. Two instances of a class, two functions,
 * and all else that has no such rule, are equal if their payloads are: what is sent of them.
 * (A manager's own server knows which object is which, and has them equal to themselves only.)
 *
 * @module
 */
import { isMap, isSet, isUint8Array } from "../../runtime/brands.ts";
import { hmac } from "../../runtime/hmac.ts";
import { hashable, isNumeric, pairsOf } from "../../managers/types/python_values.ts";
import { dumps, PendingPayload } from "../../reduction/mod.ts";

/** The text of a value cannot be told before the module of a function is found. */
export class NotYet {
  /** Resolves when it is. */
  readonly found: Promise<unknown>;

  constructor(found: Promise<unknown>) {
    this.found = found;
  }
}

const latin1 = new TextDecoder("latin1");
const encoder = new TextEncoder();

/** The depth up to which values are equal to others, as in a manager's server. */
const MAX_DEPTH = 100;

/** Parts of a value beyond which its payload is compared. */
const MAX_PARTS = 100_000;

/** Half of a pair of UTF-16 units, which UTF-8 does not have. */
const LONE = /[\ud800-\udfff]/u;

/**
 * The text of a key of a dict, or of a member of a set.
 *
 * @throws {TypeError} for a value without a hash
 * @throws {NotYet}
 */
export function keyText(key: unknown): string {
  const hash = hashable(key);
  switch (typeof hash) {
    case "string":
      return LONE.test(hash) ? `u${JSON.stringify(hash)}` : `s${hash}`;
    case "number":
    case "bigint":
      return `n${hash}`;
    default:
      return hash === null ? "z" : payloadText(hash);
  }
}

/** The key that a text stands for, if that is all that there is to know of it. */
export function keyOfText(text: string): unknown {
  if (text.startsWith("s")) return text.slice(1);
  return text === "z" ? null : Number(text.slice(1));
}

/** Whether the text of a key says which it is. */
export function tellsAll(key: unknown): boolean {
  if (typeof key === "string") return !key.startsWith("\0") && !LONE.test(key);
  const isNumber = typeof key === "number" && !Object.is(key, -0) &&
    (!Number.isInteger(key) || Number.isSafeInteger(key));
  return isNumber || key === null || key === undefined;
}

/** Errors of values that cannot be sent: they are thrown at the call. */
const unsendable = new WeakSet<object>();

/** Whether an error says that a value cannot be sent. */
export function isUnsendable(error: unknown): boolean {
  return typeof error === "object" && error !== null && unsendable.has(error);
}

/** Calls a function that encodes a value, and remembers its errors for the above. */
export function sending<T>(encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    unsendable.add(error as object);
    throw error;
  }
}

/** What a payload looks like as text. @throws {NotYet} */
function payloadText(value: unknown): string {
  const payload = sending(() => dumps(value));
  if (payload instanceof PendingPayload) throw new NotYet(payload.resolve());
  return `p${latin1.decode(payload)}`;
}

/**
 * What equal elements of lists have in common: short, and without spaces.
 *
 * @throws {NotYet}
 */
export function markOf(value: unknown): string {
  const text = new Canonical().textOf(value);
  if (/^[!-~]{1,32}$/.test(text)) return text;
  const digest = hmac("sha256", encoder.encode("mark"), encoder.encode(text))!;
  return `h${
    Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0"))
      .join("")
  }`;
}

/** The texts of a value and its parts. */
class Canonical {
  #parts = 0;

  textOf(value: unknown): string {
    const text = this.#textOf(value, 0);
    return this.#parts > MAX_PARTS ? payloadText(value) : text;
  }

  #textOf(value: unknown, depth: number): string {
    if (++this.#parts > MAX_PARTS) return "";
    if (depth > MAX_DEPTH || Number.isNaN(value)) return `x${crypto.randomUUID()}`;
    if (typeof value === "string") {
      return LONE.test(value)
        ? `u${JSON.stringify(value)}`
        : `s${value.length}:${value}`;
    }
    if (isNumeric(value)) return `n${numberText(value)};`;
    if (value === null || value === undefined) return "z";
    const textOf = (part: unknown) => this.#textOf(part, depth + 1);
    if (Array.isArray(value)) return `(${value.map(textOf).join("")})`;
    if (isUint8Array(value)) return `b${value.length}:${latin1.decode(value)}`;
    if (isSet(value)) return `<${[...value].map(textOf).sort().join("")}>`;
    const pairs = isMap(value) || typeof value === "object"
      ? pairsOf(value)
      : undefined;
    if (pairs === undefined) return payloadText(value);
    const texts = [...pairs].map(([key, value]) => textOf(key) + textOf(value));
    return `{${texts.sort().join("")}}`;
  }
}

/** The same text for numbers that are equal. */
function numberText(value: number | bigint | boolean): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}
