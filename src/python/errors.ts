/**
 * Every error class, in one public place, with Python's names and parents, and the
 * table by which an error from another process finds its class again.
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

export * from "./errors/classes.ts";
export {
  asOSError,
  ERRNO,
  type ErrorCode,
  osError,
  type OSErrorOptions,
} from "./errors/os.ts";
export { type ExitStatus, onFirstSystemExit, systemExitStatus } from "./errors/exit.ts";

/** A class of errors, whatever its constructor takes. */
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
 * Makes an error of a class without running the class's constructor, which may want
 * other arguments than a message: for an error that comes from another process, whose
 * text is ready and whose own fields are put on it afterwards.
 *
 * @param errorClass The class, from {@linkcode errorClasses} or the user's own.
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
  // The stack's first line was made when the error was still a plain `Error`.
  Error.captureStackTrace?.(error, reviveError);
  return error;
}
