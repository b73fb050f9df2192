/**
 * The channel to a server of ours: one connection for the whole process, on which many calls
 * can be under way, by the protocol of messages.ts.
 *
 * A call is encoded when it is made and sent in the order of the calls, those made while
 * the connection is still being opened included. When the connection ends, every call
 * that waits is rejected with the reason, and so is every later one: the references that the
 * server has counted for this process are gone with the connection.
 *
 * @module
 */
import { isUint8Array } from "../../runtime/brands.ts";
import { OrderedSender } from "../../collections/ordered_sender.ts";
import type { MessageSocket } from "../../connection/message_socket.ts";
import { PendingCalls, type Waiter } from "../../link/pending_calls.ts";
import { observed, type ObservedWait, type Op as WaitOp } from "../../link/observed.ts";
import { whenInterrupted } from "../../link/waiting.ts";
import { currentPeer } from "../../link/peer.ts";
import { identity } from "../../process/identity.ts";
import { EOFError, osError, RemoteError } from "../../python/errors.ts";
import { current_thread_id } from "../../python/thread.ts";
import {
  dumps,
  dumpsView,
  loadError,
  loads,
  type PendingPayload,
} from "../../reduction/mod.ts";
import { runtime } from "../../runtime/mod.ts";
import { type Channel, creation, type PublicRequest, RemoteRef } from "./channel.ts";
import {
  encodeName,
  get32,
  Op,
  put32,
  Reply,
  REPLY_HEAD,
  REQUEST_HEAD,
  unserializableText,
} from "./messages.ts";
import type { Token } from "./token.ts";

const decoder = new TextDecoder();
const NO_PAYLOAD = new Uint8Array(0);

/** What a wait for a method of a managed object is in. */
function managedOp(name: string): WaitOp {
  return { name, of: "managed", isOpen: false };
}

/** A call that waits for its answer. */
interface Call extends Waiter<unknown> {
  /** What it is for an observer, if there is one. */
  readonly wait: ObservedWait | undefined;
}

/** A connection to a server of ours, and the calls that wait for its answers. */
export class NativeChannel implements Channel {
  readonly isNative = true;
  #socket: MessageSocket | undefined;
  #failure: Error | undefined;
  #lastCall = 0;
  /** The pid of the server, as it says; 0 until then. */
  server = 0;
  readonly #pending = new PendingCalls<unknown, Call>();
  /** First comes the opening; later, payloads whose functions are being looked for. */
  readonly #order = new OrderedSender();
  readonly #forget = whenInterrupted((error) => this.#interrupt(error));

  /** @param opening Gives the connection, after the handshake. */
  constructor(opening: Promise<MessageSocket>) {
    this.#order.enter(
      opening,
      (socket) => this.#open(socket),
      (error) => this.#fail(error as Error),
    );
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  #open(socket: MessageSocket): void {
    this.#socket = socket;
    socket.start({
      onMessage: (message) => this.#receive(message),
      onEnd: (error) => this.#fail(error ?? new EOFError()),
    });
    const name = `${identity.current.name} (pid ${runtime.pid})`;
    const hello = dumps(["accept_connection", [name, runtime.pid], null]) as Uint8Array;
    const call = this.#newCall();
    this.#wait(call).then((pid) => this.server = Number(pid) || 0, () => {});
    this.#writePublic(call, current_thread_id(), hello); // before all that waits
    socket.setHeld(true);
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#forget();
    for (const call of this.#pending.numbers()) this.#take(call)!.reject(error);
  }

  // --- Channel

