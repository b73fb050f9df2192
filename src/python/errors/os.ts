/**
 * `OSError` and its family, with Linux's numbers and texts, and the way from an error
 * code (`ENOENT`) to the right class.
 *
 * What differs from Python: the built-in `TimeoutError` is missing here, as its name
 * belongs to `multiprocessing.TimeoutError`; `ETIMEDOUT` makes a plain `OSError`.
 *
 * @module
 */

import { isError } from "../../runtime/brands.ts";
import { repr, str } from "../repr.ts";
import { setNames } from "./builtins.ts";
import {
  argumentsOf,
  PythonError,
  setHidden,
  setText,
  textOfArgs,
} from "./exception.ts";

/**
 * A system call failed, or a handle is closed or unusable.
 * Python: `OSError(Exception)`. As there, `new OSError(2, "No such file or directory")`
 * makes the subclass that belongs to the number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FileNotFoundError, OSError } from "@pystd/multiprocessing";
 * const error = new OSError(2, "No such file or directory", "/x");
 * assertEquals(error.message, "[Errno 2] No such file or directory: '/x'");
 * assertEquals(error instanceof FileNotFoundError, true);
 * assertEquals(new OSError("handle is closed").errno, null);
 * ```
 */
export class OSError extends PythonError {
  static {
    this.prototype.errno = null;
    this.prototype.strerror = null;
    this.prototype.filename = null;
    this.prototype.filename2 = null;
    setText(this, (args) => systemError(args)?.text ?? textOfArgs(args));
  }

  // Their nulls live on the prototype, so that an error without them prints no nulls.
  /** The system's number of the error; null when the error is not the system's. */
  declare errno: number | null;
  /** The system's text for the number. */
  declare strerror: string | null;
  /** The file that the call was about. */
  declare filename: string | null;
  /** The second file, where the call had two. */
  declare filename2: string | null;

  /**
   * Makes the error.
   *
   * @param args The text of an error that is not the system's; then `{ cause }`.
   */
  constructor(...args: unknown[]);
  /**
   * Makes the error.
   *
   * @param errno The system's number of the error.
   * @param strerror The system's text for it.
   * @param filename The file that the call was about.
   * @param winerror Ignored.
   * @param filename2 The second file.
   */
  constructor(
    errno: number,
    strerror: string,
    filename?: string | null,
    winerror?: null,
    filename2?: string | null,
    options?: ErrorOptions,
  );
  constructor(...given: unknown[]) {
    const Subclass = new.target === OSError
      ? CLASSES.get(given[0] as number)
      : undefined;
    if (Subclass !== undefined && systemError(argumentsOf(given).args) !== undefined) {
      return new Subclass(...given);
    }
    super(...given);
    const system = systemError(this.args);
    if (system === undefined) return;
    const { errno, strerror, filename, filename2 } = system;
    this.errno = errno as number;
    this.strerror = strerror as string;
    if (filename === undefined) return;
    this.filename = filename as string;
    if (filename2 !== undefined) this.filename2 = filename2 as string;
    // As in Python, where `filename` alone tells of it.
    setHidden(this, "args", [errno, strerror]);
  }
}

/** What Python takes for a system's error: two to five arguments. */
function systemError(args: readonly unknown[]):
  | {
    errno: unknown;
    strerror: unknown;
    filename: unknown;
    filename2: unknown;
    text: string;
  }
  | undefined {
  if (args.length < 2 || args.length > 5) return undefined;
  const [errno, strerror] = args;
  const [filename, filename2] = [args[2] ?? undefined, args[4] ?? undefined];
  let text = `[Errno ${str(errno)}] ${str(strerror)}`;
  if (filename !== undefined) text += `: ${repr(filename)}`;
  if (filename !== undefined && filename2 !== undefined) {
    text += ` -> ${repr(filename2)}`;
  }
  return { errno, strerror, filename, filename2, text };
}

/**
 * Base of the errors of connections.
 * Python: `ConnectionError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConnectionError } from "@pystd/multiprocessing";
 * assertEquals(new ConnectionError(71, "Protocol error").message, "[Errno 71] Protocol error");
 * ```
 */
export class ConnectionError extends OSError {}

/**
 * The other end is closed, so nothing that is written will be read.
 * Python: `BrokenPipeError(ConnectionError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BrokenPipeError } from "@pystd/multiprocessing";
 * assertEquals(new BrokenPipeError(32, "Broken pipe").message, "[Errno 32] Broken pipe");
 * ```
 */
export class BrokenPipeError extends ConnectionError {}

/**
 * The other end aborted a connection before it was established.
 * Python: `ConnectionAbortedError(ConnectionError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConnectionAbortedError } from "@pystd/multiprocessing";
 * assertEquals(new ConnectionAbortedError(103, "Software caused connection abort").message, "[Errno 103] Software caused connection abort");
 * ```
 */
