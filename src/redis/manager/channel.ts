/**
 * How the proxies of a manager on a server reach their objects: the same proxies as of any
 * manager, whose calls become scripts instead of messages to a manager's process.
 *
 * @module
 */
import { abortable } from "../../link/waiting.ts";
import { checkArity } from "../../managers/types/python_values.ts";
import { type Channel, RemoteRef } from "../../managers/protocol/channel.ts";
import { Token } from "../../managers/protocol/token.ts";
import { BaseProxy, makeProxy } from "../../managers/proxies/base_proxy.ts";
import { tracebackOf } from "../../managers/objects.ts";
import { repr } from "../../python/arguments.ts";
import {
  AttributeError,
  PicklingError,
  RemoteError,
  UnpicklingError,
} from "../../python/errors.ts";
import { registerTransferable } from "../../reduction/mod.ts";
import type { Base } from "../base.ts";
import { RedisObject } from "../object.ts";
import { isUnsendable, NotYet } from "./canonical.ts";
import { encodeSoon, RedisContainer } from "./container.ts";
import { EntryIterator } from "./iterator.ts";
import {
  ITERATOR,
  type ManagedType,
  type Order,
  typeOf,
  TYPES,
  withCopies,
} from "./types.ts";

/** An object that proxies of this process stand for, and how many. */
interface Entry {
  readonly object: RedisObject | EntryIterator;
  count: number;
}

// deno-lint-ignore no-explicit-any -- a method takes and gives anything
type Methods = Record<string, (...args: any[]) => Promise<unknown>>;

const channels = new WeakMap<Base, RedisChannel>();

/** See above. */
export class RedisChannel implements Channel {
  readonly isNative = true;
  readonly #base: Base;
  readonly #entries = new Map<string, Entry>();
  /** The lists of what managers have made, by the objects in them. */
  readonly #lists = new Map<string, Set<string>>();
  #lastIterator = 0;

  constructor(base: Base) {
    this.#base = base;
  }

  /** The one of a context. */
  static of(base: Base): RedisChannel {
    let channel = channels.get(base);
    if (channel === undefined) channels.set(base, channel = new RedisChannel(base));
    return channel;
  }

  /** What the tokens of its objects have as the server's address: no place that is secret. */
  get address(): string {
    return `redis:${this.#base.settings.name}`;
  }

  /** A proxy for an object that is there. */
  proxyOf(typeid: string, object: RedisObject, exposed: readonly string[]): BaseProxy {
    const entry = this.#entries.get(object._id);
    if (entry === undefined) this.#entries.set(object._id, { object, count: 0 });
    const { Proxy } = typeOf(typeid);
    const token = new Token(typeid, this.address, object._id);
    return makeProxy(Proxy, token, "cbor", { exposed, channel: this });
  }

  async create(
    typeid: string,
    args: readonly unknown[],
    _kwds: object | null,
  ): Promise<RemoteRef> {
    const { id, exposed } = await this.make(typeid, args, null);
    return new RemoteRef(typeid, id, exposed);
  }

  /** Makes an object, whose first reference is the caller's. */
  async make(
    typeid: string,
    args: readonly unknown[],
    name: string | null,
  ): Promise<{ id: string; exposed: readonly string[] }> {
    const type = typeOf(typeid);
    const isCopied = !type.isWaiting && args.some((arg) => arg instanceof BaseProxy);
    const order: Order = {
      ...{ base: this.#base, name },
      args: isCopied ? await withCopies(args) : args,
      objectOf: (value) => this.#objectOf(value),
    };
    const object = await encodeSoon(() => makeBy(type, order));
    if (object instanceof RedisContainer) await object._made();
    else object._open();
    this.#add(object._id, object);
    return { id: object._id, exposed: type.exposed };
  }

  #objectOf(value: unknown): unknown {
    if (!(value instanceof BaseProxy)) return value;
    const { address, id } = value._token;
    return address === this.address ? this.#entries.get(id)?.object : value;
  }

