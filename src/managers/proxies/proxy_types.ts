/**
 * Classes of proxies that are made from the names of their methods.
 *
 * Mirrors `MakeProxyType` and `AutoProxy` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { isAbortSignal } from "../../runtime/brands.ts";
import {
  parseArguments,
  REQUIRED,
  type Signature,
  signature,
  takes,
} from "../../python/arguments.ts";
import { AttributeError, ShutDown } from "../../python/errors.ts";
import { isPlain } from "../../python/repr.ts";
import type { JoinableQueueStats } from "../../hub/stats.ts";
import { type StatsOptions, statsSignature } from "../../link/stats.ts";
import type { Token } from "../protocol/token.ts";
import { GET, PUT, SHUTDOWN } from "../types/queue.ts";
import {
  BaseProxy,
  type ProxyClass,
  type ProxyOptions,
  registerProxyClass,
  splitSignal,
} from "./base_proxy.ts";
import { proxyStats } from "./proxy_stats.ts";

/** The parameters of a method that takes options: these are sent by position. */
type Parameters = Signature<Record<string, unknown>>;

/** Names that JavaScript asks any object for, or that the proxies use themselves. */
const RESERVED = new Set(["constructor", "then", "toString", "toJSON", "__repr__"]);

/**
 * Gives a class methods that call those of the same names in the server.
 *
 * @param parameters For methods that take options: their parameters in order.
 * @param givesNone Whether a `None` of the server's is a value, as in containers, and not
 * the end of a method that gives nothing.
 */
export function defineMethods(
  Class: { prototype: object },
  names: Iterable<string>,
  parameters: Readonly<Record<string, Parameters>> = {},
  givesNone = true,
): void {
  for (const name of names) {
    if (RESERVED.has(name) || Object.hasOwn(Class.prototype, name)) continue;
    const known = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    Object.defineProperty(Class.prototype, name, {
      value: known === undefined
        ? plainMethod(name, givesNone)
        : parsedMethod(name, known),
      writable: true,
      configurable: true,
    });
  }
}

/**
 * Gives a class methods that take so many values and, here, a signal; CPython's proxy says
 * itself what is too much or too little.
 *
 * @param givesNone As for {@linkcode defineMethods}.
 */
export function defineCounted(
  Class: { name: string; prototype: object },
  values: Readonly<Record<string, readonly string[]>>,
  givesNone = false,
): void {
  for (const [name, parameters] of Object.entries(values)) {
    const taken = signature<Record<string, unknown>>(
      `${Class.name}.${name}`,
      Object.fromEntries(parameters.map((one) => [one, REQUIRED])),
      { positionalOnly: parameters.length },
    );
    Object.defineProperty(Class.prototype, name, {
      async value(this: BaseProxy, ...given: unknown[]): Promise<unknown> {
        const { signal, ...args } = parseArguments(taken, given);
        const options = signal === undefined ? null : { signal };
        const sent = parameters.map((one) => args[one]);
        const result = await this._callmethod(name, sent, options);
        return givesNone ? result : result ?? undefined;
      },
      writable: true,
      configurable: true,
    });
  }
}

/** Gives a class operators in place: each changes the object, and gives the proxy. */
export function defineInPlace(
  Class: { prototype: object },
  names: Iterable<string>,
): void {
  for (const name of names) {
    Object.defineProperty(Class.prototype, name, {
      async value(this: BaseProxy, other: unknown) {
        await this._callmethod(name, [other]);
        return this;
      },
      writable: true,
      configurable: true,
    });
  }
}

const STATS = statsSignature("QueueProxy.stats");

/** Gives a class of queues `stats`, unless it has that, and what `for await` asks for. */
export function defineItems(Class: { prototype: object }): void {
  if (!Object.hasOwn(Class.prototype, "stats")) {
    Object.defineProperty(Class.prototype, "stats", {
      value(this: QueueProxy, ...given: unknown[]): Promise<JoinableQueueStats> {
        return proxyStats(this, STATS, given);
      },
      writable: true,
      configurable: true,
    });
  }
  Object.defineProperty(Class.prototype, Symbol.asyncIterator, {
    async *value(this: QueueProxy): AsyncGenerator<unknown, void, void> {
      for (;;) {
        let item: unknown;
        try {
          item = await this.get();
        } catch (error) {
          if (error instanceof ShutDown) return;
          throw error;
        }
        yield item;
      }
    },
    writable: true,
    configurable: true,
  });
}

