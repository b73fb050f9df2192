/**
 * One client of a manager's server, where the client is ours and speaks the protocol of
 * messages.ts. A client's requests are begun in the order in which they came; a call that
 * waits does not hold the next ones up.
 *
 * @module
 */
import { isPromise } from "../../runtime/brands.ts";
import { OrderedSender } from "../../collections/ordered_sender.ts";
import type { MessageSocket } from "../../connection/message_socket.ts";
import { RemoteError } from "../../python/errors.ts";
import { sub_debug } from "../../python/util.ts";
import { dumpError, dumps, PendingPayload } from "../../reduction/mod.ts";
import { runtime } from "../../runtime/mod.ts";
import {
  isThenable,
  keywordsOf,
  listOf,
  malformed,
  References,
  RequestError,
  Stored,
  tracebackOf,
} from "../objects.ts";
import type { ServerCore } from "../server_core.ts";
import { callAs, CANCELLED, Owner, Waits } from "./caller.ts";
import {
  decodeName,
  get32,
  Op,
  put32,
  Reply,
  REPLY_HEAD,
  REQUEST_HEAD,
  unserializableText,
} from "./messages.ts";

/** Bytes of answers that a client may leave unread before it is read no further. */
const MAX_UNREAD = 4 << 20;

/** Characters of a client's name that are kept. */
const MAX_NAME = 100;

const encoder = new TextEncoder();

/** Reads the requests of one client, and answers them. */
export class NativeSession {
  readonly #core: ServerCore;
  readonly #socket: MessageSocket;
  readonly #references: References;
  readonly #waits = new Waits();
  readonly #owners = new Map<number, Owner>();
  /** For warnings; the client tells its own. */
  #name: string;
  #pid = 0;
  /** Requests whose functions are still being looked for, and those behind them. */
  readonly #order = new OrderedSender();
  #saidBye = false;

  constructor(core: ServerCore, socket: MessageSocket, name: string) {
    this.#core = core;
    this.#socket = socket;
    this.#name = name;
    this.#references = new References(core.objects);
  }

