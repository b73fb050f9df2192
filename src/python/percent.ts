/**
 * Python's `template % args`, as log messages use it. Pure.
 *
 * What differs from Python: a whole number is an `int`; `%a` is `%r`.
 *
 * @module
 */

import { isMap } from "../runtime/brands.ts";
import { exponential, fixed } from "./decimal.ts";
import { KeyError, ValueError } from "./errors.ts";
import { ascii, isPlain, pythonTypeName, repr, str } from "./repr.ts";

/** One conversion of a template. */
interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** `%`, (key), flags, width, precision, length modifier (ignored), type. */
const CONVERSION =
  /%(?:\((?<key>[^)]*)\))?(?<flags>[-+ 0#]*)(?<width>\*|\d+)?(?<dot>\.(?<precision>\*|\d+)?)?[hlL]?(?<type>[^])?/g;

/**
 * Fills a template: text with the conversions `%s %r %d %i %x %o %e %f %g %c %%`, with
 * Python's flags, width, precision and keys: `%-8s`, `%05.2f`, `%(name)s`.
 *
 * @param args One value for each conversion; or one object literal or `Map` for the keys.
 * @throws {TypeError} Too many or too few values, or one of the wrong type.
 * @throws {KeyError} A key that the object does not have.
 * @throws {ValueError} An unknown or unfinished conversion.
 */
export function percent(template: string, args: readonly unknown[]): string {
  const mapping = args.length === 1 ? asMapping(args[0]) : undefined;
  let used = 0;
  const next = (): unknown => {
    if (used >= args.length) {
      throw new TypeError("not enough arguments for format string");
    }
    return args[used++];
  };
  const text = template.replaceAll(CONVERSION, (...match: unknown[]) => {
    const groups = match.at(-1) as Record<string, string | undefined>;
    const { key, type } = groups;
    if (type === undefined) throw new ValueError("incomplete format");
    const conversion = read(groups, type, next);
    if (type === "%") return "%";
    const value = key === undefined ? next() : lookUp(mapping, key);
    return pad(convert(conversion, value, Number(match.at(-3))), conversion);
  });
  if (used < args.length && mapping === undefined) {
    throw new TypeError("not all arguments converted during string formatting");
  }
  return text;
}

function asMapping(value: unknown): ReadonlyMap<unknown, unknown> | undefined {
  if (isMap(value)) return value;
  return isPlain(value) ? new Map(Object.entries(value)) : undefined;
}

function lookUp(
  mapping: ReadonlyMap<unknown, unknown> | undefined,
  key: string,
): unknown {
  if (mapping === undefined) throw new TypeError("format requires a mapping");
  if (!mapping.has(key)) throw new KeyError(key);
  return mapping.get(key);
}

function read(
  groups: Record<string, string | undefined>,
  type: string,
  next: () => unknown,
): Conversion {
  const { flags = "", width = "0", dot, precision = "0" } = groups;
  const space = width === "*" ? star(next()) : Number(width);
  const digits = precision === "*" ? star(next()) : Number(precision);
  return {
    flags: space < 0 ? `${flags}-` : flags,
    width: Math.abs(space),
    precision: dot === undefined ? undefined : Math.max(digits, 0),
    type,
  };
}

function star(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new TypeError("* wants int");
}

/** The value without padding; a number's sign comes first. */
function convert(conversion: Conversion, value: unknown, index: number): string {
  const { type, precision } = conversion;
  switch (type) {
    case "s":
      return cut(str(value), precision);
    case "r":
      return cut(repr(value), precision);
    case "a":
      return cut(ascii(value), precision);
    case "c":
      return character(value);
    case "d":
    case "i":
    case "u":
    case "o":
    case "x":
    case "X":
      return withSign(
        showInteger(asInteger(value, conversion), conversion),
        conversion,
      );
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return withSign(showFloat(asFloat(value), conversion), conversion);
    default: {
      const code = type.charCodeAt(0).toString(16);
      throw new ValueError(
        `unsupported format character '${type}' (0x${code}) at index ${index + 1}`,
      );
    }
  }
}

function character(value: unknown): string {
  if (typeof value === "number") return String.fromCodePoint(value);
  if (typeof value === "string" && Array.from(value).length === 1) return value;
  throw new TypeError("%c requires int or char");
}

function asInteger(value: unknown, { type }: Conversion): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return BigInt(value);
  const decimal = type === "d" || type === "i" || type === "u";
  if (typeof value === "number" && (decimal || Number.isInteger(value))) {
    if (Number.isNaN(value)) {
      throw new ValueError("cannot convert float NaN to integer");
    }
    return BigInt(Math.trunc(value));
  }
  const wanted = decimal ? "a real number" : "an integer";
  throw new TypeError(
    `%${type} format: ${wanted} is required, not ${pythonTypeName(value)}`,
  );
}

function asFloat(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  throw new TypeError(`must be real number, not ${pythonTypeName(value)}`);
}

function showInteger(value: bigint, conversion: Conversion): string {
  const { flags, precision = 0, type } = conversion;
  const base = type === "o" ? 8 : type === "x" || type === "X" ? 16 : 10;
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision, "0");
  const prefix = flags.includes("#") && base !== 10 ? (base === 8 ? "0o" : "0x") : "";
  const text = prefix + digits;
  return sign + (type === "X" ? text.toUpperCase() : text);
}