export class ConnectionAbortedError extends ConnectionError {}

/**
 * No process listens at the address.
 * Python: `ConnectionRefusedError(ConnectionError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConnectionRefusedError } from "@pystd/multiprocessing";
 * assertEquals(new ConnectionRefusedError(111, "Connection refused").message, "[Errno 111] Connection refused");
 * ```
 */
export class ConnectionRefusedError extends ConnectionError {}

/**
 * The other end reset the connection.
 * Python: `ConnectionResetError(ConnectionError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConnectionResetError } from "@pystd/multiprocessing";
 * assertEquals(new ConnectionResetError(104, "Connection reset by peer").message, "[Errno 104] Connection reset by peer");
 * ```
 */
export class ConnectionResetError extends ConnectionError {}

/**
 * A call would block on a descriptor that is set not to block.
 * Python: `BlockingIOError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BlockingIOError } from "@pystd/multiprocessing";
 * assertEquals(new BlockingIOError(11, "Resource temporarily unavailable").message, "[Errno 11] Resource temporarily unavailable");
 * ```
 */
export class BlockingIOError extends OSError {}

/**
 * There is no such child process.
 * Python: `ChildProcessError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ChildProcessError } from "@pystd/multiprocessing";
 * assertEquals(new ChildProcessError(10, "No child processes").message, "[Errno 10] No child processes");
 * ```
 */
export class ChildProcessError extends OSError {}

/**
 * The file or directory exists already.
 * Python: `FileExistsError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FileExistsError } from "@pystd/multiprocessing";
 * assertEquals(new FileExistsError(17, "File exists").message, "[Errno 17] File exists");
 * ```
 */
export class FileExistsError extends OSError {}

/**
 * There is no such file, directory or shared memory block.
 * Python: `FileNotFoundError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FileNotFoundError } from "@pystd/multiprocessing";
 * assertEquals(new FileNotFoundError(2, "No such file or directory").message, "[Errno 2] No such file or directory");
 * ```
 */
export class FileNotFoundError extends OSError {}

/**
 * A signal interrupted a call.
 * Python: `InterruptedError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { InterruptedError } from "@pystd/multiprocessing";
 * assertEquals(new InterruptedError(4, "Interrupted system call").message, "[Errno 4] Interrupted system call");
 * ```
 */
export class InterruptedError extends OSError {}

/**
 * The call needs a file, and the path is a directory.
 * Python: `IsADirectoryError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { IsADirectoryError } from "@pystd/multiprocessing";
 * assertEquals(new IsADirectoryError(21, "Is a directory").message, "[Errno 21] Is a directory");
 * ```
 */
export class IsADirectoryError extends OSError {}

/**
 * The call needs a directory, and the path is something else.
 * Python: `NotADirectoryError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NotADirectoryError } from "@pystd/multiprocessing";
 * assertEquals(new NotADirectoryError(20, "Not a directory").message, "[Errno 20] Not a directory");
 * ```
 */
export class NotADirectoryError extends OSError {}

/**
 * The system does not permit the operation.
 * Python: `PermissionError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PermissionError } from "@pystd/multiprocessing";
 * assertEquals(new PermissionError(13, "Permission denied").message, "[Errno 13] Permission denied");
 * ```
 */
export class PermissionError extends OSError {}

/**
 * There is no such process.
 * Python: `ProcessLookupError(OSError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ProcessLookupError } from "@pystd/multiprocessing";
 * assertEquals(new ProcessLookupError(3, "No such process").message, "[Errno 3] No such process");
 * ```
 */
export class ProcessLookupError extends OSError {}

setNames({
  OSError,
  ConnectionError,
  BrokenPipeError,
  ConnectionAbortedError,
  ConnectionRefusedError,
  ConnectionResetError,
  BlockingIOError,
  ChildProcessError,
  FileExistsError,
  FileNotFoundError,
  InterruptedError,
  IsADirectoryError,
  NotADirectoryError,
  PermissionError,
  ProcessLookupError,
});

/** The class that belongs to a number; all others are plain `OSError`s. */
const CLASSES: ReadonlyMap<number, typeof OSError> = new Map<number, typeof OSError>([
  [1, PermissionError],
  [2, FileNotFoundError],
  [3, ProcessLookupError],
  [4, InterruptedError],
  [10, ChildProcessError],
  [11, BlockingIOError],
  [13, PermissionError],
  [17, FileExistsError],
  [20, NotADirectoryError],
  [21, IsADirectoryError],
  [32, BrokenPipeError],
  [103, ConnectionAbortedError],
  [104, ConnectionResetError],
  [108, BrokenPipeError],
  [111, ConnectionRefusedError],
  [114, BlockingIOError],
  [115, BlockingIOError],
]);

