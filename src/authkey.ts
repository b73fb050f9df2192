/**
 * The key by which processes of one program know each other: bytes that do not travel.
 * Mirrors `AuthenticationString` of `multiprocessing/process.py`.
 *
 * @module
 */
import { pythonTypeName } from "./arguments.ts";
import { type DumpContext, REDUCE_SHARED } from "./reduction.ts";

/**
 * Bytes that refuse to be sent to another process, so that a key does not leak.
 * CPython: `multiprocessing.process.AuthenticationString`.
 *
 * @example
 * ```ts
 * import { current_process } from "@pystd/multiprocessing";
 * console.log(current_process().authkey.length); // 32
 * ```
 */
export class AuthenticationString extends Uint8Array {
  /** A copy of `value`, as `bytes(value)` makes one. @throws {TypeError} if it has no bytes */
  static override from(value: unknown): AuthenticationString {
    if (typeof value === "string") {
      throw new TypeError("string argument without an encoding");
    }
    if (!(value instanceof Uint8Array)) {
      throw new TypeError(`cannot convert '${pythonTypeName(value)}' object to bytes`);
    }
    const copy = new AuthenticationString(value.length);
    copy.set(value);
    return copy;
  }

  /** Refuses. */
  [REDUCE_SHARED](_context: DumpContext): never {
    throw new TypeError(
      "Pickling an AuthenticationString object is disallowed for security reasons",
    );
  }
}

/** A fresh key, for the root process. */
export function newAuthkey(): AuthenticationString {
  return AuthenticationString.from(crypto.getRandomValues(new Uint8Array(32)));
}
