/**
 * Mirrors `BaseProxy` of `multiprocessing/managers.py`: a proxy for an object of a manager's
 * server.
 *
 * What differs: `str(proxy)` asks the server, so it is `await proxy.__str__()`, while
 * `String(proxy)` is Python's `repr`. Proxies of some classes take assignments and
 * deletions of properties as operations on the object: these are sent at once, in order,
 * and one that fails is an unhandled rejection; reading such a property gives a promise.
 *
 * @module
 */
import { isAbortSignal, isUint8Array } from "../../runtime/brands.ts";
import { current_process } from "../../process/current.ts";
import { repr, takes } from "../../python/arguments.ts";
import { AuthenticationString } from "../../process/authkey.ts";
import { UnpicklingError } from "../../python/errors.ts";
import { debug } from "../../python/log_calls.ts";
import {
  type DumpContext,
  REDUCE_SHARED,
  registerName,
  registerTransferable,
} from "../../reduction/mod.ts";
import { runtime } from "../../runtime/mod.ts";
import type { SocketAddress } from "../../runtime/sockets.ts";
import { type Channel, RemoteRef } from "../protocol/channel.ts";
import { anyChannel, knownKey, nativeChannel } from "../protocol/channels.ts";
import { LocalChannel } from "../protocol/local_channel.ts";
import { setProxyCodec } from "../protocol/pickling.ts";
import { REFERENT } from "../types/python_values.ts";
import { serverHere } from "../server.ts";
import { Token } from "../protocol/token.ts";
import { printAsText } from "../../python/printing.ts";
import { endAtCaller } from "../../python/stack.ts";

/** How many arguments a call takes. */
const CALL = { least: 1, most: 3 };

/** The parts of a manager that its proxies use. */
export interface ProxyManager {
  /** The proxies' classes of the manager's types. */
  _proxyType(typeid: string): ProxyClass | null;
  /** The manager's key. */
  readonly _authkey: Uint8Array;
}

/** Python's keyword arguments of a proxy. */
export interface ProxyOptions {
  /** The manager that made it; null where it came from another process. */
  manager?: ProxyManager | null;
  /** The server's key; by default the manager's, or this process's. */
  authkey?: Uint8Array | null;
  /** The names of the methods that may be called. */
  exposed?: readonly string[] | null;
  /** False if the reference is counted already. */
  incref?: boolean;
  /** There for Python's sake. */
  manager_owned?: boolean;
  /** @internal The channel to the server, where that is known. */
  channel?: Channel | null;
}

/** A class of proxies, or a function that makes them. */
export type ProxyClass =
  & (
    | (abstract new (
      token: Token,
      serializer: string,
      options?: ProxyOptions,
    ) => BaseProxy)
    | ((
      token: Token,
      serializer: string,
      options?: ProxyOptions,
    ) => BaseProxy)
  )
  & {
    readonly _exposed_?: readonly string[] | null;
    readonly _method_to_typeid_?: Readonly<Record<string, string>> | null;
  };

interface State {
  readonly token: Token;
  readonly serializer: string;
  readonly channel: Channel;
  readonly exposed: readonly string[] | null;
  readonly manager: ProxyManager | null;
  readonly authkey: Uint8Array;
}

/** Begins a call: for what is no call to the user, but an assignment. */
export const BEGIN: unique symbol = Symbol("begin");

/** Gives the reference back once the proxy is garbage. */
const collected = new FinalizationRegistry<{ channel: Channel; token: Token }>(
  ({ channel, token }) => {
    debug("DECREF %r", token.id);
    channel.decref(token);
  },
);

/**
 * Makes the object a JavaScript Proxy where its class has traps. Fields of the classes
 * below, the private ones included, are then those of the Proxy.
 */
export class Trapped {
  /** The handlers of properties; undefined for the usual ones. */
  static readonly _traps: ProxyHandler<BaseProxy> | undefined = undefined;
  /** The JavaScript Proxy that this is the target of, if it is one. */
  declare readonly _self: BaseProxy | undefined;