// ------------------------------------------------------- from the runtimes' codes

/** Linux's number and text by the name of the error. Python: `errno` and `os.strerror`. */
export const ERRNO = {
  EPERM: [1, "Operation not permitted"],
  ENOENT: [2, "No such file or directory"],
  ESRCH: [3, "No such process"],
  EINTR: [4, "Interrupted system call"],
  EIO: [5, "Input/output error"],
  E2BIG: [7, "Argument list too long"],
  ENOEXEC: [8, "Exec format error"],
  EBADF: [9, "Bad file descriptor"],
  ECHILD: [10, "No child processes"],
  EAGAIN: [11, "Resource temporarily unavailable"],
  ENOMEM: [12, "Cannot allocate memory"],
  EACCES: [13, "Permission denied"],
  EFAULT: [14, "Bad address"],
  EBUSY: [16, "Device or resource busy"],
  EEXIST: [17, "File exists"],
  EXDEV: [18, "Invalid cross-device link"],
  ENOTDIR: [20, "Not a directory"],
  EISDIR: [21, "Is a directory"],
  EINVAL: [22, "Invalid argument"],
  ENFILE: [23, "Too many open files in system"],
  EMFILE: [24, "Too many open files"],
  ETXTBSY: [26, "Text file busy"],
  EFBIG: [27, "File too large"],
  ENOSPC: [28, "No space left on device"],
  EROFS: [30, "Read-only file system"],
  EPIPE: [32, "Broken pipe"],
  ENAMETOOLONG: [36, "File name too long"],
  ENOSYS: [38, "Function not implemented"],
  ENOTEMPTY: [39, "Directory not empty"],
  ELOOP: [40, "Too many levels of symbolic links"],
  EPROTO: [71, "Protocol error"],
  EMSGSIZE: [90, "Message too long"],
  EADDRINUSE: [98, "Address already in use"],
  EADDRNOTAVAIL: [99, "Cannot assign requested address"],
  ENETUNREACH: [101, "Network is unreachable"],
  ECONNABORTED: [103, "Software caused connection abort"],
  ECONNRESET: [104, "Connection reset by peer"],
  ENOBUFS: [105, "No buffer space available"],
  ENOTCONN: [107, "Transport endpoint is not connected"],
  ESHUTDOWN: [108, "Cannot send after transport endpoint shutdown"],
  ETIMEDOUT: [110, "Connection timed out"],
  ECONNREFUSED: [111, "Connection refused"],
  EHOSTUNREACH: [113, "No route to host"],
  EALREADY: [114, "Operation already in progress"],
  EINPROGRESS: [115, "Operation now in progress"],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** The same for names of hosts that are not found. Python: `socket.gaierror`. */
const RESOLUTION: Readonly<Record<string, readonly [number, string]>> = {
  ENOTFOUND: [-2, "Name or service not known"],
  EAI_NONAME: [-2, "Name or service not known"],
  EAI_AGAIN: [-3, "Temporary failure in name resolution"],
  EAI_FAIL: [-4, "Non-recoverable failure in name resolution"],
};

/** A name of a system error that {@linkcode osError} knows. */
export type ErrorCode = keyof typeof ERRNO;

/** Options of {@linkcode osError}. */
export interface OSErrorOptions extends ErrorOptions {
  /** The file that the call was about. */
  readonly filename?: string | null;
  /** The second file, where the call had two. */
  readonly filename2?: string | null;
}

/**
 * Makes the `OSError` that Python would raise for a system error: of the subclass that
 * belongs to it, with number and text.
 */
export function osError(code: ErrorCode, options: OSErrorOptions = {}): OSError {
  const [errno, text] = ERRNO[code];
  const { filename = null, filename2 = null } = options;
  const files = filename2 === null ? [filename] : [filename, null, filename2];
  const cause = "cause" in options ? [{ cause: options.cause }] : [];
  return new OSError(...[errno, text, ...(filename === null ? [] : files), ...cause]);
}

/**
 * Turns a runtime's own error into Python's by its `code`, with the error as its cause. An
 * error without a known code comes back as it is.
 */
export function asOSError(error: unknown, filename?: string): unknown {
  if (!isError(error) || error instanceof OSError) return error;
  const { code } = error as { code?: unknown };
  if (typeof code !== "string") return error;
  if (Object.hasOwn(RESOLUTION, code)) {
    return new OSError(...RESOLUTION[code]!, { cause: error });
  }
  if (!Object.hasOwn(ERRNO, code)) return error;
  return osError(code as ErrorCode, { filename: filename ?? null, cause: error });
}
