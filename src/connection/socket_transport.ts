/**
 * Carries the messages of a `Connection` over a socket, in CPython's frames.
 *
 * Messages are read ahead while they are less than 1 MiB; then the other side has to wait.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { Deque } from "../collections/deque.ts";
import { OrderedSender } from "../collections/ordered_sender.ts";
import { WaitList } from "../collections/wait_list.ts";
import { sendInOrder, type Waiter, waitHere, withoutTimeout } from "../link/waiting.ts";
import { ops } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { EOFError, OSError } from "../python/errors.ts";
import type { DumpContext } from "../reduction/mod.ts";
import type { Payload } from "../wire/message.ts";
import type { MessageSocket } from "./message_socket.ts";
import { type CodecName, reduceRelayed, SocketCodec } from "./relay.ts";
import {
  type Encode,
  type Taker,
  Takers,
  type Transport,
  type User,
  waitForRoom,
} from "./transport.ts";

/** Bytes that are read ahead. */
const READ_AHEAD = 1 << 20;
/** Bytes that `send` leaves in this process before it waits. */
const WRITE_AHEAD = 1 << 16;

/** Carries the messages of a `Connection` over a socket. */
export class SocketTransport implements Transport {
  readonly codec: SocketCodec;
  readonly #socket: MessageSocket;
  readonly #messages = new Deque<Payload>();
  #stored = 0;
  readonly #takers = new Takers();
  readonly #watchers = new Set<() => void>();
  /** Senders that wait until fewer bytes are in this process. */
  readonly #waitingForRoom = new WaitList<Waiter<void>>();
  /** The reason why no more messages come; null while they may. */
  #end: Error | null = null;
  /** Messages whose bytes are not known yet, and those behind them. */
  readonly #order = new OrderedSender();
  #users = 0;

  /** @param ahead Messages that have been read already. */
  constructor(
    socket: MessageSocket,
    codec: CodecName | undefined,
    ahead: readonly Payload[] = [],
  ) {
    this.#socket = socket;
    this.codec = new SocketCodec(codec);
    for (const message of ahead) this.#receive(message);
    socket.start({
      onMessage: (message) => this.#receive(message.slice()),
      onEnd: (error) => this.#finish(error),
      onDrain: () => this.#drained(),
    });
    if (!socket.isOpen) this.#finish(undefined);
    socket.setPaused(this.#stored > READ_AHEAD);
  }

  #receive(message: Payload): void {
    const place = this.#takers.next(message.length);
    if (place !== undefined) return place.item.waiter.resolve(message);
    this.#messages.push(message);
    this.#stored += message.length + 1;
    if (this.#stored > READ_AHEAD) this.#socket.setPaused(true);
    this.#tell();
  }

  #finish(error: Error | undefined): void {
    if (this.#end !== null) return;
    this.#end = error instanceof OSError ? error : new EOFError();
    this.#takers.end(() => this.#end!);
    this.#drained();
    this.#tell();
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #drained(): void {
    for (const waiter of this.#waitingForRoom.takeAll()) waiter.resolve();
  }

  // --- Waitable

  get isReady(): boolean {
    return this.#messages.length > 0 || this.#end !== null;
  }

  get isCertain(): boolean {
    return false;
  }

  async ask(): Promise<boolean> {
    if (this.isReady) return true;
    // Messages that the system has already must count.
    for (let turn = 0; turn < 2; turn++) await currentPeer().nextTurn();
    return this.isReady;
  }

  watch(callback: () => void): () => void {
    this.#watchers.add(callback);
    if (this.isReady) callback();
    return () => this.#watchers.delete(callback);
  }

  // --- Transport

  send(encode: Encode, user: User): Promise<void> {
    const isView = this.#order.isClear;
    let payload = encode(isView);
    if (isUint8Array(payload)) {
      if (this.#order.isClear) return this.#post(payload, user);
      if (isView) payload = payload.slice(); // its encoding has sent something else
    }
    return sendInOrder(currentPeer(), user, this.#order, payload, (payload) => {
      return this.#post(payload, user);
    });
  }

  /** Sends bytes; done when there is room for more. */
  async #post(payload: Payload, user: User): Promise<void> {
    this.#socket.send(payload);
    if (this.#socket.buffered <= WRITE_AHEAD) return;
    await waitForRoom(currentPeer(), this.#waitingForRoom, user);
  }

  takeNow(taker: Taker): Payload | undefined {
    const first = this.#messages.at(0);
    if (first === undefined) {
      if (this.#end !== null) throw this.#end;
      return undefined;
    }
    if (first.length > taker.maxlength) throw taker.refuse();
    this.#messages.shift();
    this.#stored -= first.length + 1;
    if (this.#stored <= READ_AHEAD) this.#socket.setPaused(false);
    return first;
  }

  take(taker: Taker): Promise<Payload> {
    return waitHere<Payload>(
      currentPeer(),
      withoutTimeout(taker),
      (waiter) => this.#takers.enter({ taker, waiter }),
      undefined,
      ops.recvSocket,
    );
  }

  open(): void {
    this.#users++;
  }

  close(owner: object | undefined): void {
    this.#takers.close(owner);
    if (--this.#users > 0) return;
    this.#order.enter(undefined, () => { // behind all that was sent
      this.#socket.close();
      this.#finish(undefined);
    }, () => {});
  }

  /** The other process gets an end of a pipe; see relay.ts. */
  reduce(context: DumpContext): [name: string, fields: Record<string, unknown>] {
    return reduceRelayed(this, this.codec, context);
  }
}