  constructor() {
    const traps = new.target._traps;
    if (traps === undefined) return;
    const proxy = new Proxy(this as unknown as BaseProxy, traps);
    // For the traps that are told the target only.
    Object.defineProperty(this, "_self", { value: proxy });
    return proxy as unknown as this;
  }
}

/** Proxies that were sent: the receiver may not have counted its reference yet. */
let sent = new Set<BaseProxy>();
let sentBefore = new Set<BaseProxy>();
let isTurning = false;

/** Milliseconds for which a proxy that was sent is kept at least. */
const KEEP_SENT = 30_000;

function keepForAWhile(proxy: BaseProxy): void {
  sent.add(proxy);
  if (isTurning) return;
  isTurning = true;
  const turn = () => {
    sentBefore = sent;
    sent = new Set();
    isTurning = sentBefore.size > 0;
    if (isTurning) runtime.setTimer(turn, KEEP_SENT);
  };
  runtime.setTimer(turn, KEEP_SENT);
}

/**
 * Stands for an object of a manager's server. CPython:
 * `multiprocessing.managers.BaseProxy`.
 *
 * A subclass names the methods that may be called in a static `_exposed_`, and calls them
 * by `_callmethod`.
 *
 * @example
 * ```ts
 * import { BaseProxy } from "@pystd/multiprocessing/managers";
 * export class CounterProxy extends BaseProxy {
 *   static override _exposed_ = ["next"];
 *   next(): Promise<number> {
 *     return this._callmethod("next") as Promise<number>;
 *   }
 * }
 * ```
 */
export class BaseProxy extends Trapped {
  /** The names of the methods that may be called; null for all public ones. */
  static readonly _exposed_: readonly string[] | null = null;
  /** The types of those methods' results that stay in the server. */
  static readonly _method_to_typeid_: Readonly<Record<string, string>> | null = null;

  readonly #state: State;

  /**
   * Stored by managers.
   *
   * @param token The object.
   * @param serializer As the manager's.
   * @param options Python's keyword arguments.
   */
  constructor(token: Token, serializer: string, options: ProxyOptions = {}) {
    super();
    const { manager = null, exposed = null, incref = true } = options;
    const authkey = options.authkey ?? manager?._authkey ?? keyFor(token.address);
    const channel = options.channel ?? anyChannel(token.address, authkey);
    this.#state = { token, serializer, channel, exposed, manager, authkey };
    debug("INCREF %r", token.id);
    if (incref) channel.incref(token);
    collected.register(this, { channel, token });
  }

  /** The object's token. */
  get _token(): Token {
    return this.#state.token;
  }

  /** The object's number in the server. */
  get _id(): string {
    return this.#state.token.id;
  }

  /** The methods that may be called; null for those of the class. */
  get _exposed(): readonly string[] | null {
    return this.#state.exposed;
  }