  /** Takes over the connection. */
  start(): void {
    this.#socket.start({
      onMessage: (message) => this.#receive(message),
      onEnd: () => this.#inTurn(0, () => this.end()),
      onDrain: () => this.#socket.setPaused(false),
    });
  }

  /** The client is gone. */
  end(): void {
    this.#waits.end();
    for (const owner of this.#owners.values()) owner.end(this.#saidBye);
    this.#owners.clear();
    this.#references.clear();
    this.#core.left(this);
  }

  /** Ends the connection. */
  close(): void {
    this.#saidBye = true; // it is we who end
    this.#socket.close();
    this.end();
  }

  /** Handles one message. Whatever it causes is the end of this connection at most. */
  #receive(message: Uint8Array): void {
    try {
      this.#begin(message);
    } catch (error) {
      this.#refuse(get32(message, 1) || 0, error);
    }
  }

  /** Answers with an error, and ends the connection. */
  #refuse(call: number, error: unknown): void {
    sub_debug("%s: connection ended: %s", this.#name, error);
    const { text } = error instanceof RequestError ? error : new RequestError(error);
    this.#answerText(Reply.Traceback, call, text);
    this.#core.answers.send(() => this.#socket.close());
    this.end();
  }

  #begin(message: Uint8Array): void {
    if (message.length < REQUEST_HEAD) throw malformed("it is too short");
    const op = message[0];
    const call = get32(message, 1);
    const thread = get32(message, 5);
    switch (op) {
      case Op.Call:
      case Op.CallKw:
        return this.#call(message, call, thread, op === Op.CallKw);
      case Op.Public:
        return this.#read(message.subarray(REQUEST_HEAD), call, (request) => {
          const [name, args, kwds] = listOf(request, 3);
          const given = listOf(args);
          const keywords = keywordsOf(kwds);
          this.#run(call, thread, () => this.#public(name, given, keywords));
        });
      case Op.Incref:
      case Op.Decref: {
        if (message.length !== REQUEST_HEAD + 4) throw malformed("no object");
        const id = get32(message, REQUEST_HEAD);
        return this.#inTurn(call, () => this.#count(op, id));
      }
      case Op.Cancel:
        return this.#inTurn(call, () => this.#waits.cancel(call));
      case Op.Bye:
        return this.#inTurn(call, () => void (this.#saidBye = true));
      default:
        throw malformed(`no operation ${op}`);
    }
  }

  /** Does a thing at once if all that came before it has been begun, else in its turn. */
  #inTurn(call: number, go: () => void): void {
    if (this.#order.isClear) go();
    else this.#order.enter(undefined, go, (error) => this.#refuse(call, error));
  }

  #count(op: number, id: number): void {
    const entry = this.#core.objects.get(id);
    if (entry === undefined) return;
    if (op === Op.Incref) this.#references.add(entry);
    else this.#references.remove(entry);
  }

  #call(message: Uint8Array, call: number, thread: number, hasKw: boolean): void {
    const id = get32(message, REQUEST_HEAD);
    const end = REQUEST_HEAD + 5 + message[REQUEST_HEAD + 4]!;
    if (!(end <= message.length)) throw malformed("it is too short");
    const name = decodeName(message, REQUEST_HEAD + 5, end);
    this.#read(message.subarray(end), call, (request) => {
      const [args, kwds] = hasKw ? listOf(request, 2) : [request, null];
      const given = listOf(args);
      const keywords = keywordsOf(kwds);
      const { objects } = this.#core;
      const entry = objects.get(id);
      this.#run(
        call,
        thread,
        () => objects.call(entry ?? objects.need(id), name, given, keywords),
      );
    });
  }

  /**
   * Reads a payload, and goes on with it in its turn. One that cannot be read is answered,
   * and no more: it may name what is not known here.
   */
  #read(payload: Uint8Array, call: number, go: (value: unknown) => void): void {
    const fail = (error: unknown) =>
      this.#answerText(Reply.Traceback, call, tracebackOf(error));
    let value: unknown;
    try {
      value = this.#core.load(payload);
    } catch (error) {
      return fail(error);
    }
    if (!isPromise(value) && this.#order.isClear) return go(value);
    const turn = (value: unknown) => {
      try {
        go(value);
      } catch (error) {
        this.#refuse(call, error);
      }
    };
    this.#order.enter(value, turn, fail);
  }

  #public(name: unknown, args: unknown[], kwds: object | null): unknown {
    if (name === "accept_connection") {
      const [own, pid] = args;
      if (typeof own === "string") this.#name = own.slice(0, MAX_NAME);
      if (Number.isSafeInteger(pid)) this.#pid = this.#references.pid = Number(pid);
      for (const owner of this.#owners.values()) {
        [owner.name, owner.pid] = [this.#name, this.#pid];
      }
      return runtime.pid;
    }
    return this.#core.public(name, args, kwds);
  }

  #run(call: number, thread: number, operation: () => unknown): void {
    let result: unknown;
    try {
      result = callAs(this.#owner(thread), this.#waits, call, operation);
    } catch (error) {
      return this.#answerError(call, error);
    }
    if (!isThenable(result)) return this.#answer(call, result);
    result.then(
      (value) => this.#answer(call, value),
      (error) => this.#answerError(call, error),
    );
  }

  #owner(thread: number): Owner {
    let owner = this.#owners.get(thread);
    if (owner === undefined) {
      owner = new Owner(this.#name, this.#pid);
      this.#owners.set(thread, owner);
    }
    return owner;
  }

  // --- answers

  #answer(call: number, value: unknown): void {
    if (value === null || value === undefined) {
      return this.#reply(Reply.None, call, EMPTY);
    }
    if (value instanceof Stored) return this.#answerStored(call, value);
    try {
      const payload = dumps(value);
      if (!(payload instanceof PendingPayload)) {
        return this.#reply(Reply.Return, call, payload);
      }
      payload.resolve().then(
        (payload) => this.#reply(Reply.Return, call, payload),
        (error) => this.#unserializable(call, error),
      );
    } catch (error) {
      this.#unserializable(call, error);
    }
  }

  #unserializable(call: number, error: unknown): void {
    this.#answerText(Reply.Unserializable, call, tracebackOf(error));
  }

  #answerStored(call: number, { typeid, entry, exposed }: Stored): void {
    this.#references.add(entry);
    const parts = [exposed, typeid, entry.id.toString(16)];
    this.#reply(Reply.Proxy, call, dumps(parts) as Uint8Array);
  }

  #answerError(call: number, error: unknown): void {
    if (error === CANCELLED) return this.#reply(Reply.Cancelled, call, EMPTY);
    if (error instanceof RequestError) {
      return this.#answerText(Reply.Traceback, call, error.text);
    }
    const payload = dumpError(error, unserializable);
    if (!isPromise(payload)) return this.#reply(Reply.Error, call, payload);
    void payload.then((payload) => this.#reply(Reply.Error, call, payload));
  }

  #answerText(kind: number, call: number, text: string): void {
    this.#reply(kind, call, encoder.encode(text));
  }

  #reply(kind: number, call: number, payload: Uint8Array): void {
    this.#core.answers.send(() => this.#write(kind, call, payload));
  }

  #write(kind: number, call: number, payload: Uint8Array): void {
    const socket = this.#socket;
    if (!socket.isOpen) return;
    const bytes = socket.reserve(REPLY_HEAD + payload.length);
    bytes[0] = kind;
    put32(bytes, 1, call);
    bytes.set(payload, REPLY_HEAD);
    if (socket.buffered > MAX_UNREAD) socket.setPaused(true);
  }
}

/** What the client gets instead of an error with a field that cannot be sent. */
function unserializable(reason: unknown): RemoteError {
  return new RemoteError(unserializableText(tracebackOf(reason)));
}

const EMPTY = new Uint8Array(0);
