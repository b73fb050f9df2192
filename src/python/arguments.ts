/**
 * The calling convention: positional arguments, or one trailing options object with
 * Python's keyword names and `signal`, or both. Tells them apart; errors have CPython's
 * texts.
 *
 * What differs from Python: a trailing object literal is the keywords, so a parameter
 * that takes any value must be declared positional-only (`Queue.put(obj)`), and one that
 * takes a dict must be declared in `objects`. `undefined` means "not given"; `null` is
 * `None`.
 *
 * @module
 */

import { isAbortSignal } from "../runtime/brands.ts";
import { isPlain, pythonTypeName } from "./repr.ts";

export { pythonTypeName, repr, str } from "./repr.ts";
export {
  asCInt,
  asInteger,
  asTimeout,
  comparisonError,
  type TimeoutUse,
} from "./numbers.ts";

/** Stands in a signature for the default of a parameter that has none. */
export const REQUIRED: unique symbol = Symbol("required");

/** Options of {@linkcode signature}. */
export interface SignatureOptions<T> {
  /** False for a plain function: CPython counts `self` among a method's arguments. */
  readonly method?: boolean;
  /** True for a function that CPython has in C, whose errors have other texts. */
  readonly builtin?: boolean;
  /** Number of leading parameters that are positional-only, as they take any value. */
  readonly positionalOnly?: number;
  /** The last parameters, which are keyword-only. */
  readonly keywordOnly?: readonly (keyof T & string)[];
  /**
   * Parameters that take an object literal by position. An object in that place counts as
   * the keywords only if it is not empty and all its names are known.
   */
  readonly objects?: readonly (keyof T & string)[];
}

/** The parameters of a function; made by {@linkcode signature}. */
export interface Signature<T> {
  /** The function's name in error texts. */
  readonly name: string;
  /** The parameters' names in order, the keyword-only ones last. */
  readonly names: readonly string[];
  /** Number of parameters that can be given by position. */
  readonly positional: number;
  /** Number of those without a default. */
  readonly required: number;
  /** Values of a call without arguments; frozen. */
  readonly defaults: Readonly<Arguments<T>>;
  /** 1 for a method: CPython counts `self`. */
  readonly self: 0 | 1;
  readonly builtin: boolean;
  readonly positionalOnly: number;
  readonly objects: readonly string[];
}

/** The values of a call, by name. */
export type Arguments<T> = T & {
  /** The caller's signal; every awaitable takes one. */
  readonly signal: AbortSignal | undefined;
};

/**
 * Describes a function's parameters; called once, when a module is loaded.
 *
 * @param name The name in CPython's errors: `Queue.get`, `BaseContext.Pool`, `acquire`.
 * @param parameters The parameters in Python's order, with their defaults or
 * {@linkcode REQUIRED}. All calls share the defaults, which must not be changed.
 */
export function signature<T extends object>(
  name: string,
  parameters: { readonly [K in keyof T]: T[K] | typeof REQUIRED },
  options: SignatureOptions<T> = {},
): Signature<T> {
  const names = Object.keys(parameters);
  const positional = names.length - (options.keywordOnly?.length ?? 0);
  const isRequired = (key: string) => parameters[key as keyof T] === REQUIRED;
  const defaults = { ...parameters, signal: undefined };
  return {
    name,
    names,
    positional,
    required: names.slice(0, positional).filter(isRequired).length,
    defaults: Object.freeze(defaults) as Readonly<Arguments<T>>,
    self: options.method ?? true ? 1 : 0,
    builtin: options.builtin ?? false,
    positionalOnly: options.positionalOnly ?? 0,
    objects: options.objects ?? [],
  };
}

/**
 * Maps the arguments of a call to the parameters' names and `signal`; callers do not change
 * the result. Hot paths answer calls that need no mapping (`q.get()`, `q.put(x)`) without it.
 *
 * @throws {TypeError} With CPython's text: an unknown keyword, a value given twice, too
 * many arguments, a missing one.
 */
export function parseArguments<T extends object>(
  signature: Signature<T>,
  args: readonly unknown[],
): Readonly<Arguments<T>> {
  if (args.length === 0 && signature.required === 0) return signature.defaults;
  const keywords = keywordsOf(signature, args);
  const count = keywords === undefined ? args.length : args.length - 1;
  const values: Record<string, unknown> = { ...signature.defaults };
  for (let i = 0; i < count && i < signature.positional; i++) {
    const key = signature.names[i] as string;
    if (args[i] !== undefined || i < signature.required) values[key] = args[i];
  }
  if (signature.builtin) checkCount(signature, count, keywords);
  if (keywords !== undefined) addKeywords(signature, values, args, keywords);
  checkCount(signature, count, keywords);
  checkMissing(signature, values);
  return values as Arguments<T>;
}

/** The trailing object, if it holds the call's keywords. */
function keywordsOf(
  signature: Signature<object>,
  args: readonly unknown[],
): Record<string, unknown> | undefined {
  const index = args.length - 1;
  const last = args[index];
  if (index < signature.positionalOnly || !isPlain(last)) return undefined;
  const name = signature.names[index];
  if (
    index >= signature.positional || name === undefined ||
    !signature.objects.includes(name)
  ) return last;
  const keys = Object.keys(last);
  const known = (key: string) => key === "signal" || signature.names.includes(key);
  return keys.length > 0 && keys.every(known) ? last : undefined;
}

