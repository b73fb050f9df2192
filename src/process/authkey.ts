/**
 * The key by which processes of one program know each other: bytes that do not travel.
 * Mirrors `AuthenticationString` of `multiprocessing/process.py`.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { HIDDEN } from "../python/repr.ts";
import {
  type DumpContext,
  REDUCE_SHARED,
  registerTransferable,
} from "../reduction/mod.ts";
import { printAsText } from "../python/printing.ts";

/** The text that is shown in the place of a key. */
const SHOWN = "<AuthenticationString>";

/**
 * Bytes that refuse to be sent to another process, so that a key does not leak, but for one
 * that is being started. Nor are they shown: not by the console, as JSON or as text, where
 * CPython shows them as `bytes`. CPython: `multiprocessing.process.AuthenticationString`.
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
    if (!isUint8Array(value)) {
      throw new TypeError(`cannot convert '${pythonTypeName(value)}' object to bytes`);
    }
    const copy = new AuthenticationString(value.length);
    copy.set(value);
    return copy;
  }

  /** @internal Refuses, unless a process is being started, which gets it on a way of its own. */
  [REDUCE_SHARED](context: DumpContext): [string, { key: Uint8Array }] {
    if (!context.spawning) {
      throw new TypeError(
        "Pickling an AuthenticationString object is disallowed for security reasons",
      );
    }
    return ["authkey:rebuild", { key: new Uint8Array(this) }];
  }

  /** That it is one. */
  override toString(): string {
    return SHOWN;
  }

  /** The same. */
  override toLocaleString(): string {
    return SHOWN;
  }

  /** The same: a key in something larger must not go where that is sent. */
  toJSON(): string {
    return SHOWN;
  }

  /** For `repr`. */
  get [HIDDEN](): string {
    return SHOWN;
  }
}

printAsText(AuthenticationString);

function rebuild({ key }: { key: Uint8Array }): AuthenticationString {
  return AuthenticationString.from(key);
}

registerTransferable("authkey:rebuild", { rebuild });

/** A fresh key, for the root process. */
export function newAuthkey(): AuthenticationString {
  return AuthenticationString.from(crypto.getRandomValues(new Uint8Array(32)));
}
