/**
 * A socket for what the root writes to a child, on Deno. There stdin is read by a thread of
 * its own, and to wake two threads for each message takes nearly as long as all the rest
 * of a round trip; the event loop reads a socket itself.
 *
 * The child begins with stdin. The first bytes there may say where the socket is:
 *
 * ```
 * 00  LL  path    then the frames
 * ```
 *
 * Once the child has connected, the root ends stdin and goes on with the socket: the end of
 * stdin is where the child goes on, too. Where there can be no socket, or another program
 * is run, stdin is all there is.
 *
 * @module
 */
import { isAllowedAll } from "../permissions/deno.ts";
import { switches } from "../switches.ts";
import { makeTempDir, removeDir } from "../temp.ts";

/** The byte that no frame begins with. */
const SIGN = 0;
/** Bytes before the path. */
const HEAD = 2;

/** A socket that waits for a child. */
export interface OfferedSocket {
  /** What the child is told by its stdin, before anything else. */
  readonly preamble: Uint8Array<ArrayBuffer>;
  /** Settles when the child has connected, if it does. */
  readonly accepted: Promise<Deno.Conn>;
  /** The child has ended, or has connected: nothing is left behind. */
  close(): void;
}

/** Makes one; undefined where it cannot be made. */
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

/** What closes those that wait. */
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

/** Where the socket is, by the first bytes of stdin; and how many of them say so. */
export function readPreamble(
  bytes: Uint8Array,
): { path: string; length: number } | undefined {
  if (bytes[0] !== SIGN) return undefined;
  const length = HEAD + bytes[1]!;
  return { path: new TextDecoder().decode(bytes.subarray(HEAD, length)), length };
}

/**
 * Connects a child; undefined if that fails: then the root is gone, or this process may not
 * do it any more, and what the root says goes on to come by stdin. What the socket lay in
 * is removed.
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

/** The socket's place is needed no longer: the root may be gone. */
export function removePlace(path: string): void {
  try {
    removeDir(path.slice(0, path.lastIndexOf("/")));
  } catch {
    // a child that has given up writing meanwhile leaves it to the root
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

  /** Settles when all has been taken; never rejects. The bytes must not change before. */
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