function showFloat(value: number, { type, precision = 6, flags }: Conversion): string {
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
    return type < "a" ? text.toUpperCase() : text;
  }
  const kind = type.toLowerCase();
  const keepsPoint = flags.includes("#");
  const size = Math.abs(value);
  const text = kind === "f"
    ? withPoint(fixed(size, precision), keepsPoint)
    : kind === "e"
    ? inExponents(size, precision, keepsPoint)
    : general(size, Math.max(precision, 1), keepsPoint);
  const signed = value < 0 || Object.is(value, -0) ? `-${text}` : text;
  return type < "a" ? signed.toUpperCase() : signed;
}

function withPoint(text: string, keepsPoint: boolean): string {
  return keepsPoint && !text.includes(".") ? `${text}.` : text;
}

/** `%e`: exponents have two digits at least. */
function inExponents(value: number, precision: number, keepsPoint: boolean): string {
  const [digits, exponent] = exponential(value, precision);
  const mantissa = precision === 0 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return withPoint(mantissa, keepsPoint) + power(exponent);
}

function power(exponent: number): string {
  const digits = `${Math.abs(exponent)}`.padStart(2, "0");
  return `e${exponent < 0 ? "-" : "+"}${digits}`;
}

/** `%g`: the shorter of fixed and exponential, without trailing zeros. */
function general(value: number, precision: number, keepsZeros: boolean): string {
  const drop = keepsZeros ? (text: string) => withPoint(text, true) : dropZeros;
  const [digits, exponent] = exponential(value, precision - 1);
  if (exponent >= -4 && exponent < precision) {
    return drop(fixed(value, precision - 1 - exponent));
  }
  const mantissa = precision === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return drop(mantissa) + power(exponent);
}

/** Drops the zeros at the end of a fraction, and the point if no digit is left. */
function dropZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function withSign(text: string, { flags }: Conversion): string {
  if (text.startsWith("-")) return text;
  return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

function pad(text: string, { flags, width, type }: Conversion): string {
  width += text.length - lengthOf(text);
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || "srac".includes(type)) return text.padStart(width);
  const head = /^[-+ ]?(0[xXoO])?/.exec(text)?.[0] ?? "";
  return head + text.slice(head.length).padStart(width - head.length, "0");
}

/** Python counts characters, JavaScript halves of those beyond the first 65,536. */
function lengthOf(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

function cut(text: string, precision: number | undefined): string {
  if (precision === undefined || text.length <= precision) return text;
  return Array.from(text).slice(0, precision).join("");
}
