/**
 * Addresses of sockets in Linux's abstract namespace: those that begin with NUL.
 *
 * @module
 */
import { repr, takes } from "../python/arguments.ts";
import { isUint8Array } from "../runtime/brands.ts";
import { isLinux } from "../runtime/posix.ts";

/** Whether this system has them. CPython: `util.abstract_sockets_supported`. */
export const abstract_sockets_supported: boolean = isLinux();

/**
 * Whether an address is one of them. CPython: `util.is_abstract_socket_namespace`.
 *
 * @param address Text or bytes; null for none.
 * @throws {TypeError} `address type of … unrecognized`
 *
 * @example
 * ```ts
 * import { is_abstract_socket_namespace } from "@pystd/multiprocessing/util";
 * console.log(is_abstract_socket_namespace("\0name")); // true
 * ```
 */
export function is_abstract_socket_namespace(
  address: string | Uint8Array | null,
): boolean {
  takes("is_abstract_socket_namespace", arguments, { most: 1, self: 0 });
  if (address === null || address === undefined) return false;
  if (isUint8Array(address)) return address[0] === 0;
  if (typeof address === "string") return address.startsWith("\0");
  if (isEmpty(address)) return false;
  throw new TypeError(`address type of ${repr(address)} unrecognized`);
}

/** Whether Python takes a value for false. */
function isEmpty(value: unknown): boolean {
  return !value || Array.isArray(value) && value.length === 0;
}
