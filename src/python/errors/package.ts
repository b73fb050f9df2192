/**
 * The exceptions of the package itself and of the modules that it uses in Python:
 * `multiprocessing`, `queue`, `pickle` and `struct`, and two of our own,
 * `WorkerLostError` and `ProtocolError`.
 *
 * Mirrors the exception classes of `multiprocessing/context.py`, `pool.py` and
 * `managers.py`. What differs: a lost pool worker and a malformed frame are errors here.
 *
 * @module
 */

import { setNames } from "./builtins.ts";
import { PythonError } from "./exception.ts";

/**
 * Base of the package's own exceptions.
 * Python: `multiprocessing.ProcessError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ProcessError } from "@pystd/multiprocessing";
 * assertEquals(String(new ProcessError("Already started server")), "ProcessError: Already started server");
 * ```
 */
export class ProcessError extends PythonError {}

/**
 * `recv_bytes_into` got a message that does not fit; `args[0]` is the whole message,
 * which is lost otherwise. Python: `multiprocessing.BufferTooShort(ProcessError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BufferTooShort } from "@pystd/multiprocessing";
 * const error = new BufferTooShort(Uint8Array.of(1, 2, 3));
 * assertEquals(error.args[0], Uint8Array.of(1, 2, 3));
 * ```
 */
export class BufferTooShort extends ProcessError {
  /** The bytes of the message. */
  declare readonly args: readonly [Uint8Array];
}

/**
 * A result did not arrive in time; has no text. Not Python's built-in class of that name.
 * Python: `multiprocessing.TimeoutError(ProcessError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TimeoutError } from "@pystd/multiprocessing";
 * assertEquals(String(new TimeoutError()), "TimeoutError");
 * ```
 */
export class TimeoutError extends ProcessError {}

/**
 * The two ends of a connection do not have the same key.
 * Python: `multiprocessing.AuthenticationError(ProcessError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AuthenticationError } from "@pystd/multiprocessing";
 * assertEquals(String(new AuthenticationError("digest received was wrong")), "AuthenticationError: digest received was wrong");
 * ```
 */
export class AuthenticationError extends ProcessError {}

/** Of options with further fields, those that JavaScript has. */
function causeOf(options: ErrorOptions): ErrorOptions {
  return "cause" in options ? { cause: options.cause } : {};
}

/** Facts about a process that died during a task. */
export interface WorkerLostOptions extends ErrorOptions {
  /** Its process id. */
  readonly pid?: number | null;
  /** Its exit code, or minus the signal's number. */
  readonly exitcode?: number | null;
  /** The signal's name, as `SIGKILL`. */
  readonly signal?: string | null;
  /** Its task. */
  readonly task?: unknown;
  /** The last lines it wrote to stderr. */
  readonly stderr?: string | null;
  /** The host that it was on, if that was another machine. */
  readonly host?: string | null;
}

/**
 * A process died while it worked on a task, so the task's result will never come.
 * Not in Python, where the caller waits for ever.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { WorkerLostError } from "@pystd/multiprocessing";
 * const error = new WorkerLostError("worker died", { pid: 7, exitcode: -9, signal: "SIGKILL" });
 * assertEquals([error.pid, error.exitcode, error.signal], [7, -9, "SIGKILL"]);
 * ```
 */
export class WorkerLostError extends ProcessError {
  /** The dead process's id, where it is known. */
  readonly pid: number | null;
  /** Its exit code, or minus the signal's number. */
  readonly exitcode: number | null;
  /** The signal's name, as `SIGKILL`. */
  readonly signal: string | null;
  /** Its task. */
  readonly task: unknown;
  /** The last lines it wrote to stderr. */
  readonly stderr: string | null;
  /** The host that it was on; null for the machine of the program's first process. */
  readonly host: string | null;

  /**
   * Makes the error.
   *
   * @param message What happened.
   * @param options What is known of the process, and `cause`.
   */
  constructor(message?: string, options: WorkerLostOptions = {}) {
    super(message, causeOf(options));
    this.pid = options.pid ?? null;
    this.exitcode = options.exitcode ?? null;
    this.signal = options.signal ?? null;
    this.task = options.task ?? null;
    this.stderr = options.stderr ?? null;
    this.host = options.host ?? null;
  }
}

/** The sender of an unreadable frame. */
export interface ProtocolErrorOptions extends ErrorOptions {
  /** The name of the process at the other end. */
  readonly process?: string | null;
}

/**
 * A malformed, truncated or oversized frame or message came from another process. It
 * ends the link to that process and nothing else. Not in Python.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ProtocolError } from "@pystd/multiprocessing";
 * const error = new ProtocolError("frame of 4294967295 bytes", { process: "Process-1" });
 * assertEquals(error.message, "Process-1: frame of 4294967295 bytes");
 * assertEquals(error.process, "Process-1");
 * ```
 */
export class ProtocolError extends ProcessError {
  /** The name of the process at the other end; null when it is not known. */
  readonly process: string | null;

  /**
   * Makes the error.
   *
   * @param message What is wrong; the process's name is put in front of it.
   * @param options `process` and `cause`.
   */
  constructor(message: string, options: ProtocolErrorOptions = {}) {
    const name = options.process ?? null;
    super(name === null ? message : `${name}: ${message}`, causeOf(options));
    this.process = name;
  }
}

/**
 * A queue has no item (in time); has no text.
 * Python: `queue.Empty(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Empty } from "@pystd/multiprocessing";
 * assertEquals(String(new Empty()), "Empty");
 * ```
 */
export class Empty extends PythonError {}

/**
 * A queue has no room (in time); has no text.
 * Python: `queue.Full(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Full } from "@pystd/multiprocessing";
 * assertEquals(String(new Full()), "Full");
 * ```
 */
export class Full extends PythonError {}

/**
 * A queue was shut down; has no text.
 * Python: `queue.ShutDown(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ShutDown } from "@pystd/multiprocessing";
 * assertEquals(String(new ShutDown()), "ShutDown");
 * ```
 */
export class ShutDown extends PythonError {}

/**
 * Base of the errors of sending a value to another process.
 * Python: `pickle.PickleError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PickleError } from "@pystd/multiprocessing";
 * assertEquals(String(new PickleError()), "PickleError");
 * ```
 */
export class PickleError extends PythonError {}

/**
 * A value cannot be sent to another process.
 * Python: `pickle.PicklingError(PickleError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PicklingError } from "@pystd/multiprocessing";
 * assertEquals(String(new PicklingError("Can't pickle <function <lambda>>")), "PicklingError: Can't pickle <function <lambda>>");
 * ```
 */
export class PicklingError extends PickleError {}

/**
 * Bytes from another process cannot be decoded.
 * Python: `pickle.UnpicklingError(PickleError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UnpicklingError } from "@pystd/multiprocessing";
 * assertEquals(String(new UnpicklingError("pickle data was truncated")), "UnpicklingError: pickle data was truncated");
 * ```
 */
export class UnpicklingError extends PickleError {}

/**
 * A value does not fit the binary format that it is packed into. Its `name` is
 * `struct.error`, as in Python.
 * Python: `struct.error(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StructError } from "@pystd/multiprocessing";
 * assertEquals(String(new StructError("no room")), "struct.error: no room");
 * ```
 */
export class StructError extends PythonError {}

setNames({
  ProcessError,
  BufferTooShort,
  TimeoutError,
  AuthenticationError,
  WorkerLostError,
  ProtocolError,
  Empty,
  Full,
  ShutDown,
  PickleError,
  PicklingError,
  UnpicklingError,
  "struct.error": StructError,
});
