/**
 * Errors of objects on a server.
 *
 * @module
 */
import { FileNotFoundError, ProcessError } from "../python/errors.ts";
import { wordOf } from "./driver/errors.ts";

/** The server took this process for dead: what it held was given to others. */
export function leaseLost(cause?: unknown): ProcessError {
  return new ProcessError(
    "the lease of this process was over: what it held on the server is not its own any more",
    { cause },
  );
}

/** Whether an error means that the session has ended. */
export function isGone(error: unknown): boolean {
  return wordOf(error) === "GONE";
}

/** The error of a script as one of CPython's. */
export function asErrorOfScript(error: unknown): unknown {
  const { message = "" } = (error ?? {}) as Partial<Error>;
  const text = message.replace(/^[A-Z]+ /, "");
  switch (wordOf(error)) {
    case "NOOBJECT":
      return new FileNotFoundError(2, text);
    case "KIND":
      return new TypeError(text);
    default:
      return error;
  }
}