function plainMethod(name: string, givesNone: boolean) {
  const call = function (this: BaseProxy, ...args: unknown[]): Promise<unknown> {
    const last = args.at(-1);
    // A signal cannot be sent, so an object that holds one is no argument of the method's.
    if (isPlain(last) && isAbortSignal(last["signal"])) {
      const [rest] = splitSignal(last);
      const sent = rest === null ? args.slice(0, -1) : [...args.slice(0, -1), rest];
      return this._callmethod(name, sent, { signal: last["signal"] });
    }
    return this._callmethod(name, args);
  };
  return givesNone ? call : async function (this: BaseProxy, ...args: unknown[]) {
    return await call.apply(this, args) ?? undefined;
  };
}

function parsedMethod(name: string, parameters: Parameters) {
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  return async function (this: BaseProxy, ...given: unknown[]): Promise<unknown> {
    if (given.length <= 1 && !isPlain(given[0])) return this._callmethod(name, given);
    const { signal, ...values } = parseArguments(parameters, given);
    const args = parameters.names.map((key) => values[key]);
    const defaults = parameters.defaults as Record<string, unknown>;
    // Trailing arguments that have their defaults are not sent.
    while (
      args.length > parameters.required &&
      args.at(-1) === defaults[parameters.names[args.length - 1]!]
    ) args.pop();
    return this._callmethod(name, args, signal === undefined ? null : { signal });
  };
}

/**
 * Makes a class of proxies from the names of its methods. CPython:
 * `multiprocessing.managers.MakeProxyType`.
 *
 * @param name The class's name.
 * @param exposed The names of the methods that may be called.
 *
 * @example
 * ```ts
 * import { MakeProxyType } from "@pystd/multiprocessing/managers";
 * const CounterProxy = MakeProxyType("CounterProxy", ["increment", "value"]);
 * console.log(CounterProxy.name); // CounterProxy
 * ```
 */
export function MakeProxyType(
  name: string,
  exposed: Iterable<string>,
):
  & typeof BaseProxy
  & (new (...args: ConstructorParameters<typeof BaseProxy>) => AutoProxyType) {
  takes("MakeProxyType", arguments, { least: 2, most: 3, self: 0 });
  const names = [...exposed];
  const ProxyType = class extends BaseProxy {
    static override readonly _exposed_: readonly string[] = names;
  };
  Object.defineProperty(ProxyType, "name", { value: name });
  defineMethods(ProxyType, names);
  return ProxyType as never;
}

/** A proxy whose class was made from the names of its methods. */
export interface AutoProxyType extends BaseProxy {
  /** The methods that the object has; each gives a promise. */
  // deno-lint-ignore no-explicit-any -- which methods there are is known at run time only
  [method: string]: any;
}

/** Classes by type and methods. */
const made = new Map<string, typeof BaseProxy>();

const QUEUE_PARAMETERS = { put: PUT, get: GET, shutdown: SHUTDOWN };

function autoClass(typeid: string, exposed: readonly string[]): typeof BaseProxy {
  const isQueue = ["get", "put", "qsize", "task_done"]
    .every((name) => exposed.includes(name));
  const key = [typeid, ...exposed].join(" ");
  let Class = made.get(key);
  if (Class !== undefined) return Class;
  Class = class extends BaseProxy {
    static override readonly _exposed_: readonly string[] = exposed;
    override get _isAuto(): boolean {
      return true;
    }
  };
  Object.defineProperty(Class, "name", { value: `AutoProxy[${typeid}]` });
  defineMethods(Class, exposed, isQueue ? QUEUE_PARAMETERS : {});
  if (isQueue) defineItems(Class);
  made.set(key, Class);
  return Class;
}

/**
 * A proxy with the methods that the server exposes. CPython:
 * `multiprocessing.managers.AutoProxy`.
 *
 * What differs: the methods must be known, since asking for them takes a turn.
 *
 * @param token The object.
 * @param serializer As the manager's.
 * @param options Python's keyword arguments; `exposed` is needed.
 */
