/**
 * All error classes, with Python's names and parents, and the table that gives an error
 * from another process its class.
 *
 * ```
 * Error ─┬─ ProcessError ── BufferTooShort, TimeoutError, AuthenticationError,
 *        │                  WorkerLostError, ProtocolError
 *        ├─ Empty, Full, ShutDown                                 (queue)
 *        ├─ PickleError ── PicklingError, UnpicklingError         (pickle)
 *        ├─ StructError                                           (struct)
 *        ├─ RemoteTraceback, MaybeEncodingError, RemoteError      (pool, managers)
 *        ├─ ValueError, AssertionError, AttributeError, EOFError, BufferError, StopIteration
 *        ├─ RuntimeError ── NotImplementedError, RecursionError, BrokenBarrierError
 *        ├─ ArithmeticError ── OverflowError, ZeroDivisionError
 *        ├─ LookupError ── KeyError, IndexError
 *        ├─ OSError ── ConnectionError ── BrokenPipeError, Connection…Error
 *        │          └─ FileNotFoundError, FileExistsError, PermissionError, …
 *        └─ SystemExit, KeyboardInterrupt
 * ```
 *
 * What differs from Python: `Exception` and `BaseException` are both JavaScript's
 * `Error`; `TypeError` is JavaScript's own.
 *
 * @module
 */

import * as classes from "./errors/classes.ts";

export { setHidden } from "./errors/exception.ts";
export * from "./errors/classes.ts";
export {
  asOSError,
  ERRNO,
  type ErrorCode,
  osError,
  type OSErrorOptions,
} from "./errors/os.ts";
export { type ExitStatus, onFirstSystemExit, systemExitStatus } from "./errors/exit.ts";

/** A class of errors with any constructor. */
export type ErrorClass = (abstract new (...args: never[]) => Error) & {
  readonly prototype: Error;
};

/**
 * Every error class that an error from another process may belong to, by `error.name`:
 * those of this package and JavaScript's own.
 */
export const errorClasses: ReadonlyMap<string, ErrorClass> = new Map(
  [
    Error,
    AggregateError,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    ...Object.values(classes),
  ].map((errorClass) => [errorClass.prototype.name, errorClass]),
);

/**
 * Makes an error of a class without running the class's constructor, which may take other
 * arguments than a message: for an error from another process, which has its text already,
 * and whose own fields are set afterwards.
 */
export function reviveError<E extends Error>(
  errorClass: (abstract new (...args: never[]) => E) & { readonly prototype: E },
  message: string,
  options?: ErrorOptions,
): E {
  const error = Object.setPrototypeOf(
    new Error(message, options),
    errorClass.prototype,
  );
  // The first line of its stack still names `Error`.
  Error.captureStackTrace?.(error, reviveError);
  return error;
}
