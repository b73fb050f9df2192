/**
 * Mirrors `DictProxy` of `multiprocessing/managers.py`. What differs: `d.key = x` is sent at
 * once, `d.key` gives a promise, loops are `for await`.
 *
 * @module
 */
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { defineInPlace, defineMethods } from "./proxy_types.ts";
import { KEYED } from "./traps.ts";
import type { IteratorProxy } from "./value_proxies.ts";

const DICT_METHODS =
  ("__contains__ __delitem__ __getitem__ __iter__ __len__ __or__ __reversed__ __ror__ " +
    "__setitem__ clear copy fromkeys get increment items keys pop popitem setdefault " +
    "update values")
    .split(" ");

/** The methods of a dict proxy, besides those of BaseProxy. */
export interface DictProxy<K = unknown, V = unknown> {
  /** `await d["k"]` is the value; `d["k"] = x` sends it at once, in order. */
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [key: string]: any;
  /** `key in d`. CPython: `DictProxy.__contains__`. */
  __contains__(key: unknown): Promise<boolean>;
  /**
   * `del d[key]`, for keys of any type. CPython: `DictProxy.__delitem__`.
   *
   * @throws {KeyError} if there is no such key
   */
  __delitem__(key: K): Promise<void>;
  /**
   * `d[key]`, for keys of any type. CPython: `DictProxy.__getitem__`.
   *
   * @throws {KeyError} if there is no such key
   */
  __getitem__(key: K): Promise<V>;
  /** An iterator over the keys, that the server holds. CPython: `DictProxy.__iter__`. */
  __iter__(): Promise<IteratorProxy<K>>;
  /** `len(d)`: how many entries it has. CPython: `DictProxy.__len__`. */
  __len__(): Promise<number>;
  /**
   * `d | other`: a new dict, which is no proxy; where both have a key, the other's value
   * counts. A plain object, or a Map if some keys are no text. CPython (3.14):
   * `DictProxy.__or__`.
   *
   * @throws {TypeError} if `other` is no dict
   */
  __or__(other: object): Promise<Record<string, V> | Map<K, V>>;
  /**
   * `d |= other`, to be awaited. CPython (3.14): `DictProxy.__ior__`.
   *
   * @returns This proxy.
   */
  __ior__(other: object): Promise<this>;
  /**
   * `other | d`: as `__or__`, but where both have a key, the value of `d` counts. CPython
   * (3.14): `DictProxy.__ror__`.
   *
   * @throws {TypeError} if `other` is no dict
   */
  __ror__(other: object): Promise<Record<string, V> | Map<K, V>>;
  /**
   * `reversed(d)`: the keys, the last one first. CPython (3.14):
   * `DictProxy.__reversed__`.
   */
  __reversed__(): Promise<K[]>;
  /**
   * `d[key] = value`, for keys of any type; settles when it is done. CPython:
   * `DictProxy.__setitem__`.
   *
   * @throws {TypeError} for a key without a hash: a plain object, a Map, a Set
   */
  __setitem__(key: K, value: unknown): Promise<void>;
  /** Removes all entries. CPython: `DictProxy.clear`. */
  clear(): Promise<void>;
  /**
   * A copy, which is no proxy: a plain object if all keys are text that is no integer, else a
   * Map, in the dict's order. CPython: `DictProxy.copy`.
   *
   * As of any plain object, `copy["constructor"]` is a function where the dict has no such
   * key. If keys may be any words: `new Map(await d.items())`, or `Object.hasOwn(copy, key)`.
   */
  copy(): Promise<Record<string, V> | Map<K, V>>;
  /**
   * A new dict, which is no proxy, with these keys and one value, null by default.
   * CPython (3.14): `DictProxy.fromkeys`.
   */
  fromkeys(keys: Iterable<K>, value?: V): Promise<Record<string, V> | Map<K, V>>;
  /** The value of a key, or null if it is missing. CPython: `DictProxy.get`. */
  get(key: K): Promise<V | null>;
  /** The same, with what is given for a missing key. */
  get<D>(key: K, missing: D): Promise<V | D>;
  /**
   * Adds to the number under a key in one step: of two processes that do so, neither undoes
   * the other's. A key that is missing counts as 0. Not in CPython, whose servers do not
   * know it.
   *
   * @param by What is added, also below zero.
   * @returns The sum: integers are exact, as a bigint where a number could not be.
   * @throws {TypeError} if one of them is no number
   */
  increment(key: K, by?: number | bigint): Promise<V>;
  /** All entries as they are now, in an array. CPython: `DictProxy.items`. */
  items(): Promise<[K, V][]>;
  /** All keys as they are now, in an array. CPython: `DictProxy.keys`. */
  keys(): Promise<K[]>;
  /**
   * Takes out an entry, and gives its value. CPython: `DictProxy.pop`.
   *
   * @throws {KeyError} if there is none, and `missing` is not given
   */
  pop(key: K, missing?: unknown): Promise<V>;
  /**
   * Takes out the entry that came last. CPython: `DictProxy.popitem`.
   *
   * @throws {KeyError} if there is none
   */
  popitem(): Promise<[K, V]>;
  /**
   * The value of a key; a missing one is first set to `value`, null by default. CPython:
   * `DictProxy.setdefault`.
   */
  setdefault(key: K, value?: V): Promise<V>;
  /**
   * Sets all entries of the sources: objects, Maps, pairs, other dict proxies. CPython:
   * `DictProxy.update`.
   *
   * @throws {TypeError} for a source that is neither a dict nor iterable
   * @throws {ValueError} for a pair that has not two parts
   */
  update(...sources: unknown[]): Promise<void>;
  /** All values as they are now, in an array. CPython: `DictProxy.values`. */
  values(): Promise<V[]>;
}

/**
 * Stands for a manager's dict. CPython: `multiprocessing.managers.DictProxy`.
 *
 * The name of a property is text in JavaScript. One that is an integer as JavaScript writes
 * it means the integer, also in plain objects: `d[1]` is the key 1, `d.__getitem__("1")` the
 * text's. A name that the proxy itself answers to (its methods, `then`, `constructor`) is no
 * item: to assign it raises a TypeError; `__setitem__` and `get` take any key.
 *
 * @example
 * ```ts
 * import { Manager } from "@pystd/multiprocessing";
 * await using manager = Manager();
 * const d = await manager.dict({ a: 1 });
 * d.b = 2;
 * console.log(await d.b, await d.__str__()); // 2 {'a': 1, 'b': 2}
 * console.log(await d.increment("a", 10)); // 11
 * ```
 */
export class DictProxy<K = unknown, V = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = [
    ...DICT_METHODS,
    "__ior__",
  ];
  /**
   * The methods whose results stay in the server, and the types of the proxies that
   * stand for them.
   */
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    __iter__: "Iterator",
  };
  /** Reading and assigning properties calls methods of the referent. */
  static override readonly _traps: ProxyHandler<BaseProxy> = KEYED;

  /**
   * For `for await`: each key, fetched from the server as it is needed.
   *
   * @throws {RuntimeError} if the dict changes its size meanwhile
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<K, void, void> {
    yield* await this.__iter__();
  }
}

defineMethods(DictProxy, DICT_METHODS);
defineInPlace(DictProxy, ["__ior__"]);
registerProxyClass("DictProxy", DictProxy as never, ["dict"]);
