/**
 * The channel to a manager's server that is CPython's: pickles, one request at a time on one
 * connection for each thread of this process, and short connections of their own for
 * making objects and counting references.
 *
 * Mirrors `BaseProxy._connect`, `dispatch` and `convert_to_error` of
 * `multiprocessing/managers.py`.
 *
 * @module
 */
import type { MessageReader } from "../../connection/handshake.ts";
import type { MessageSocket } from "../../connection/message_socket.ts";
import { abortable, whenInterrupted } from "../../link/waiting.ts";
import { currentPeer } from "../../link/peer.ts";
import { pythonTypeName } from "../../python/arguments.ts";
import { RemoteError, ValueError } from "../../python/errors.ts";
import { current_thread_id } from "../../python/thread.ts";
import type { SocketAddress } from "../../runtime/sockets.ts";
import { PyTuple } from "../../pickle/types.ts";
import { type Channel, RemoteRef } from "./channel.ts";
import { unserializableText } from "./messages.ts";
import { open, type Opened } from "./open.ts";
import { dumpPickle, fromPyToken, loadPickle, pyToken, revive } from "./pickling.ts";
import { Token } from "./token.ts";

/** One thread's connection, and the requests that wait for it. */
interface Line {
  /** Undefined where the next request is to open one. */
  opened: Promise<Opened> | undefined;
  /** Settles when the last request has been answered, or has failed; never rejects. */
  last: Promise<unknown>;
}

/** The connections of this process's threads to a server of CPython's. */
export class ClassicChannel implements Channel {
  readonly isNative = false;
  readonly #address: SocketAddress;
  readonly #authkey: Uint8Array;
  readonly #lines = new Map<number, Line>();
  #counting: Promise<unknown> = Promise.resolve();

  constructor(address: SocketAddress, authkey: Uint8Array) {
    this.#address = address;
    this.#authkey = authkey;
  }

  call(
    token: Token,
    method: string,
    args: readonly unknown[],
    kwds: object | null,
    signal?: AbortSignal,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const bytes = request(method, args, kwds, token.id);
    const thread = current_thread_id();
    let line = this.#lines.get(thread);
    if (line === undefined) {
      line = { opened: this.#openLine(thread), last: Promise.resolve() };
      line.opened!.catch(() => {}); // the first request rejects with it
      this.#lines.set(thread, line);
    }
    const { stop, forget } = stoppedBy(signal);
    const before = Promise.all([line.last, this.#counting.catch(() => {})]);
    const answer = before.then(() => this.#exchange(thread, line, bytes, stop));
    line.last = answer.catch(() => {});
    const result = answer.then(interpret, (error) => {
      throw stop.aborted ? stop.reason : error;
    });
    return abortable(currentPeer(), result, stop).finally(forget);
  }

  /** One request on a line, whose connection is over if that fails. */
  async #exchange(
    thread: number,
    line: Line,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    signal.throwIfAborted();
    const opened = line.opened ??= this.#openLine(thread);
    const { socket, reader } = await opened.catch((error) => {
      line.opened = undefined;
      throw error;
    });
    signal.throwIfAborted();
    const abandon = () => socket.close(); // the protocol has no way of giving up
    signal.addEventListener("abort", abandon, { once: true });
    try {
      return await exchange(socket, reader, bytes);
    } catch (error) {
      line.opened = undefined; // the requests that wait get another connection
      socket.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", abandon);
    }
  }

  async #openLine(thread: number): Promise<Opened> {
    const opened = await open(this.#address, this.#authkey);
    const hello = request("accept_connection", [`thread-${thread}`]);
    interpret(await exchange(opened.socket, opened.reader, hello));
    return opened;
  }

  async create(
    typeid: string,
    args: readonly unknown[],
    kwds: object | null,
  ): Promise<RemoteRef> {
    const bytes = request("create", [typeid, ...args], kwds);
    const made = await this.#once(bytes) as [string, string[]];
    return new RemoteRef(typeid, made[0], made[1]);
  }

  ask(name: string, args: readonly unknown[]): Promise<unknown> {
    const sent = args.map((arg) => arg instanceof Token ? pyToken(arg) : arg);
    return this.#once(request(name, sent));
  }

  incref(token: Token): void {
    this.#count("incref", token);
  }

  decref(token: Token): void {
    this.#count("decref", token);
  }

  /** In order, and before what is called later. */
  #count(name: string, token: Token): void {
    this.#counting = this.#counting.catch(() => {}).then(() => {
      return this.#once(request(name, [token.id]));
    });
    this.#counting.catch(() => {}); // the object is gone, or the server
  }

  /** A request on a connection of its own. */
  #once(bytes: Uint8Array): Promise<unknown> {
    return currentPeer().refWhile((async () => {
      const { socket, reader } = await open(this.#address, this.#authkey);
      try {
        return interpret(await exchange(socket, reader, bytes));
      } finally {
        socket.close();
      }
    })());
  }

  bye(): void {
    for (const { opened } of this.#lines.values()) {
      opened?.then(({ socket }) => socket.close(), () => {});
    }
    this.#lines.clear();
  }
}

/** A request to an object, or to the server itself if there is none. */
function request(
  name: string,
  args: readonly unknown[],
  kwds: object | null = null,
  ident: string | null = null,
): Uint8Array {
  return dumpPickle(PyTuple.of<unknown>(ident, name, PyTuple.from(args), kwds ?? {}));
}

async function exchange(
  socket: MessageSocket,
  reader: MessageReader,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  socket.send(bytes);
  socket.setHeld(true);
  try {
    return await reader.read();
  } finally {
    socket.setHeld(false);
  }
}

/** The result in an answer. @throws the error of the method, or {RemoteError} */
function interpret(bytes: Uint8Array): unknown {
  const answer = loadPickle(bytes);
  if (!Array.isArray(answer) || answer.length !== 2) {
    throw new ValueError("Unrecognized message type");
  }
  const [kind, value] = answer;
  switch (kind) {
    case "#RETURN":
      return revive(value);
    case "#PROXY": {
      const [exposed, token] = value as [string[], unknown];
      const { typeid, id } = fromPyToken(token);
      return new RemoteRef(typeid, id, exposed);
    }
    case "#ERROR":
      throw value;
    case "#TRACEBACK":
    case "#UNSERIALIZABLE":
      if (typeof value !== "string") {
        throw new TypeError(
          `Result ${String(value)} (kind '${kind}') type is ${
            pythonTypeName(value)
          }, not str`,
        );
      }
      throw new RemoteError(
        kind === "#TRACEBACK" ? value : unserializableText(value),
      );
    default:
      throw new ValueError(`Unrecognized message type ${String(kind)}`);
  }
}

/** The signal that ends a request: the caller's, or that of Ctrl-C. */
function stoppedBy(
  signal: AbortSignal | undefined,
): { stop: AbortSignal; forget: () => void } {
  const interrupted = new AbortController();
  const forget = whenInterrupted((error) => interrupted.abort(error));
  const stop = signal === undefined
    ? interrupted.signal
    : AbortSignal.any([signal, interrupted.signal]);
  return { stop, forget };
}
