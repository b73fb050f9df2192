/**
 * A socket for what the root writes to a child, on Deno. There a separate thread reads stdin,
 * and waking two threads for each message takes nearly as long as the rest of a round trip;
 * the event loop reads a socket itself.
 *
 * The child begins with stdin, whose first bytes may hold the path of the socket:
 *
 * ```
 * 00  LL  path    then the frames
 * ```
 *
 * Once the child has connected, the root ends stdin and goes on with the socket; at the end
 * of stdin the child goes on with it, too. Where there can be no socket, or for another
 * program, only stdin is used.
 *
 * @module
 */
import { isAllowedAll } from "../permissions/deno.ts";
import { switches } from "../switches.ts";
import { makeTempDir, removeDir } from "../temp.ts";

/** A byte that no frame begins with. */
const SIGN = 0;
/** Bytes before the path. */
const HEAD = 2;

/** A socket that waits for a child. */
export interface OfferedSocket {
  /** The first bytes for the child's stdin. */
  readonly preamble: Uint8Array<ArrayBuffer>;
  /** Settles when the child has connected, if it does. */
  readonly accepted: Promise<Deno.Conn>;
  /** Stops listening and removes the path: the child has ended, or has connected. */
  close(): void;
}

/** Makes a socket for a child; undefined where that is impossible. */
export function offerSocket(): OfferedSocket | undefined {
  if (!switches.socket || Deno.build.os === "windows" || !isAllowedAll()) {
    return undefined;
  }
  let folder: string | undefined;
  try {
    folder = makeTempDir();
    const path = `${folder}/s`;
    const listener = Deno.listen({ transport: "unix", path });
    listener.unref();
    const accepted = listener.accept();
    accepted.catch(() => {}); // closed before
    return { preamble: preambleOf(path), accepted, close: closer(listener, folder) };
  } catch {
    if (folder !== undefined) removeDir(folder);
    return undefined; // the path is too long, say
  }
}

/** The `close` of each socket that waits for its child. */
const waiting = new Set<() => void>();

function closer(listener: Deno.Listener, folder: string): () => void {
  const close = () => {
    if (!waiting.delete(close)) return;
    listener.close();
    removeDir(folder);
  };
  if (waiting.size === 0) globalThis.addEventListener("unload", closeAll);
  waiting.add(close);
  return close;
}

function closeAll(): void {
  for (const close of waiting) close();
}

function preambleOf(path: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(path);
  const preamble = new Uint8Array(HEAD + bytes.length);
  preamble.set([SIGN, bytes.length]);
  preamble.set(bytes, HEAD);
  return preamble;
}

/** The preamble at the beginning of stdin: the socket's path, and the length. */
export function readPreamble(
  bytes: Uint8Array,
): { path: string; length: number } | undefined {
  if (bytes[0] !== SIGN) return undefined;
  const length = HEAD + bytes[1]!;
  return { path: new TextDecoder().decode(bytes.subarray(HEAD, length)), length };
}

/**
 * Connects a child and removes the socket's folder. Undefined if that fails: then the root is
 * gone, or this process has dropped the permission, and stdin stays the link.
 */
export async function connectChild(path: string): Promise<Deno.Conn | undefined> {
  try {
    const conn = await Deno.connect({ transport: "unix", path });
    removePlace(path);
    return conn;
  } catch {
    return undefined;
  }
}

/** Removes the socket's folder, as the root may be gone. */
export function removePlace(path: string): void {
  try {
    removeDir(path.slice(0, path.lastIndexOf("/")));
  } catch {
    // a child that has dropped the permission to write leaves it to the root
  }
}

/** Writes to a socket in order, however much it takes at a time. */
export class SocketWriter {
  readonly #conn: Deno.Conn;
  readonly #queue: Uint8Array[] = [];
  #writing: Promise<void> | undefined;

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** Settles when all is written; never rejects. The bytes must not change before. */
  write(bytes: Uint8Array): Promise<void> {
    this.#queue.push(bytes);
    return this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      for (let rest = this.#queue.shift(); rest !== undefined;) {
        const length = await this.#conn.write(rest);
        rest = length < rest.length ? rest.subarray(length) : this.#queue.shift();
      }
    } catch {
      this.#queue.length = 0; // the child is gone: `exited` tells
    }
    this.#writing = undefined;
  }

  close(): void {
    try {
      this.#conn.close();
    } catch {
      // it is closed
    }
  }
}