  /**
   * Calls a method of the object. CPython: `BaseProxy._callmethod`.
   *
   * @param methodname The method.
   * @param args Its arguments; encoded now.
   * @param kwds Its keyword arguments, and `signal`.
   * @returns A copy of the result, or a proxy for it.
   * @throws what the method throws
   * @throws {RemoteError} if the method may not be called
   */
  _callmethod(
    methodname: string,
    args: readonly unknown[] = [],
    kwds: Record<string, unknown> | null = null,
  ): Promise<unknown> {
    // What prints a class reads the getters of its prototype, and awaits nothing.
    if (!(#state in this)) throw new TypeError("this is no proxy");
    try {
      takes("BaseProxy._callmethod", arguments, CALL);
      return this[BEGIN](methodname, args, kwds);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** As `_callmethod`, but throws at once what cannot be sent. @internal */
  [BEGIN](
    methodname: string,
    args: readonly unknown[],
    kwds: Record<string, unknown> | null = null,
  ): Promise<unknown> {
    const { channel, token } = this.#state;
    let signal: AbortSignal | undefined;
    if (kwds !== null) [kwds, signal] = splitSignal(kwds);
    return this.#answer(channel.call(token, methodname, args, kwds, signal));
  }

  async #answer(call: Promise<unknown>): Promise<unknown> {
    try {
      const result = await call;
      return result instanceof RemoteRef ? this.#adopt(result) : result;
    } catch (error) {
      throw endAtCaller(error);
    }
  }

  /** A proxy for a result that stays in the server. */
  #adopt({ typeid, id, exposed }: RemoteRef): BaseProxy {
    const { token, serializer, channel, manager, authkey } = this.#state;
    const made = new Token(typeid, token.address, id);
    const type = manager === null ? proxyTypes.get(typeid) : manager._proxyType(typeid);
    return makeProxy(type ?? autoProxy!, made, serializer, {
      manager,
      authkey,
      exposed,
      incref: false,
      channel,
    });
  }

  /**
   * A copy of the object. CPython: `BaseProxy._getvalue`.
   *
   * @throws {RemoteError} if it cannot be sent
   */
  _getvalue(): Promise<unknown> {
    takes("BaseProxy._getvalue", arguments);
    return this._callmethod("#GETVALUE");
  }

  /** Python's `str(proxy)`: how the object shows itself. */
  async __str__(): Promise<string> {
    try {
      return await this._callmethod("__repr__") as string;
    } catch {
      return this.__repr__().slice(0, -1) + "; '__str__()' failed>";
    }
  }

  /** `<ListProxy object, typeid 'list' at 0x1f>`. */
  __repr__(): string {
    const { typeid, id } = this.#state.token;
    const name = this._typeName;
    return `<${name} object, typeid ${repr(typeid)} at 0x${id.padStart(12, "0")}>`;
  }

  /** The class's name, as Python has it. */
  get _typeName(): string {
    return (proxyNames.get(this.constructor as never) ?? this.constructor.name);
  }

  /** The same as `_getvalue`. */
  __deepcopy__(_memo?: unknown): Promise<unknown> {
    return this._getvalue();
  }

  /** Python's `repr`: which type it is a proxy of, not what the referent holds. */
  override toString(): string {
    return this.__repr__();
  }

  /** The object, if its server is in this process. */
  [REFERENT](): unknown {
    const { channel, token } = this.#state;
    return channel.objectOf?.(token);
  }

  /** @internal Travels anywhere; the receiver uses its own key, unless it is being started. */
  [REDUCE_SHARED](context: DumpContext): [string, object] {
    this._checkSendable();
    const { token, serializer, channel, exposed, authkey } = this.#state;
    const own = channel.reduce?.(token);
    if (own !== undefined) return own;
    const { constructor } = this;
    keepForAWhile(this);
    const fields: ProxyFields = {
      class: proxyNames.has(constructor as never)
        ? proxyNames.get(constructor as never)!
        : this._isAuto
        ? "AutoProxy"
        : constructor as never,
      typeid: token.typeid,
      address: [token.address].flat(),
      id: token.id,
      serializer,
      exposed,
      isNative: channel.isNative,
      authkey: context.spawning ? new Uint8Array(authkey) : null,
    };
    return ["managers:rebuild", fields];
  }

  /**
   * Refuses to be sent, where only this process knows the object.
   *
   * @throws {TypeError} `cannot pickle '_thread.lock' object`
   */
  _checkSendable(): void {
    const { channel, token } = this.#state;
    const name = channel.privateName?.(token);
    if (name !== undefined) throw new TypeError(`cannot pickle '${name}' object`);
  }

  /** Whether its class was made from the names of its methods. */
  get _isAuto(): boolean {
    return false;
  }
}

printAsText(BaseProxy, (proxy) => (proxy._self ?? proxy).toString());

/** The key for a server if none is given. Python always takes the process's. */
function keyFor(address: SocketAddress): Uint8Array {
  return knownKey(address) ?? current_process().authkey;
}

/** Takes the signal out of keyword arguments. */
export function splitSignal(
  kwds: Record<string, unknown>,
): [Record<string, unknown> | null, AbortSignal | undefined] {
  const { signal, ...rest } = kwds;
  if (!isAbortSignal(signal)) {
    return [Object.keys(kwds).length === 0 ? null : kwds, undefined];
  }
  return [Object.keys(rest).length === 0 ? null : rest, signal];
}

// --- classes by name

const classes = new Map<string, ProxyClass>();
const proxyNames = new Map<ProxyClass, string>();
/** The proxies' classes of the types that every process knows. */
const proxyTypes = new Map<string, ProxyClass>();
let autoProxy: ProxyClass | undefined;

/** Gives a class of ours the name that every process, CPython's too, knows it by. */
export function registerProxyClass(
  name: string,
  Class: ProxyClass,
  typeids: string[],
): void {
  classes.set(name, Class);
  registerName(`managers:${name}`, Class);
  if (name === "AutoProxy") autoProxy = Class;
  else proxyNames.set(Class, name);
  for (const typeid of typeids) proxyTypes.set(typeid, Class);
}

/** Makes a proxy, by a class or a function. */
export function makeProxy(
  type: ProxyClass,
  token: Token,
  serializer: string,
  options: ProxyOptions,
): BaseProxy {
  const isClass = typeof type.prototype === "object" &&
    type.prototype instanceof BaseProxy;
  return isClass
    ? new (type as new (...args: unknown[]) => BaseProxy)(token, serializer, options)
    : (type as (...args: unknown[]) => BaseProxy)(token, serializer, options);
}

// --- how they travel

interface ProxyFields {
  class: string | ProxyClass;
  typeid: string;
  address: (string | number)[];
  id: string;
  serializer: string;
  exposed: readonly string[] | null;
  isNative: boolean;
  authkey: Uint8Array | null;
}

/** Makes a proxy that came from another process. CPython: `managers.RebuildProxy`. */
function rebuild(fields: ProxyFields): BaseProxy {
  const { address, exposed, isNative } = fields;
  const { type, typeid, id, serializer } = checkFields(fields);
  const where = (address.length === 1 ? address[0] : address) as SocketAddress;
  const token = new Token(typeid, where, id);
  const authkey = fields.authkey === null
    ? keyFor(where)
    : AuthenticationString.from(fields.authkey);
  const here = serverHere(where);
  const channel = here !== undefined
    ? LocalChannel.to(here)
    : isNative
    ? nativeChannel(where, authkey)
    : anyChannel(where, authkey);
  return makeProxy(type, token, serializer, { authkey, exposed, channel });
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** Refuses what no proxy has sent: only a class of proxies is made, nothing is called. */
function checkFields(fields: ProxyFields): ProxyFields & { type: ProxyClass } {
  const { class: name, typeid, address, id, serializer, exposed, authkey } = fields;
  const type = isText(name) ? classes.get(name as string) : name as ProxyClass;
  const isProxy = isText(name)
    ? type !== undefined
    : type?.prototype instanceof BaseProxy;
  const isWhole = isProxy &&
    [typeid, id, serializer].every(isText) && /^[0-9a-f]{1,16}$/.test(id) &&
    Array.isArray(address) && [1, 2].includes(address.length) && isText(address[0]) &&
    address.slice(1).every((port) => Number.isInteger(port)) &&
    (exposed === null || Array.isArray(exposed) && exposed.every(isText)) &&
    (authkey === null || isUint8Array(authkey));
  if (!isWhole) throw new UnpicklingError("malformed proxy");
  return { ...fields, type: type! };
}

registerTransferable("managers:rebuild", { rebuild });

setProxyCodec({
  make: ({ type, token, exposed }) => {
    const Class = classes.get(type) ?? autoProxy!;
    const here = serverHere(token.address);
    return makeProxy(Class, token, "pickle", {
      exposed,
      channel: here === undefined ? null : LocalChannel.to(here),
    });
  },
  partsOf(value) {
    if (!(value instanceof BaseProxy)) return undefined;
    value._checkSendable();
    keepForAWhile(value);
    const type = value._isAuto ? "AutoProxy" : value._typeName;
    return {
      type: classes.has(type) ? type : "AutoProxy",
      token: value._token,
      exposed: value._exposed ??
        (value.constructor as ProxyClass)._exposed_ ?? null,
    };
  },
});
