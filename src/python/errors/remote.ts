/**
 * Errors that stand for an error in another process, or in the sending of a result.
 *
 * Mirrors the classes of the same names in `multiprocessing/pool.py` and `managers.py`.
 * What differs: the remote trace is that of the JavaScript runtime.
 *
 * @module
 */

import { repr, str } from "../repr.ts";
import { setNames } from "./builtins.ts";
import { PythonError, setHidden, setText } from "./exception.ts";

/**
 * The `cause` of an error that was raised in another process: its stack there.
 * Python: `multiprocessing.pool.RemoteTraceback(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RemoteTraceback } from "@pystd/multiprocessing";
 * const cause = new RemoteTraceback("ValueError: boom\n    at f (work.ts:1:1)\n");
 * assertEquals(cause.tb.split("\n")[0], "ValueError: boom");
 * ```
 */
export class RemoteTraceback extends PythonError {
  static {
    setText(this, () => "raised in another process");
  }

  /** The text of the stack in the other process; `stack` has it too, `message` has not. */
  declare readonly tb: string;

  /**
   * Makes the error.
   *
   * @param tb The text of the stack in the other process.
   * @param options `cause`.
   */
  constructor(tb: string, options?: ErrorOptions) {
    super(tb, options);
    setHidden(this, "tb", tb);
    // The frames of this constructor's caller say nothing about the remote error.
    setHidden(this, "stack", `${this.name}: ${this.message}\n"""\n${tb}"""`);
  }
}

/**
 * The result of a pool task could not be sent back.
 * Python: `multiprocessing.pool.MaybeEncodingError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MaybeEncodingError, TimeoutError } from "@pystd/multiprocessing";
 * const error = new MaybeEncodingError(new TimeoutError(), [1]);
 * assertEquals(error.message, "Error sending result: '[1]'. Reason: 'TimeoutError()'");
 * assertEquals(error.args, ["TimeoutError()", "[1]"]);
 * ```
 */
export class MaybeEncodingError extends PythonError {
  static {
    setText(
      this,
      ([exc, value]) => `Error sending result: '${str(value)}'. Reason: '${str(exc)}'`,
    );
  }

  /** Both texts. */
  declare readonly args: readonly [exc: string, value: string];
  /** The `repr` of the error that sending raised. */
  readonly exc: string;
  /** The `repr` of the result. */
  readonly value: string;

  /**
   * Makes the error.
   *
   * @param exc The error that sending raised.
   * @param value The result that cannot be sent.
   * @param options `cause`.
   */
  constructor(exc: unknown, value: unknown, options?: ErrorOptions) {
    super(repr(exc), repr(value), options);
    [this.exc, this.value] = this.args;
  }
}

const RULE = "-".repeat(75);

/**
 * Something went wrong inside a manager's server, outside of the user's own methods; the
 * text holds the server's stack between two rules of 75 dashes.
 * Python: `multiprocessing.managers.RemoteError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RemoteError } from "@pystd/multiprocessing";
 * const error = new RemoteError("KeyError: 'nope'\n");
 * assertEquals(error.message.split("\n")[2], "KeyError: 'nope'");
 * assertEquals(error.args, ["KeyError: 'nope'\n"]);
 * ```
 */
export class RemoteError extends PythonError {
  static {
    setText(this, ([text]) => `\n${RULE}\n${str(text)}${RULE}`);
  }

  /** The server's report, without the rules. */
  declare readonly args: readonly [string];
}

setNames({ RemoteTraceback, MaybeEncodingError, RemoteError });
