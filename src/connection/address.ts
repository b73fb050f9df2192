/**
 * The families of addresses: `AF_INET` is `[host, port]`, `AF_UNIX` a path.
 *
 * Mirrors `address_type` and `arbitrary_address` of `multiprocessing/connection.py`.
 * Unlike there, named pipes of Windows (`AF_PIPE`) are not served: `AF_INET` is taken there.
 *
 * @module
 */
import { asInteger, pythonTypeName, repr, takes } from "../python/arguments.ts";
import { OSError, osError, OverflowError, ValueError } from "../python/errors.ts";
import { get_temp_dir } from "../python/util.ts";
import { isWindows } from "../runtime/posix.ts";
import type { SocketAddress } from "../runtime/sockets.ts";

/** A family's name. */
export type Family = "AF_INET" | "AF_UNIX";

/** The families of a system, the last one that which is taken where none is given. */
export function familiesOf(windows: boolean): readonly Family[] {
  return windows ? ["AF_INET"] : ["AF_INET", "AF_UNIX"];
}

/**
 * All families: `AF_UNIX` is not one of Windows'. CPython: `connection.families`.
 */
export const families: readonly Family[] = familiesOf(isWindows());

/** The family where none is given. CPython: `connection.default_family`. */
export const default_family: Family = families.at(-1)!;

/**
 * The family of an address. CPython: `multiprocessing.connection.address_type`.
 *
 * @throws {ValueError} for a null and other things that are no address
 *
 * @example
 * ```ts
 * import { address_type } from "@pystd/multiprocessing/connection";
 * console.log(address_type(["localhost", 0]), address_type("/tmp/s")); // AF_INET AF_UNIX
 * ```
 */
export function address_type(address: unknown): string {
  takes("address_type", arguments, { most: 1, self: 0 });
  if (Array.isArray(address)) return "AF_INET";
  if (typeof address === "string") {
    return address.startsWith("\\\\") ? "AF_PIPE" : "AF_UNIX";
  }
  const text = `address type of ${repr(address)} unrecognized`;
  if (address === null || address === undefined) throw new ValueError(text);
  throw new TypeError(text);
}

/**
 * A free address of a family. CPython: `multiprocessing.connection.arbitrary_address`.
 *
 * @throws {ValueError} if there is no such family
 *
 * @example
 * ```ts
 * import { arbitrary_address } from "@pystd/multiprocessing/connection";
 * console.log(arbitrary_address("AF_INET")); // [ "localhost", 0 ]
 * ```
 */
export function arbitrary_address(family: string): SocketAddress {
  takes("arbitrary_address", arguments, { most: 1, self: 0 });
  if (family === "AF_INET") return ["localhost", 0];
  if (!families.includes(family as Family)) throw new ValueError("unrecognized family");
  const random = crypto.getRandomValues(new Uint8Array(6));
  const digits = Array.from(random, (byte) => byte.toString(16).padStart(2, "0"));
  return `${get_temp_dir()}/listener-${digits.join("")}`;
}

/** Most bytes of a path that the system takes. */
const MAX_PATH = 107;

/** Checks an address (host and port, or a path) for a call of the system; errors name that. */
export function asSocketAddress(
  address: unknown,
  call: "bind" | "connect",
): SocketAddress {
  if (!Array.isArray(address)) return asPath(address as string);
  if (address.length !== 2) {
    throw new TypeError("AF_INET address must be a pair (host, port)");
  }
  const [host, port] = address;
  if (typeof host !== "string") {
    const type = pythonTypeName(host);
    throw new TypeError(`str, bytes or bytearray expected, not ${type}`);
  }
  const number = asInteger(port);
  if (number >= 0 && number <= 65535) return [host, number];
  throw new OverflowError(`${call}(): port must be 0-65535.`);
}

function asPath(path: string): string {
  if (path === "") throw osError("EINVAL");
  if (new TextEncoder().encode(path).length <= MAX_PATH) return path;
  throw new OSError("AF_UNIX path too long");
}

/** Checks the number of connections that may wait for a listener: a C int. */
export function asBacklog(value: unknown): number {
  const backlog = asInteger(value);
  if (Math.abs(backlog) >= 2 ** 63) {
    throw new OverflowError("Python int too large to convert to C long");
  }
  if (backlog > MAX_INT) {
    throw new OverflowError("signed integer is greater than maximum");
  }
  if (backlog < -MAX_INT - 1) {
    throw new OverflowError("signed integer is less than minimum");
  }
  return backlog;
}

const MAX_INT = 2 ** 31 - 1;

/** Refuses a family that is not served here. @throws {ValueError} */
export function validateFamily(family: string): asserts family is Family {
  if (families.includes(family as Family)) return;
  throw new ValueError(`Family ${family} is not recognized.`);
}