export function AutoProxy(
  token: Token,
  serializer: string,
  options: ProxyOptions = {},
): AutoProxyType {
  takes("AutoProxy", arguments, { least: 2, most: 7, self: 0 });
  const { exposed } = options;
  if (!exposed) throw new AttributeError("AutoProxy needs the names of the methods");
  const Class = autoClass(token.typeid, exposed);
  return new Class(token, serializer, options) as AutoProxyType;
}

registerProxyClass("AutoProxy", AutoProxy as ProxyClass, []);

/** A proxy for a queue of a manager. CPython: `AutoProxy[Queue]`. */
export interface QueueProxy<T = unknown> extends BaseProxy {
  /**
   * Adds an item. CPython: `Queue.put`.
   *
   * @param block False to give up at once instead of waiting.
   * @param timeout Seconds; null for ever.
   * @throws {Full} if there is no room in time
   * @throws {ShutDown} after `shutdown`
   * @throws {ValueError} for a negative timeout, if the queue has a bound
   */
  put(item: T, block?: boolean, timeout?: number | null): Promise<void>;
  /** The same with `block` and `timeout`, in seconds, by name. */
  put(item: T, options: WaitOptions): Promise<void>;
  /**
   * Takes an item. CPython: `Queue.get`.
   *
   * @param block False to give up at once instead of waiting.
   * @param timeout Seconds; null for ever.
   * @throws {Empty} if there is none in time
   * @throws {ShutDown} after `shutdown`, if there is none
   * @throws {ValueError} for a negative timeout
   */
  get(block?: boolean, timeout?: number | null): Promise<T>;
  /** The same with `block` and `timeout`, in seconds, by name. */
  get(options: WaitOptions): Promise<T>;
  /**
   * `put(item, false)`. CPython: `Queue.put_nowait`.
   *
   * @throws {Full} if there is no room now
   * @throws {ShutDown} after `shutdown`
   */
  put_nowait(item: T): Promise<void>;
  /**
   * `get(false)`. CPython: `Queue.get_nowait`.
   *
   * @throws {Empty} if there is no item now
   * @throws {ShutDown} after `shutdown`, if there is none
   */
  get_nowait(): Promise<T>;
  /** The number of items in it. CPython: `Queue.qsize`. */
  qsize(): Promise<number>;
  /** Whether there is no item. CPython: `Queue.empty`. */
  empty(): Promise<boolean>;
  /** Whether there is no room. CPython: `Queue.full`. */
  full(): Promise<boolean>;
  /**
   * Says that an item that was taken has been dealt with. CPython: `Queue.task_done`.
   *
   * @throws {ValueError} if there were not so many items
   */
  task_done(): Promise<void>;
  /** Waits until all items have been dealt with. CPython: `Queue.join`. */
  join(options?: { signal?: AbortSignal }): Promise<void>;
  /**
   * Ends putting, and getting once it is empty. CPython (3.13): `Queue.shutdown`.
   *
   * @param immediate True to drop what is in it.
   */
  shutdown(immediate?: boolean | { immediate?: boolean }): Promise<void>;
  /**
   * How the queue is doing, as a frozen object: see `JoinableQueue.stats`. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this proxy;
   * `signal` ends the wait for the answer.
   * @throws {RemoteError} if the server is CPython's
   *
   * @example
   * ```ts
   * import { is_main, Manager } from "@pystd/multiprocessing";
   * if (is_main(import.meta)) {
   *   await using manager = await Manager();
   *   const queue = await manager.Queue<string>(2);
   *   await queue.put("first");
   *   const { depth, maxsize, puts, gets } = await queue.stats();
   *   console.log(depth, maxsize, puts, gets); // 1 2 1 0
   * }
   * ```
   */
  stats(options?: StatsOptions): Promise<JoinableQueueStats>;
  /**
   * For `for await`: takes one item after the other, each when the loop asks for it, until
   * the queue is shut down and empty. Not in CPython.
   */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, void>;
}

/** The options of a queue's methods that wait. */
export interface WaitOptions {
  /** False to give up at once instead of waiting. */
  block?: boolean;
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}
