/**
 * The two exceptions that end a Python program, and the exit status that they make.
 *
 * What differs from Python: they are `Error`s like all others, so a bare `catch` gets
 * them too; a whole float (`2.0`) cannot be told from an integer.
 *
 * @module
 */

import { reprTuple, str } from "../repr.ts";
import { setNames } from "./builtins.ts";
import { PythonError } from "./exception.ts";

/**
 * Thrown by a target to end its process, as `sys.exit(code)` does.
 * Python: `SystemExit(BaseException)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SystemExit } from "@pystd/multiprocessing";
 * assertEquals(new SystemExit(3).code, 3);
 * assertEquals(new SystemExit().code, null);
 * ```
 */
export class SystemExit extends PythonError {
  static {
    this.prototype.code = null;
  }

  /** The exit status, or a text for stderr; null for 0; an array of several arguments. */
  declare code: unknown;

  /**
   * Makes the error.
   *
   * @param args An exit status, or a text for stderr that goes with status 1; then
   *   `{ cause }`.
   */
  constructor(...args: unknown[]) {
    super(...args);
    onFirst?.();
    onFirst = undefined;
    const given = this.args;
    if (given.length > 0) this.code = given.length === 1 ? given[0] : given;
  }
}

let onFirst: (() => void) | undefined;

/** Calls back when the first {@linkcode SystemExit} is made: it may end the process. */
export function onFirstSystemExit(callback: () => void): void {
  onFirst = callback;
}

/**
 * The user pressed Ctrl-C (SIGINT); has no text.
 * Python: `KeyboardInterrupt(BaseException)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KeyboardInterrupt } from "@pystd/multiprocessing";
 * assertEquals(String(new KeyboardInterrupt()), "KeyboardInterrupt");
 * ```
 */
export class KeyboardInterrupt extends PythonError {}

setNames({ SystemExit, KeyboardInterrupt });

/** The end of a process: its exit status, and perhaps a line for stderr. */
export interface ExitStatus {
  /** From 0 to 255. */
  readonly status: number;
  /** The text for stderr, without a line end. */
  readonly text?: string;
}

/**
 * The exit status that a `SystemExit` makes by its code: null or undefined is 0, a boolean 0
 * or 1, an integer itself modulo 256 (255 if it has more than 64 bits), anything else, also
 * several arguments, a text with status 1.
 */
export function systemExitStatus(error: Pick<SystemExit, "code" | "args">): ExitStatus {
  const { code, args } = error;
  if (code === null || code === undefined) return { status: 0 };
  if (typeof code === "boolean") return { status: code ? 1 : 0 };
  if (typeof code === "number" && Number.isInteger(code)) {
    return integerStatus(BigInt(code));
  }
  if (typeof code === "bigint") return integerStatus(code);
  return { status: 1, text: code === args ? reprTuple(args) : str(code) };
}

/** CPython converts to a C long, which gives -1 for what does not fit; the system keeps 8 bits. */
function integerStatus(code: bigint): ExitStatus {
  const fits = BigInt.asIntN(64, code) === code;
  return { status: fits ? Number(BigInt.asUintN(8, code)) : 255 };
}
