/**
 * Python's `repr()`, `str()` and `type(x).__name__` for JavaScript values, for error texts
 * and exit messages. Pure; imports nothing.
 *
 * What differs from Python: there are no addresses (`<function f>`, `<Work object>`),
 * a whole number is an `int` (JavaScript has no `2.0`), a plain object and a `Map` are
 * `dict`s, `undefined` is `None`. A text is bounded: a value that holds the same list many
 * times, in itself or in others, ends in `...`, where Python would go on for ever.
 *
 * @module
 */

import { isError, isMap, isSet, isUint8Array } from "../runtime/brands.ts";

/** Python's names of the built-in constructors. */
const CONSTRUCTOR_NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [Array, "list"],
  [BigInt, "int"],
  [Boolean, "bool"],
  [Error, "Exception"],
  [Function, "function"],
  [Map, "dict"],
  [Number, "float"],
  [Object, "dict"],
  [Set, "set"],
  [String, "str"],
  [Uint8Array, "bytes"],
]);

/** Deeper values are shown as `...`, so that making an error text cannot fail itself. */
const MAX_DEPTH = 100;

/** Elements of one text that are shown because their container is shown again. */
const MAX_AGAIN = 100_000;

/** Approximate limit of characters of one text. */
const MAX_TEXT = 1 << 23;

/** Arguments that a call may have on each runtime. */
const MAX_ARGUMENTS = 8192;

/** Stands for the omitted rest. */
const REST = "...";

/** Marks a value that must never be shown, such as the bytes of a key. */
export const HIDDEN: unique symbol = Symbol("hidden");

/** The remaining room of a text. */
interface Budget {
  /** Containers whose elements are counted in `elements`. */
  readonly seen: Set<object>;
  /** Elements left: those of each container once, and {@linkcode MAX_AGAIN}. */
  elements: number;
  /** Characters left. */
  text: number;
  /** Number of nested calls that make a part of this text. */
  depth: number;
}

/** The budget of the text in the making: a `toString` may call for a part of it. */
let current: Budget | undefined;

/**
 * Python's `type(x).__name__`: `str`, `int`, `float`, `bool`, `NoneType`, `list`, `dict`,
 * `set`, `bytes`, `function`, `type` for a class, or the name of the value's class.
 */
export function pythonTypeName(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "number":
      return Number.isInteger(value) && !Object.is(value, -0) ? "int" : "float";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    case "undefined":
      return "NoneType";
    case "function":
      return isClass(value) ? "type" : "function";
    case "symbol":
      return "symbol";
    default:
      return value === null ? "NoneType" : objectTypeName(value as object);
  }
}

function objectTypeName(value: object): string {
  if (Array.isArray(value)) return "list";
  const constructor = constructorOf(value);
  if (constructor === undefined) return GENERATORS.get(toStringTag(value)) ?? "dict";
  return CONSTRUCTOR_NAMES.get(constructor) ?? (constructor.name || "object");
}

/** Python's names for what has no class of its own. */
const GENERATORS: ReadonlyMap<unknown, string> = new Map([
  ["Generator", "generator"],
  ["AsyncGenerator", "async_generator"],
]);

