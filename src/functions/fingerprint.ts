/**
 * What is sent of a function beside its name, if that was concluded from sources: the kind
 * and the number of parameters, which tools that rewrite a module keep, and the text if
 * another function may be meant. By these the receiver refuses a function that is another
 * one.
 *
 * A name that is told (`exported`), or whose function the sender has seen to be the module's
 * export, goes without.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import { type Callable, textOf } from "./callable.ts";

/** The runtimes, which print a function of a TypeScript module each in its own way. */
const RUNTIMES = ["deno", "bun", "node"] as const;

/** What `Object.prototype.toString` says of functions, in any realm; and classes. */
const KINDS = [
  "[object Function]",
  "[object AsyncFunction]",
  "[object GeneratorFunction]",
  "[object AsyncGeneratorFunction]",
  "class",
];

/** Parameters are counted up to here; it also stands for a number that is not known. */
const MANY = 15;

/** A fingerprint is `((text * RUNTIMES + runtime) * KINDS + kind) * (MANY + 1) + length`. */
const SHAPES = KINDS.length * (MANY + 1);

/** The texts of functions as fingerprints, which take long to count. */
const texts = new WeakMap<Callable, number>();

/**
 * The fingerprint of a function.
 *
 * @param byText Whether the text decides too, because the name may stand for two functions.
 */
export function fingerprint(callable: Callable, byText: boolean): number {
  return (byText ? textPrint(callable) * SHAPES : 0) + shape(callable);
}

/** Whether a fingerprint tells that a function is another one than that which it was taken of. */
export function isOther(callable: Callable, print: number): boolean {
  const own = shape(callable);
  const kind = (shape: number) => Math.floor(shape / (MANY + 1)) % KINDS.length;
  const length = (shape: number) => shape % (MANY + 1);
  if (kind(print) !== kind(own)) return true;
  const lengths = [length(print), length(own)];
  if (!lengths.includes(MANY) && lengths[0] !== lengths[1]) return true;
  const text = Math.floor(print / SHAPES);
  if (text === 0) return false;
  const ownText = textPrint(callable);
  return text !== ownText && (text - ownText) % RUNTIMES.length === 0;
}

function shape(callable: Callable): number {
  const kind = isClassText(textOf(callable))
    ? KINDS.length - 1
    : Math.max(KINDS.indexOf(Object.prototype.toString.call(callable)), 0);
  // A class may have a static member of that name.
  const length = Object.getOwnPropertyDescriptor(callable, "length")?.value as number;
  const isCounted = Number.isInteger(length) && length >= 0;
  const count = isCounted ? Math.min(length, MANY) : MANY;
  return kind * (MANY + 1) + count;
}

function isClassText(text: string): boolean {
  return /^(@|class\b)/.test(text);
}

/** A hash of a function's text (FNV-1a), never 0, and which runtime prints it so. */
function textPrint(callable: Callable): number {
  const known = texts.get(callable);
  if (known !== undefined) return known;
  const text = textOf(callable);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  const value = ((hash >>> 0) + 1) * RUNTIMES.length + RUNTIMES.indexOf(runtime.name);
  texts.set(callable, value);
  return value;
}
