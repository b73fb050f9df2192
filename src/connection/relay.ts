/**
 * How a connection made by a socket travels to another process.
 *
 * The runtimes cannot hand an open socket to another process. So this process keeps it,
 * makes a pipe, sends one end of that (see relayed.ts), and hands messages on between the
 * other end and the socket, until one of the two is closed:
 *
 * ```
 *  peer ── socket ── this process ── pipe (hub) ── process that was sent the connection
 * ```
 *
 * Nothing is taken from the socket before the other process has said that it has its end:
 * if it never gets it, the connection is as it was. From then on both ways hold at most
 * what a pipe and a socket's buffers hold; who sends more has to wait. As in CPython,
 * sender and receiver have the connection both, and the socket is closed when all have
 * closed it; a connection that nobody has any more is closed.
 *
 * Mirrors `reduce_connection` of `multiprocessing/connection.py` and
 * `multiprocessing/resource_sharer.py`.
 *
 * @module
 */
import { BrokenPipeError, EOFError, OSError } from "../errors.ts";
import { currentPeer } from "../peer.ts";
import type { DumpContext } from "../reduction.ts";
import { makeEnds } from "./pipe.ts";
import type { PipeEnd } from "./pipe_end.ts";
import { Mark, reducedEnd, withMark } from "./relayed.ts";
import type { SocketCodec } from "./socket_codec.ts";
import type { Taker, Transport } from "./transport.ts";

/** An end that stands for the socket, as it travels. */
export function reduceRelayed(
  socket: Transport,
  codec: SocketCodec,
  context: DumpContext,
): [name: string, fields: Record<string, unknown>] {
  const [near, far] = makeEnds(currentPeer(), true);
  far.open();
  const [, fields] = far.reduce(context);
  // Whoever it goes to has it by then, or the message that it travels in.
  queueMicrotask(() => far.close(undefined));
  void new Relay(socket, near).run();
  return reducedEnd(fields, codec, true);
}

class Relay {
  readonly #socket: Transport;
  readonly #near: PipeEnd;
  readonly #taker: Taker;
  #isOver = false;

  constructor(socket: Transport, near: PipeEnd) {
    this.#socket = socket;
    this.#near = near;
    this.#taker = {
      owner: this,
      signal: undefined,
      isBackground: true,
      maxlength: Infinity,
      refuse: () => new OSError("bad message length"),
    };
    socket.open();
    near.open();
  }

  async run(): Promise<void> {
    try {
      await this.#near.take(this.#taker); // it has arrived
    } catch {
      return this.#close();
    }
    void this.#handIn();
    await this.#handOut();
  }

  /** From the process to the socket, until nobody has the end any more. */
  async #handOut(): Promise<void> {
    try {
      for (;;) {
        const message = await this.#take(this.#near);
        await this.#socket.send(() => message, this.#taker);
      }
    } catch (error) {
      // A socket that takes nothing any more still has what came before.
      if (!(error instanceof EOFError)) this.#finish();
      this.#close();
    }
  }

  /** From the socket to the process, until the socket has ended. */
  async #handIn(): Promise<void> {
    try {
      while (!this.#isOver) await this.#give(await this.#take(this.#socket));
    } catch (error) {
      // If the process has gone, what it has sent before shall still leave.
      if (error instanceof BrokenPipeError) return;
      this.#end(new OSError("bad message length")); // a pipe's messages are shorter
    }
  }

  async #take(from: Transport): Promise<Uint8Array> {
    try {
      return from.takeNow(this.#taker) ?? await from.take(this.#taker);
    } catch (error) {
      if (from === this.#socket) this.#end(error);
      throw error;
    }
  }

  #give(message: Uint8Array): Promise<void> {
    return this.#near.send(() => withMark(Mark.Message, message), this.#taker);
  }

  /** The socket is dead: the process gets the rest. */
  #finish(): void {
    try {
      for (;;) {
        const message = this.#socket.takeNow(this.#taker);
        if (message === undefined) break;
        this.#give(message).catch(() => {});
      }
    } catch (error) {
      this.#end(error);
    }
  }

  /** The socket has ended: the process is told how. */
  #end(error: unknown): void {
    if (this.#isOver) return;
    if (!(error instanceof EOFError)) {
      const mark = withMark(markOf(error), new Uint8Array(0));
      this.#near.send(() => mark, this.#taker).catch(() => {});
    }
    this.#close();
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#near.close(this);
    this.#socket.close(this);
  }
}

function markOf(error: unknown): number {
  const { message } = error as Error;
  if (message === "got end of file during message") return Mark.Torn;
  return message === "bad message length" ? Mark.TooLong : Mark.Failed;
}
