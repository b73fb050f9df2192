/**
 * One client of a manager's server, where the client is ours: see protocol.ts. What one
 * client asks is begun in the order in which it came; what must wait keeps nothing else
 * waiting.
 *
 * @module
 */
import { dumpError, dumps, PendingPayload } from "../reduction.ts";
import { formatException } from "../traceback.ts";
import type { MessageSocket } from "../connection/message_socket.ts";
import { OrderedSender } from "../ordered_sender.ts";
import { callAs, CANCELLED, Owner, Waits } from "./caller.ts";
import { type Entry, isThenable, Made, References, Trouble } from "./objects.ts";
import {
  decodeName,
  get32,
  Op,
  put32,
  Reply,
  REPLY_HEAD,
  REQUEST_HEAD,
} from "./protocol.ts";
import type { ServerCore } from "./server_core.ts";

/** Bytes of answers that a client may leave unread before it is read no further. */
const MAX_UNREAD = 4 << 20;

/** Characters of a client's name that are kept. */
const MAX_NAME = 100;

const encoder = new TextEncoder();

/** See the file's head. */
export class NativeSession {
  readonly #core: ServerCore;
  readonly #socket: MessageSocket;
  readonly #references: References;
  readonly #waits = new Waits();
  readonly #owners = new Map<number, Owner>();
  /** For warnings; the client tells its own. */
  #name: string;
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
      onEnd: () => this.#inTurn(() => this.end()),
      onDrain: () => this.#socket.setPaused(false),
    });
  }

  /** The client is gone. */
  end(): void {
    this.#waits.cancelAll();
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

  #receive(message: Uint8Array): void {
    const op = message[0];
    const call = get32(message, 1);
    const thread = get32(message, 5);
    if (message.length < REQUEST_HEAD) return this.#socket.close();
    switch (op) {
      case Op.Call:
      case Op.CallKw:
        return this.#call(message, call, thread, op === Op.CallKw);
      case Op.Public:
        return this.#read(message.subarray(REQUEST_HEAD), call, (request) => {
          const [name, args, kwds] = request as [string, unknown[], object | null];
          this.#run(call, thread, () => this.#public(name, args, kwds));
        });
      case Op.Incref:
      case Op.Decref: {
        const id = get32(message, REQUEST_HEAD);
        return this.#inTurn(() => this.#count(op, id));
      }
      case Op.Cancel:
        return this.#inTurn(() => this.#waits.cancel(call));
      case Op.Bye:
        return this.#inTurn(() => void (this.#saidBye = true));
      default:
        this.close(); // no client of ours says this
    }
  }

  /** Does what changes nothing before all that came before it has been begun. */
  #inTurn(go: () => void): void {
    if (this.#order.isClear) go();
    else this.#order.enter(undefined, go, () => {});
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
    const name = decodeName(message, REQUEST_HEAD + 5, end);
    this.#read(message.subarray(end), call, (request) => {
      const [args, kwds] = hasKw
        ? request as [unknown[], object | null]
        : [request as unknown[], null];
      const entry = this.#core.objects.get(id);
      this.#run(call, thread, () => {
        if (!Array.isArray(args)) throw new Trouble(new TypeError("malformed call"));
        return this.#core.objects.call(
          entry ?? this.#core.objects.need(id),
          name,
          args,
          kwds,
        );
      });
    });
  }

  /** Reads a payload, and goes on with it in its turn. */
  #read(payload: Uint8Array, call: number, go: (value: unknown) => void): void {
    const fail = (error: unknown) =>
      this.#answerText(Reply.Traceback, call, new Trouble(error).text);
    let value: unknown;
    try {
      value = this.#core.load(payload);
    } catch (error) {
      return fail(error);
    }
    if (!(value instanceof Promise) && this.#order.isClear) return go(value);
    this.#order.enter(value, go, fail);
  }

  #public(name: unknown, args: unknown, kwds: object | null): unknown {
    if (name === "accept_connection") {
      const [own] = Array.isArray(args) ? args : [];
      if (typeof own === "string") this.#name = own.slice(0, MAX_NAME);
      for (const owner of this.#owners.values()) owner.name = this.#name;
    }
    return this.#core.public(name, Array.isArray(args) ? args : [], kwds);
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
      owner = new Owner(this.#name);
      this.#owners.set(thread, owner);
    }
    return owner;
  }

  // --- answers

  #answer(call: number, value: unknown): void {
    if (value === null || value === undefined) {
      return this.#reply(Reply.None, call, EMPTY);
    }
    if (value instanceof Made) return this.#answerMade(call, value);
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
    const text = `Traceback (most recent call last):\n${formatException(error)}`;
    this.#answerText(Reply.Unserializable, call, text);
  }

  #answerMade(call: number, { typeid, entry, exposed }: Made): void {
    this.#references.add(entry);
    const parts = [exposed, typeid, entry.id.toString(16)];
    this.#reply(Reply.Proxy, call, dumps(parts) as Uint8Array);
  }

  #answerError(call: number, error: unknown): void {
    if (error === CANCELLED) return this.#reply(Reply.Cancelled, call, EMPTY);
    if (error instanceof Trouble) {
      return this.#answerText(Reply.Traceback, call, error.text);
    }
    const payload = dumpError(error);
    if (!(payload instanceof Promise)) return this.#reply(Reply.Error, call, payload);
    void payload.then((payload) => this.#reply(Reply.Error, call, payload));
  }

  #answerText(kind: number, call: number, text: string): void {
    this.#reply(kind, call, encoder.encode(text));
  }

  #reply(kind: number, call: number, payload: Uint8Array): void {
    const socket = this.#socket;
    if (!socket.isOpen) return;
    const bytes = socket.reserve(REPLY_HEAD + payload.length);
    bytes[0] = kind;
    put32(bytes, 1, call);
    bytes.set(payload, REPLY_HEAD);
    if (socket.buffered > MAX_UNREAD) socket.setPaused(true);
  }

  /** For `incref` of a client: a reference of this one's. */
  hold(entry: Entry): void {
    this.#references.add(entry);
  }
}

const EMPTY = new Uint8Array(0);
