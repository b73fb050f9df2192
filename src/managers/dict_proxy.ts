/**
 * Mirrors `DictProxy` of `multiprocessing/managers.py`. What differs: `d.key = x` is sent at
 * once, `d.key` gives a promise, loops are `for await`.
 *
 * @module
 */
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import type { IteratorProxy } from "./iterator_proxy.ts";
import { defineMethods } from "./proxy_types.ts";
import { KEYED } from "./traps.ts";

const DICT_METHODS = [
  ..."__contains__ __delitem__ __getitem__ __ior__ __iter__ __len__ __or__".split(" "),
  ..."__reversed__ __ror__ __setitem__ clear copy fromkeys get items keys".split(" "),
  ..."pop popitem setdefault update values".split(" "),
];

/** What a dict proxy's methods are, besides those of BaseProxy. */
export interface DictProxy<K = unknown, V = unknown> {
  /** `await d["k"]` is the value; `d["k"] = x` sends it at once, in order. */
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [key: string]: any;
  /** `key in d`. CPython: `DictProxy.__contains__`. */
  __contains__(key: unknown): Promise<boolean>;
  /**
   * `del d[key]`.
   *
   * @throws {KeyError} if there is none
   */
  __delitem__(key: K): Promise<void>;
  /**
   * `d[key]`, for keys of any type.
   *
   * @throws {KeyError} if there is none
   */
  __getitem__(key: K): Promise<V>;
  /** `len(d)`. CPython: `DictProxy.__len__`. */
  __len__(): Promise<number>;
  /** `dict | other`: a plain object, or a Map if some keys are no text. */
  __or__(other: object): Promise<Record<string, V> | Map<K, V>>;
  /** `other | d`: a new dict, which is no proxy; where both have a key, ours counts. */
  __ror__(other: object): Promise<Record<string, V> | Map<K, V>>;
  /** `reversed(d)`: the keys, the last one first. */
  __reversed__(): Promise<K[]>;
  /** `d[key] = value`, for keys of any type; settles when it is done. */
  __setitem__(key: K, value: unknown): Promise<void>;
  /** Removes all entries. CPython: `DictProxy.clear`. */
  clear(): Promise<void>;
  /**
   * A plain object, which has keys like `"1"` before others; a Map, in the dict's order, if
   * some keys are no text.
   */
  copy(): Promise<Record<string, V> | Map<K, V>>;
  /** A new dict with these keys and one value. CPython (3.14): `DictProxy.fromkeys`. */
  fromkeys(keys: Iterable<K>, value?: V): Promise<Record<string, V> | Map<K, V>>;
  /** The value, or what is given for a missing one. CPython: `DictProxy.get`. */
  get(key: K): Promise<V | null>;
  /** The value, or what is given for a missing one. CPython: `DictProxy.get`. */
  get<D>(key: K, missing: D): Promise<V | D>;
  /** All entries, as they are now. CPython: `DictProxy.items`. */
  items(): Promise<[K, V][]>;
  /** All keys, as they are now. CPython: `DictProxy.keys`. */
  keys(): Promise<K[]>;
  /**
   * Takes out the value.
   *
   * @throws {KeyError} if there is none, and `missing` is not given
   */
  pop(key: K, missing?: unknown): Promise<V>;
  /**
   * Takes out the entry that came last.
   *
   * @throws {KeyError} if there is none
   */
  popitem(): Promise<[K, V]>;
  /** The value; a missing one is set first. CPython: `DictProxy.setdefault`. */
  setdefault(key: K, value?: V): Promise<V>;
  /** Sets all entries of the sources. CPython: `DictProxy.update`. */
  update(...sources: unknown[]): Promise<void>;
  /** All values, as they are now. CPython: `DictProxy.values`. */
  values(): Promise<V[]>;
}

/**
 * Stands for a manager's dict. CPython: `multiprocessing.managers.DictProxy`.
 *
 * A key that is also a method's name is read by `__getitem__` only.
 *
 * @example
 * ```ts
 * import { Manager } from "@pystd/multiprocessing";
 * await using manager = Manager();
 * const d = await manager.dict({ a: 1 });
 * d.b = 2;
 * console.log(await d.b, await d.__str__()); // 2 {'a': 1, 'b': 2}
 * ```
 */
export class DictProxy<K = unknown, V = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = DICT_METHODS;
  /**
   * The methods whose results stay in the server, and the types of the proxies that
   * stand for them.
   */
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    __iter__: "Iterator",
  };
  /** What reading and assigning properties means for these proxies. */
  static override readonly _traps: ProxyHandler<BaseProxy> = KEYED;

  /** `dict |= other`. */
  async __ior__(other: object): Promise<this> {
    await this._callmethod("__ior__", [other]);
    return this;
  }

  /** An iterator over the keys, that the server holds. */
  __iter__(): Promise<IteratorProxy<K>> {
    return this._callmethod("__iter__") as Promise<IteratorProxy<K>>;
  }

  /** Over the keys. @throws {RuntimeError} if the dict changes its size meanwhile */
  async *[Symbol.asyncIterator](): AsyncGenerator<K, void, void> {
    yield* await this.__iter__();
  }
}

defineMethods(DictProxy, DICT_METHODS);
registerProxyClass("DictProxy", DictProxy as never, ["dict"]);