function toStringTag(value: object): unknown {
  return (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
}

/** The class of an object; undefined for one without a prototype. */
function constructorOf(value: object): { readonly name: string } | undefined {
  const constructor = Object.getPrototypeOf(value)?.constructor;
  return typeof constructor === "function" ? constructor : undefined;
}

function isClass(value: unknown): boolean {
  return CONSTRUCTOR_NAMES.has(value) ||
    /^class\b/.test(Function.prototype.toString.call(value));
}

/** Python's `str()`: a string itself, an error's message, else {@linkcode repr}. */
export function str(value: unknown): string {
  if (typeof value === "string") return value;
  if (isError(value)) return value.message;
  return repr(value);
}

/**
 * Python's `repr()`: `None`, `True`, `'text'`, `b'\x00'`, `[1, 2.5]`, `{'a': 1}`,
 * `ValueError('boom')`; a container within itself is `[...]` or `{...}`.
 */
export function repr(value: unknown): string {
  return bounded((budget) => show(value, [], budget));
}

/** Makes a text within a new budget, or a part of the present text within its budget. */
function bounded(make: (budget: Budget) => string): string {
  const outer = current;
  const budget = outer ??
    { seen: new Set(), elements: MAX_AGAIN, text: MAX_TEXT, depth: 0 };
  if (budget.depth >= MAX_DEPTH) return REST;
  current = budget;
  budget.depth++;
  try {
    return make(budget);
  } finally {
    budget.depth--;
    current = outer;
  }
}

/** Values as Python shows a tuple of them: `()`, `(1,)`, `(1, 2)`. */
export function reprTuple(values: readonly unknown[]): string {
  const items = bounded((budget) => showItems(values, values.length, [], budget));
  return values.length === 1 ? `(${items},)` : `(${items})`;
}

/** The text of a value; `above` holds the containers around it. */
function show(value: unknown, above: object[], budget: Budget): string {
  const text = showAny(value, above, budget);
  budget.text -= text.length;
  return text;
}

function showAny(value: unknown, above: object[], budget: Budget): string {
  switch (typeof value) {
    case "string":
      return cut(value, budget, quote);
    case "number":
      return showNumber(value);
    case "boolean":
      return value ? "True" : "False";
    case "undefined":
      return "None";
    case "function":
      return showFunction(value);
    case "bigint":
    case "symbol":
      return String(value);
    default:
      return value === null ? "None" : showObject(value as object, above, budget);
  }
}

/** The text of a string or bytes, cut to the room that is left. */
function cut<T extends string | Uint8Array>(
  value: T,
  budget: Budget,
  showWhole: (value: T) => string,
): string {
  // A byte may take four characters.
  const room = Math.max(0, typeof value === "string" ? budget.text : budget.text >> 2);
  if (value.length <= room) return showWhole(value);
  return showWhole(value.slice(0, room) as T) + REST;
}

/** Elements, separated by commas, until the budget is used up. */
function showItems(
  items: Iterable<unknown>,
  count: number,
  inside: object[],
  budget: Budget,
  showOne: typeof show = show,
): string {
  const container = inside.at(-1);
  if (container !== undefined && !budget.seen.has(container)) {
    budget.seen.add(container);
    budget.elements += count;
  }
  const parts: string[] = [];
  for (const item of items) {
    if (budget.elements <= 0 || budget.text <= 0) {
      parts.push(REST);
      break;
    }
    budget.elements--;
    parts.push(showOne(item, inside, budget));
  }
  return parts.join(", ");
}

function showNumber(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const [digits = "0", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const sign = exponent < 0 ? "-" : "+";
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}

// deno-lint-ignore ban-types -- any function is shown by its name alone
function showFunction(value: Function): string {
  const known = CONSTRUCTOR_NAMES.get(value);
  if (known !== undefined || isClass(value)) return `<class '${known ?? value.name}'>`;
  return `<function ${value.name || "<lambda>"}>`;
}

function showObject(value: object, above: object[], budget: Budget): string {
  const open = Array.isArray(value) ? "[...]" : "{...}";
  if (above.includes(value)) return open;
  if (above.length >= MAX_DEPTH) return REST;
  const inside = [...above, value];
  if (Array.isArray(value)) {
    return `[${showItems(value, value.length, inside, budget)}]`;
  }
  if (isUint8Array(value)) {
    return HIDDEN in value ? String(value[HIDDEN]) : cut(value, budget, showBytes);
  }
  if (isMap(value)) return showPairs(value, value.size, inside, budget);
  if (isSet(value)) {
    if (value.size === 0) return "set()";
    return `{${showItems(value, value.size, inside, budget)}}`;
  }
  if (isError(value)) return showError(value, inside, budget);
  if (!isPlain(value)) return showInstance(value);
  const pairs = Object.entries(value);
  return showPairs(pairs, pairs.length, inside, budget);
}

function showPairs(
  pairs: Iterable<[unknown, unknown]>,
  count: number,
  inside: object[],
  budget: Budget,
): string {
  return `{${showItems(pairs, count, inside, budget, showPair)}}`;
}

function showPair(pair: unknown, inside: object[], budget: Budget): string {
  const [key, item] = pair as [unknown, unknown];
  return `${show(key, inside, budget)}: ${show(item, inside, budget)}`;
}

function showError(
  error: Error & { args?: unknown },
  inside: object[],
  budget: Budget,
): string {
  const { name, message } = error;
  if (name === "MaybeEncodingError") return `<${name}: ${message}>`; // its class says so
  const args = argsOf(error);
  const shown = showItems(args, args.length, inside, budget);
  return `${name.slice(name.lastIndexOf(".") + 1)}(${shown})`;
}

/** Python's `args` of any error: of one that has none, its text. */
export function argsOf(error: Error & { args?: unknown }): readonly unknown[] {
  return Array.isArray(error.args) ? error.args : argsOfText(error.message);
}

/** The arguments that a text tells by itself, which most errors have. */
export function argsOfText(message: string): readonly unknown[] {
  return message === "" ? [] : [message];
}

function showInstance(value: object): string {
  const name = objectTypeName(value);
  const { toString } = value;
  if (typeof toString !== "function" || toString === Object.prototype.toString) {
    return `<${name} object>`;
  }
  const text = toString.call(value);
  return ArrayBuffer.isView(value) ? `${name}([${text.replaceAll(",", ", ")}])` : text;
}

/** Whether a value is an object literal, or has no prototype: no instance of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  // An object literal of another realm: its prototype is that realm's Object.prototype.
  return Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "isPrototypeOf");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Text that Python prints as it is. Most texts are; this test is many times as quick. */
const PLAIN = /^[ !#-&(-[\]-~]*$/;

function quote(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const mark = quotesFor(text);
  // Python escapes controls, separators and lone surrogates. The pattern stands here, as
  // compiling it takes half a millisecond, which most processes need not spend.
  const body = text.replace(/[\p{C}\p{Z}\\]/gu, (character) => {
    if (character === " ") return character;
    return ESCAPES[character] ?? escapeCode(character.codePointAt(0) ?? 0);
  });
  return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark;
}

/** Python prefers single quotes, unless the text has some and no double ones. */
function quotesFor(text: string): string {
  return text.includes("'") && !text.includes('"') ? '"' : "'";
}

/** Python's `ascii()`: {@linkcode repr} with escapes for all but ASCII. */
export function ascii(value: unknown): string {
  return repr(value).replace(
    /[^\0-\x7f]/gu,
    (character) => escapeCode(character.codePointAt(0)!),
  );
}

function escapeCode(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${hex.padStart(4, "0")}`;
  return `\\U${hex.padStart(8, "0")}`;
}

function showBytes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += MAX_ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(at, at + MAX_ARGUMENTS));
  }
  const mark = quotesFor(text);
  // deno-lint-ignore no-control-regex -- bytes are escaped, controls included
  const body = text.replace(/[\x00-\x1f\\\x7f-\xff]/g, (character) => {
    return ESCAPES[character] ?? escapeCode(character.charCodeAt(0));
  });
  return `b${mark}${mark === "'" ? body.replaceAll("'", "\\'") : body}${mark}`;
}