function addKeywords(
  signature: Signature<object>,
  values: Record<string, unknown>,
  args: readonly unknown[],
  keywords: Record<string, unknown>,
): void {
  for (const [key, value] of Object.entries(keywords)) {
    if (value === undefined) continue;
    const index = signature.names.indexOf(key);
    if (key === "signal" && index === -1) {
      values[key] = asSignal(value);
    } else if (index === -1) {
      throw unexpectedKeyword(signature, key);
    } else if (
      index < Math.min(signature.positional, args.length - 1) &&
      (args[index] !== undefined || index < signature.required)
    ) {
      throw givenTwice(signature, key, index);
    } else {
      values[key] = value;
    }
  }
}

function asSignal(value: unknown): AbortSignal | undefined {
  if (value === null || isAbortSignal(value)) return value ?? undefined;
  throw new TypeError(`signal must be an AbortSignal, not ${pythonTypeName(value)}`);
}

function unexpectedKeyword(signature: Signature<object>, key: string): TypeError {
  const text = `${signature.name}() got an unexpected keyword argument '${key}'`;
  const meant = signature.builtin ? undefined : suggest(key, signature.names);
  return new TypeError(
    meant === undefined ? text : `${text}. Did you mean '${meant}'?`,
  );
}

function givenTwice(
  signature: Signature<object>,
  key: string,
  index: number,
): TypeError {
  const { name, builtin } = signature;
  return new TypeError(
    builtin
      ? `argument for ${name}() given by name ('${key}') and position (${index + 1})`
      : `${name}() got multiple values for argument '${key}'`,
  );
}

/** Rejects more positional arguments than there are parameters. */
function checkCount(
  { name, names, positional, required, self, builtin }: Signature<object>,
  count: number,
  keywords: Record<string, unknown> = {},
): void {
  if (builtin) {
    const given = count +
      Object.keys(keywords).filter((key) => key !== "signal").length;
    if (given <= names.length) {
      if (count <= positional || positional > 0) return;
      throw new TypeError(`${name}() takes no positional arguments`);
    }
    const most = names.length === 0 ? "no" : `at most ${names.length}`;
    throw new TypeError(
      `${name}() takes ${most} ${argument(names.length)} (${given} given)`,
    );
  }
  if (count <= positional) return;
  const byName = names.slice(positional).filter((key) => keywords[key] !== undefined);
  throw tooMany(
    name,
    count,
    { most: positional, least: required, self },
    byName.length,
  );
}

/** How many arguments a function takes. */
export interface Takes {
  /** At most so many; none if not given. */
  most?: number;
  /** At least so many; `most` if not given. */
  least?: number;
  /** 0 for a plain function: CPython counts `self` among a method's arguments. */
  self?: 0 | 1;
}

/** Of a plain function that takes no arguments. */
export const FUNCTION: Takes = { self: 0 };

/**
 * Rejects surplus arguments of a function that does not map its own by
 * {@linkcode parseArguments}.
 *
 * @throws {TypeError} `Pool.close() takes 1 positional argument but 2 were given`
 */
export function takes(name: string, given: ArrayLike<unknown>, is: Takes = {}): void {
  if (given.length > (is.most ?? 0)) throw tooMany(name, given.length, is, 0);
}

function tooMany(
  name: string,
  count: number,
  { most = 0, least = most, self = 1 }: Takes,
  byName: number,
): TypeError {
  const wanted = least === most
    ? `${most + self} positional ${argument(most + self)}`
    : `from ${least + self} to ${most + self} positional arguments`;
  const given = count + self;
  const extra = byName === 0 ? "" : ` positional ${argument(given)} ` +
    `(and ${byName} keyword-only ${argument(byName)})`;
  const were = given === 1 && extra === "" ? "was" : "were";
  return new TypeError(`${name}() takes ${wanted} but ${given}${extra} ${were} given`);
}

function checkMissing(
  { name, names, positional }: Signature<object>,
  values: Record<string, unknown>,
): void {
  const missing = names.filter((key) => values[key] === REQUIRED);
  if (missing.length === 0) return;
  const first = missing.filter((key) => names.indexOf(key) < positional);
  const [kind, list] = first.length > 0
    ? ["positional", first]
    : ["keyword-only", missing];
  throw new TypeError(
    `${name}() missing ${list.length} required ${kind} ${argument(list.length)}: ` +
      enumerate(list.map((key) => `'${key}'`)),
  );
}

function argument(count: number): string {
  return count === 1 ? "argument" : "arguments";
}

/** `a`, `a and b`, `a, b, and c`. */
function enumerate(names: string[]): string {
  if (names.length < 3) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names.at(-1)}`;
}

/** Cost of adding, dropping or replacing a character. */
const MOVE = 2;
/** Cost of a character in the wrong case. */
const CASE = 1;

/**
 * The known name that is nearest to a wrong one; undefined if more than about a third of
 * the characters differ.
 */
export function suggest(wrong: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const most = Math.floor((wrong.length + name.length + 3) * MOVE / 6);
    const limit = Math.min(most, bestDistance - 1);
    const found = distance(wrong, name);
    if (found > limit) continue;
    best = name;
    bestDistance = found;
  }
  return best;
}

/** The Levenshtein distance with the costs above. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column * MOVE);
  for (let index = 0; index < from.length; index++) {
    const next = [(index + 1) * MOVE];
    for (let column = 0; column < to.length; column++) {
      const replaced = row[column]! +
        substitution(from.charAt(index), to.charAt(column));
      const moved = Math.min(row[column + 1]!, next[column]!) + MOVE;
      next.push(Math.min(replaced, moved));
    }
    row = next;
  }
  return row[to.length]!;
}

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? CASE : MOVE;
}