  #add(id: string, object: RedisObject | EntryIterator): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) this.#entries.set(id, { object, count: 1 });
    else entry.count++;
  }

  call(
    token: Token,
    method: string,
    args: readonly unknown[],
    kwds: object | null,
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const all = kwds === null ? args : [...args, kwds];
    try {
      // Python's methods that give nothing give None.
      return this.#call(token, method, all, signal).then((result) => result ?? null);
    } catch (error) {
      if (isUnsendable(error)) throw error;
      return Promise.reject(error);
    }
  }

  #call(
    { typeid, id }: Token,
    method: string,
    args: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { object } = this.#entries.get(id)!;
    if (object instanceof EntryIterator) return callIterator(object, method);
    const type = typeOf(typeid);
    const methods = type.methodsOf(object) as Methods;
    const ofAll = FALLBACKS[method];
    if (ofAll !== undefined) return ofAll(methods, typeid);
    if (!type.exposed.includes(method)) throw notExposed(typeid, method, type);
    checkArity(methods, method, args.length);
    if (type.isWaiting) return methods[method]!(signal, ...args);
    const done = methods[method]!(...args);
    const result = signal === undefined
      ? done
      : abortable(this.#base.peer, done, signal);
    return method === "__iter__"
      ? result.then((made) => this.#keep(made as EntryIterator))
      : result;
  }

  #keep(iterator: EntryIterator): RemoteRef {
    const id = `i${++this.#lastIterator}`;
    this.#add(id, iterator);
    return new RemoteRef("Iterator", id, ITERATOR.exposed);
  }

  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async ask(name: string): Promise<never> {
    throw new RemoteError(`${repr(name)} unrecognized`);
  }

  incref({ id }: Token): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.count++;
  }

  decref({ id }: Token): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || --entry.count > 0) return;
    this.#entries.delete(id);
    if (!this.#base.wasSent(id)) this.#lists.get(id)?.delete(id);
    this.#lists.delete(id);
  }

  /** Has an object in a list for as long as it may be there. */
  enlist(id: string, list: Set<string>): void {
    list.add(id);
    this.#lists.set(id, list);
  }

  privateName({ id }: Token): string | undefined {
    const object = this.#entries.get(id)?.object;
    return object instanceof EntryIterator ? object.typeName : undefined;
  }

  reduce({ typeid, id }: Token): [string, ProxyParts] {
    const { object } = this.#entries.get(id)!;
    return ["redis:proxy", { typeid, object: object as RedisObject }];
  }
}

/** Makes an object; what its class refuses is a RemoteError, as of a manager's server. */
function makeBy(type: ManagedType, order: Order): RedisObject {
  try {
    return type.make(order);
  } catch (error) {
    const isOwn = error instanceof NotYet || isUnsendable(error) ||
      error instanceof PicklingError;
    throw isOwn ? error : new RemoteError(tracebackOf(error));
  }
}

/** What is sent of a proxy. */
interface ProxyParts {
  typeid: string;
  object: RedisObject;
}

/** Methods that every object has, exposed or not. */
const FALLBACKS: Readonly<
  Record<string, (methods: Methods, typeid: string) => Promise<unknown>>
> = {
  __str__: (methods) => methods["_text"]!(),
  __repr__: (methods) => methods["_text"]!(),
  "#GETVALUE": (methods, typeid) => {
    if (methods["_getvalue"] !== undefined) return methods["_getvalue"]();
    throw new RemoteError(`cannot pickle '${typeid}' object`);
  },
};

// deno-lint-ignore require-await -- errors shall reject, as everywhere
async function callIterator(iterator: EntryIterator, method: string): Promise<unknown> {
  if (method === "__next__") return iterator.__next__();
  if (method === "__repr__" || method === "__str__") return String(iterator);
  const text = `'${iterator.typeName}' object has no attribute '${method}'`;
  throw new RemoteError(tracebackOf(new AttributeError(text)));
}

function notExposed(typeid: string, method: string, { exposed }: ManagedType): Error {
  const text = `method ${repr(method)} of <class '${typeid}'> object`;
  const error = new AttributeError(`${text} is not in exposed=${repr(exposed)}`);
  return new RemoteError(tracebackOf(error));
}

/** Makes a proxy that another process has sent, or that a container has. */
function rebuild({ typeid, object }: ProxyParts): BaseProxy {
  const isKnown = typeof typeid === "string" && Object.hasOwn(TYPES, typeid);
  if (!isKnown || !(object instanceof RedisObject)) {
    throw new UnpicklingError("malformed proxy");
  }
  object._open();
  return RedisChannel.of(object._base).proxyOf(typeid, object, TYPES[typeid]!.exposed);
}

registerTransferable("redis:proxy", { rebuild });
