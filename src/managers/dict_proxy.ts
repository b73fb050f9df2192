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
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [key: string]: any;
  __contains__(key: unknown): Promise<boolean>;
  /** @throws {KeyError} */
  __delitem__(key: K): Promise<void>;
  /** @throws {KeyError} */
  __getitem__(key: K): Promise<V>;
  __len__(): Promise<number>;
  /** `dict | other`: a plain object, or a Map if some keys are no text. */
  __or__(other: object): Promise<Record<string, V> | Map<K, V>>;
  __ror__(other: object): Promise<Record<string, V> | Map<K, V>>;
  __reversed__(): Promise<K[]>;
  __setitem__(key: K, value: unknown): Promise<void>;
  clear(): Promise<void>;
  /**
   * A plain object, which has keys like `"1"` before others; a Map, in the dict's order, if
   * some keys are no text.
   */
  copy(): Promise<Record<string, V> | Map<K, V>>;
  fromkeys(keys: Iterable<K>, value?: V): Promise<Record<string, V> | Map<K, V>>;
  get(key: K): Promise<V | null>;
  get<D>(key: K, missing: D): Promise<V | D>;
  items(): Promise<[K, V][]>;
  keys(): Promise<K[]>;
  /** @throws {KeyError} unless `missing` is given */
  pop(key: K, missing?: unknown): Promise<V>;
  /** @throws {KeyError} */
  popitem(): Promise<[K, V]>;
  setdefault(key: K, value?: V): Promise<V>;
  update(...sources: unknown[]): Promise<void>;
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
  static override readonly _exposed_: readonly string[] = DICT_METHODS;
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    __iter__: "Iterator",
  };
  static override readonly _traps = KEYED;

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