  call(
    token: Token,
    method: string,
    args: readonly unknown[],
    kwds: object | null,
    signal?: AbortSignal,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.#failure !== undefined) return this.#refuse();
    const payload = this.#encode(kwds === null ? args : [args, kwds]);
    const name = encodeName(method);
    const call = this.#newCall();
    const id = parseInt(token.id, 16);
    // Whether it has a limit of time the server knows.
    const wait = observed.by?.wait(
      managedOp(method),
      id,
      null,
      signal !== undefined,
      this,
    );
    const result = this.#wait(call, wait);
    const op = kwds === null ? Op.Call : Op.CallKw;
    const thread = current_thread_id();
    const leave = this.#send(payload, (payload) => {
      const end = REQUEST_HEAD + 4 + name.length;
      const bytes = this.#begin(op, call, thread, end + payload.length);
      put32(bytes, REQUEST_HEAD, id);
      bytes.set(name, REQUEST_HEAD + 4);
      bytes.set(payload, end);
    }, call);
    return signal === undefined ? result : this.#abortable(call, result, leave, signal);
  }

  async create(
    typeid: string,
    args: readonly unknown[],
    kwds: object | null,
  ): Promise<RemoteRef> {
    return await this.#public(creation(typeid, args, kwds)) as RemoteRef;
  }

  /** Makes an object, as `create` does, by a {@linkcode creation} that is encoded. */
  async createBy(payload: Uint8Array | PendingPayload): Promise<RemoteRef> {
    return await this.#request(payload) as RemoteRef;
  }

  ask(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#public([name, args, null]);
  }

  #public(request: PublicRequest): Promise<unknown> {
    if (this.#failure !== undefined) return this.#refuse();
    return this.#request(this.#encode(request));
  }

  #request(payload: Uint8Array | PendingPayload): Promise<unknown> {
    if (this.#failure !== undefined) return this.#refuse();
    const call = this.#newCall();
    const result = this.#wait(call);
    const thread = current_thread_id();
    this.#send(payload, (payload) => this.#writePublic(call, thread, payload), call);
    return result;
  }

  #writePublic(call: number, thread: number, payload: Uint8Array): void {
    this.#begin(Op.Public, call, thread, REQUEST_HEAD + payload.length)
      .set(payload, REQUEST_HEAD);
  }

  incref(token: Token): void {
    this.#count(Op.Incref, token);
  }

  decref(token: Token): void {
    this.#count(Op.Decref, token);
  }

  #count(op: number, token: Token): void {
    if (this.#failure !== undefined) return;
    this.#send(NO_PAYLOAD, () => {
      const bytes = this.#begin(op, 0, 0, REQUEST_HEAD + 4);
      put32(bytes, REQUEST_HEAD, parseInt(token.id, 16));
    });
  }

  /** Tells the server that this process ends by itself, and closes. */
  bye(): void {
    const socket = this.#socket;
    if (socket === undefined || this.#failure !== undefined) return;
    this.#begin(Op.Bye, 0, 0, REQUEST_HEAD);
    socket.close();
    this.#fail(osError("EPIPE"));
  }

  // --- out

  #encode(value: unknown): Uint8Array | PendingPayload {
    const isView = this.#order.isClear;
    const payload = isView ? dumpsView(value) : dumps(value);
    const mustKeep = isView && !this.#order.isClear; // encoding it has sent something
    return mustKeep && isUint8Array(payload) ? payload.slice() : payload;
  }

  #newCall(): number {
    this.#lastCall = (this.#lastCall + 1) >>> 0 || 1;
    return this.#lastCall;
  }

  #wait(call: number, wait?: ObservedWait): Promise<unknown> {
    const result = new Promise<unknown>((resolve, reject) => {
      if (this.#pending.size === 0) {
        currentPeer().ref();
        this.#socket?.setHeld(true);
      }
      this.#pending.add(call, { resolve, reject, wait });
    });
    if (wait !== undefined) wait.promise = result;
    return result;
  }

  #take(call: number): Call | undefined {
    const pending = this.#pending.take(call);
    if (pending === undefined) return undefined;
    pending.wait?.end();
    if (this.#pending.size === 0) {
      currentPeer().unref();
      this.#socket?.setHeld(false);
    }
    return pending;
  }

  /** Ctrl-C: all calls are rejected, and cancelled in the server. */
  #interrupt(error: Error): boolean {
    const calls = this.#pending.numbers();
    for (const call of calls) {
      this.#cancel(call);
      this.#take(call)!.reject(error);
    }
    return calls.length > 0;
  }

  #cancel(call: number): void {
    this.#send(NO_PAYLOAD, () => {
      this.#begin(Op.Cancel, call, 0, REQUEST_HEAD);
    });
  }

  /** Sends now, or in turn; the result takes it back, while that is possible. */
  #send(
    payload: Uint8Array | PendingPayload,
    write: (payload: Uint8Array) => void,
    call = 0,
  ): () => boolean {
    if (isUint8Array(payload) && this.#order.isClear) {
      write(payload);
      return isSent;
    }
    return this.#order.enter(
      isUint8Array(payload) ? payload : payload.resolve(),
      (payload) => this.#failure === undefined && write(payload),
      (error) => this.#take(call)?.reject(error),
    );
  }

  #begin(op: number, call: number, thread: number, length: number): Uint8Array {
    const bytes = this.#socket!.reserve(length);
    bytes[0] = op;
    put32(bytes, 1, call);
    put32(bytes, 5, thread);
    return bytes;
  }

  async #abortable(
    call: number,
    result: Promise<unknown>,
    leave: () => boolean,
    signal: AbortSignal,
  ): Promise<unknown> {
    const abort = () => {
      if (leave()) return this.#take(call)?.reject(signal.reason);
      this.#cancel(call); // the server says whether it had happened before
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
      const value = await result;
      if (value === CANCELLED) throw signal.reason;
      return value;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  #refuse(): Promise<never> {
    return Promise.reject(this.#failure);
  }

  // --- in

  #receive(message: Uint8Array): void {
    const pending = this.#take(get32(message, 1));
    if (pending === undefined) return;
    try {
      this.#settle(pending, message[0]!, message.subarray(REPLY_HEAD));
    } catch (error) {
      pending.reject(error);
    }
  }

  #settle(
    { resolve, reject }: Waiter<unknown>,
    kind: number,
    payload: Uint8Array,
  ): void {
    switch (kind) {
      case Reply.None:
        return resolve(null);
      case Reply.Return:
        return resolve(loads(payload));
      case Reply.Error: {
        const error = loadError(payload, { withTraceback: true });
        if (!(error instanceof Promise)) return reject(error);
        return void error.then(reject, reject);
      }
      case Reply.Proxy: {
        const [exposed, typeid, id] = loads(payload) as [string[], string, string];
        return resolve(new RemoteRef(typeid, id, exposed));
      }
      case Reply.Unserializable:
        return reject(
          new RemoteError(unserializableText(decoder.decode(payload))),
        );
      case Reply.Cancelled:
        return resolve(CANCELLED);
      default:
        return reject(new RemoteError(decoder.decode(payload)));
    }
  }
}

/** Takes nothing back: the message has been sent. */
function isSent(): boolean {
  return false;
}

/** The result of a call that was given up. */
const CANCELLED: unique symbol = Symbol("cancelled");
