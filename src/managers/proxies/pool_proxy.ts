/**
 * Proxies for pools.
 *
 * Mirrors `PoolProxy` of `multiprocessing/managers.py`.
 *
 * @module
 */
import type { Target } from "../../process/arguments.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { type AutoProxyType, defineMethods } from "./proxy_types.ts";
import type { IteratorProxy } from "./value_proxies.ts";

const POOL_METHODS =
  ("apply apply_async close imap imap_unordered join map map_async " +
    "starmap starmap_async terminate").split(" ");

/** Keyword arguments of a pool proxy's methods that call a function once. */
export interface ProxyCallOptions {
  /** The function's arguments. */
  args?: readonly unknown[];
  /** Its keyword arguments, which are its last argument. */
  kwds?: object | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** Keyword arguments of a pool proxy's methods that call a function for each element. */
export interface ProxyMapOptions {
  /** How many elements a worker gets at once; null for what suits their number. */
  chunksize?: number | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** Functions that the server calls with what came out. */
export interface ProxyCallbacks {
  /** Is called with the result; an exported function. */
  callback?: Target | null;
  /** Is called with the error; an exported function. */
  error_callback?: Target | null;
}

/** The methods of a pool proxy, besides those of BaseProxy: the server's pool has them. */
export interface PoolProxy {
  /** What the server's pool has beside them. */
  // deno-lint-ignore no-explicit-any -- functions and their arguments
  [method: string]: any;
  /** Calls a function in a worker, and waits for the result. CPython: `Pool.apply`. */
  apply(
    func: Target,
    args?: readonly unknown[],
    kwds?: object | null,
  ): Promise<unknown>;
  /** The same with `args` and `kwds` by name. */
  apply(func: Target, options: ProxyCallOptions): Promise<unknown>;
  /** Gives a proxy for the result at once. CPython: `Pool.apply_async`. */
  apply_async(
    func: Target,
    args?: readonly unknown[],
    kwds?: object | null,
    callback?: Target | null,
    error_callback?: Target | null,
  ): Promise<AutoProxyType>;
  /** The same by keywords. */
  apply_async(
    func: Target,
    options: ProxyCallOptions & ProxyCallbacks,
  ): Promise<AutoProxyType>;
  /** Calls a function for each element, and waits for all. CPython: `Pool.map`. */
  map(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | null | ProxyMapOptions,
  ): Promise<unknown[]>;
  /** Gives a proxy for the results at once. CPython: `Pool.map_async`. */
  map_async(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | null,
    callback?: Target | null,
    error_callback?: Target | null,
  ): Promise<AutoProxyType>;
  /** The same by keywords. */
  map_async(
    func: Target,
    iterable: Iterable<unknown>,
    options: ProxyMapOptions & ProxyCallbacks,
  ): Promise<AutoProxyType>;
  /** `map` of a function with several arguments. CPython: `Pool.starmap`. */
  starmap(
    func: Target,
    iterable: Iterable<readonly unknown[]>,
    chunksize?: number | null | ProxyMapOptions,
  ): Promise<unknown[]>;
  /** `map_async` of a function with several arguments. CPython: `Pool.starmap_async`. */
  starmap_async(
    func: Target,
    iterable: Iterable<readonly unknown[]>,
    chunksize?: number | null,
    callback?: Target | null,
    error_callback?: Target | null,
  ): Promise<AutoProxyType>;
  /** The same by keywords. */
  starmap_async(
    func: Target,
    iterable: Iterable<readonly unknown[]>,
    options: ProxyMapOptions & ProxyCallbacks,
  ): Promise<AutoProxyType>;
  /** Gives a proxy that iterates over the results in order. CPython: `Pool.imap`. */
  imap(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | ProxyMapOptions,
  ): Promise<IteratorProxy>;
  /** The same as they arrive. CPython: `Pool.imap_unordered`. */
  imap_unordered(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | ProxyMapOptions,
  ): Promise<IteratorProxy>;
  /** Ends the taking of tasks. CPython: `Pool.close`. */
  close(): Promise<void>;
  /** Ends its workers, with what they do. CPython: `Pool.terminate`. */
  terminate(): Promise<void>;
  /** Waits for its workers to end, after `close` or `terminate`. CPython: `Pool.join`. */
  join(): Promise<void>;
}

/** Stands for a manager's pool. CPython: `multiprocessing.managers.PoolProxy`. */
export class PoolProxy extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = POOL_METHODS;
  /**
   * The methods whose results stay in the server, and the types of the proxies that
   * stand for them.
   */
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    apply_async: "AsyncResult",
    map_async: "AsyncResult",
    starmap_async: "AsyncResult",
    imap: "Iterator",
    imap_unordered: "Iterator",
  };

  /** The proxy. CPython: `PoolProxy.__enter__`. */
  __enter__(): this {
    return this;
  }

  /** Ends the pool, with what it still does. */
  async __exit__(..._exception: unknown[]): Promise<void> {
    await this._callmethod("terminate");
  }

  /** Terminates the pool, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.__exit__();
  }
}

defineMethods(PoolProxy, POOL_METHODS);

registerProxyClass("PoolProxy", PoolProxy as never, ["Pool"]);
