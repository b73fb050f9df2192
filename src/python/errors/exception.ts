/**
 * What all exception classes of this package have in common: `args`, and a text made of
 * them, as `BaseException` of Python has them.
 *
 * What differs: `args` is an array. A last argument that is JavaScript's options of an
 * error is none of them: an object with `cause`, or an empty one, after another argument.
 *
 * @module
 */

import { argsOfText, isPlain, reprTuple, str } from "../repr.ts";

/**
 * Sets a property as the engines set an error's own: not enumerable, so that it neither
 * shows in a printed error nor travels as a field, and writable, as a subclass may assign
 * it.
 */
export function setHidden(object: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/** The function by which a class makes its text, on its prototype. */
const TEXT = Symbol("multiprocessing.text");

/** Makes the text of an error of its arguments. */
export type TextOf = (args: readonly unknown[]) => string;

/** Gives a class and its subclasses a text of their own. */
export function setText(errorClass: { prototype: Error }, textOf: TextOf): void {
  setHidden(errorClass.prototype, TEXT, textOf);
}

/** Python's `BaseException.__str__`: nothing, the argument, or all of them as a tuple. */
export function textOfArgs(args: readonly unknown[]): string {
  if (args.length === 0) return "";
  return args.length === 1 ? str(args[0]) : reprTuple(args);
}

/** Python's arguments and JavaScript's options in what a constructor got. */
export function argumentsOf(
  given: readonly unknown[],
): { args: unknown[]; options: ErrorOptions | undefined } {
  const args = withoutTail(given);
  const last = args.at(-1);
  if (args.length > 1 && isOptions(last)) {
    return { args: withoutTail(args.slice(0, -1)), options: last };
  }
  return { args, options: undefined };
}

function isOptions(value: unknown): value is ErrorOptions {
  return isPlain(value) && ("cause" in value || Object.keys(value).length === 0);
}

/** What a caller has left out is no argument, also where a subclass hands it on. */
function withoutTail(given: readonly unknown[]): unknown[] {
  let length = given.length;
  while (length > 0 && given[length - 1] === undefined) length--;
  return given.slice(0, length);
}

/**
 * The base of all exceptions of this package but JavaScript's own.
 * Python: `BaseException`, `Exception`.
 *
 * It has no name of its own, and is not exported: who catches everything catches `Error`.
 */
export class PythonError extends Error {
  static {
    // An accessor, so that an error whose text is its only argument has no field more.
    Object.defineProperty(this.prototype, "args", {
      get(this: Error) {
        return argsOfText(this.message);
      },
      set(this: Error, args: unknown) {
        setHidden(this, "args", args);
      },
      configurable: true,
      enumerable: false,
    });
  }

  /** What the error was made with: Python's `args`. */
  declare readonly args: readonly unknown[];

  /**
   * Makes the error. One argument is its text, as `str` shows it; several are shown as
   * Python shows a tuple.
   *
   * @param given Python's arguments; then JavaScript's options, `{ cause }`.
   */
  constructor(...given: unknown[]) {
    const { args, options } = argumentsOf(given);
    super((new.target.prototype[TEXT] ?? textOfArgs)(args), options);
    const isTold = args.length === 0 ? this.message === "" : args.length === 1 &&
      args[0] !== "" && args[0] === this.message;
    if (!isTold) setHidden(this, "args", args);
  }

  /** @internal */
  declare [TEXT]?: TextOf;
}
