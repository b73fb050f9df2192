/**
 * From the error codes of the runtimes (`error.code === "ENOENT"`) to `OSError`s with
 * Linux's numbers and texts. Mirrors the part of Python's `errno` and `os.strerror` that
 * the package meets.
 *
 * @module
 */

import { OSError } from "./os.ts";

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

/** A name of a system error that {@linkcode osError} knows. */
export type ErrorCode = keyof typeof ERRNO;

/** What {@linkcode osError} takes besides the code. */
export interface OSErrorOptions extends ErrorOptions {
  /** The file that the call was about. */
  readonly filename?: string | null;
  /** The second file, where the call had two. */
  readonly filename2?: string | null;
}

/**
 * Makes the `OSError` that Python would raise for a system error.
 *
 * @param code The name of the error.
 * @param options The file or files it is about, and `cause`.
 * @returns An instance of the subclass that belongs to the error, with number and text.
 *
 * @example
 * ```ts
 * import { osError } from "../errors.ts";
 * console.log(String(osError("ENOENT", { filename: "/x" })));
 * // FileNotFoundError: [Errno 2] No such file or directory: '/x'
 * ```
 */
export function osError(code: ErrorCode, options: OSErrorOptions = {}): OSError {
  const [errno, text] = ERRNO[code];
  const error = new OSError(errno, text, options.filename, null, options.filename2);
  if ("cause" in options) setCause(error, options.cause);
  return error;
}

/** As the `Error` constructor sets it: `OSError`'s has no room for options behind numbers. */
function setCause(error: Error, cause: unknown): void {
  Object.defineProperty(error, "cause", {
    value: cause,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/**
 * Turns a runtime's own error into Python's, by its `code`.
 *
 * @param error What was caught.
 * @param filename The file that the call was about.
 * @returns The `OSError`, with `error` as its cause; an error without a known code comes
 * back as it is.
 *
 * @example
 * ```ts
 * import { asOSError } from "../errors.ts";
 * const error = asOSError(Object.assign(new Error("spawn"), { code: "ENOENT" }), "/x");
 * console.log(String(error)); // FileNotFoundError: [Errno 2] No such file or directory: '/x'
 * ```
 */
export function asOSError(error: unknown, filename?: string): unknown {
  if (!(error instanceof Error) || error instanceof OSError) return error;
  const { code } = error as { code?: unknown };
  if (typeof code !== "string" || !Object.hasOwn(ERRNO, code)) return error;
  return osError(code as ErrorCode, { filename: filename ?? null, cause: error });
}
