/**
 * What the rest of this folder needs of a client library: one connection to the server, which
 * sends commands in order and is lost for good when it is lost.
 *
 * @module
 */

/** An argument of a command. */
export type Argument = string | Uint8Array;

/** A reply of the server; bytes for every string of its. */
export type Reply = Uint8Array | string | number | null | readonly Reply[];

/** One connection. */
export interface Connection {
  /** Sends a command; those of one moment leave together. @throws the library's errors */
  send(command: readonly Argument[]): Promise<Reply>;
  /** Closes it: what was not answered rejects. */
  close(): void;
}

/** Where a server of a cluster is. */
export interface Node {
  readonly host: string;
  readonly port: number;
}

/**
 * Opens a connection, which does not keep the process alive.
 *
 * @param onLost Called once if it is lost, not when it is closed.
 * @param node To which server of a cluster; that which the user has named if undefined.
 */
export type Connect = (
  onLost: (reason: unknown) => void,
  node?: Node,
) => Promise<Connection>;

/** The address of a server of a cluster, reached as the one that the user has named. */
export function addressOfNode(url: string, node: Node | undefined): string {
  if (node === undefined) return url;
  const { host, port } = node;
  return url.replace(
    /^(\w+:\/\/(?:[^@/]*@)?)[^/?]*/,
    `$1${host.includes(":") ? `[${host}]` : host}:${port}`,
  );
}

const decoder = new TextDecoder();

/** A reply as text. */
export function textOf(reply: Reply | undefined): string {
  if (typeof reply === "string") return reply;
  if (typeof reply === "number") return String(reply);
  return decoder.decode(reply as Uint8Array);
}

/** A reply as a list. */
export function listOf(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? reply : [];
}
