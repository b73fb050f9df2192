/**
 * The token of an object of a manager's server, and the address of a server as a key.
 *
 * Mirrors `Token` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { repr } from "../../python/arguments.ts";
import type { SocketAddress } from "../../runtime/sockets.ts";
import { printAsText } from "../../python/printing.ts";

/**
 * Names an object of a server. CPython: `multiprocessing.managers.Token`.
 *
 * @example
 * ```ts
 * import { Token } from "./token.ts";
 * console.log(String(new Token("list", "/tmp/s", "1f"))); // Token(typeid='list', address='/tmp/s', id='1f')
 * ```
 */
export class Token {
  /** The type's name in the registry. */
  readonly typeid: string;
  /** The server's address: a path, or `[host, port]`. */
  readonly address: SocketAddress;
  /** The object's number in the server, in hexadecimal digits. */
  readonly id: string;

  /**
   * Names an object of a server.
   *
   * @param typeid The type's name in the registry.
   * @param address The server's: a path, or `[host, port]`.
   * @param id The object's number in the server.
   */
  constructor(typeid: string, address: SocketAddress, id: string) {
    this.typeid = typeid;
    this.address = address;
    this.id = id;
  }

  /** As Python's `repr` shows it. CPython: `Token.__repr__`. */
  toString(): string {
    const { typeid, address, id } = this;
    return `Token(typeid=${repr(typeid)}, address=${repr(address)}, id=${repr(id)})`;
  }
}

printAsText(Token);

/** The same text for the same address. */
export function addressKey(address: SocketAddress): string {
  return typeof address === "string" ? address : `${address[0]} ${address[1]}`;
}

/** An address as it stands in texts. */
export function addressText(address: SocketAddress): string {
  return typeof address === "string" ? address : `${address[0]}:${address[1]}`;
}
