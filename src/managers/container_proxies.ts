/**
 * Proxies for containers: `ListProxy`, `DictProxy`, `SetProxy`, `ArrayProxy`,
 * `NamespaceProxy`, `ValueProxy`, `IteratorProxy`.
 *
 * Mirrors the classes of these names in `multiprocessing/managers.py`. What differs: see
 * base_proxy.ts for assignments; loops are `for await`.
 *
 * @module
 */
import { IndexError, StopIteration } from "../errors.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { defineMethods } from "./proxy_types.ts";

/** The names of properties that are indices. */
const INDEX = /^-?\d+$/;

/** Sends an operation that nobody waits for; if it fails, that is nobody's to catch. */
function tell(proxy: BaseProxy, method: string, args: unknown[]): true {
  void proxy._callmethod(method, args);
  return true;
}

/** Asks for a property; whoever does not wait for it does not miss it. */
function askFor(proxy: BaseProxy, method: string, args: unknown[]): Promise<unknown> {
  const answer = proxy._callmethod(method, args);
  answer.catch(() => {});
  return answer;
}

const INDEXED: ProxyHandler<BaseProxy> = {
  get(target, key, proxy) {
    if (typeof key === "string" && INDEX.test(key)) {
      return askFor(proxy, "__getitem__", [Number(key)]);
    }
    return Reflect.get(target, key, proxy);
  },
  set(target, key, value, proxy) {
    if (typeof key === "string" && INDEX.test(key)) {
      return tell(proxy, "__setitem__", [Number(key), value]);
    }
    return Reflect.set(target, key, value, proxy);
  },
};

/** Names that JavaScript and its tools ask any object for. */
const NOT_KEYS = new Set([
  "then",
  "toJSON",
  "constructor",
  "nodeType",
  "asymmetricMatch",
]);

const KEYED: ProxyHandler<BaseProxy> = {
  get(target, key, proxy) {
    if (typeof key === "symbol" || key in target || NOT_KEYS.has(key)) {
      return Reflect.get(target, key, proxy);
    }
    return askFor(proxy, "__getitem__", [key]);
  },
  set(target, key, value, proxy) {
    if (typeof key === "symbol") return Reflect.set(target, key, value, proxy);
    return tell(proxy, "__setitem__", [key, value]);
  },
  deleteProperty(target, key) {
    const proxy = target._self;
    if (typeof key === "symbol" || proxy === undefined) return true;
    return tell(proxy, "__delitem__", [key]);
  },
};

const NAMED: ProxyHandler<BaseProxy> = {
  get(target, key, proxy) {
    if (typeof key === "symbol" || isLocal(key)) {
      return Reflect.get(target, key, proxy);
    }
    return askFor(proxy, "__getattribute__", [key]);
  },
  set(target, key, value, proxy) {
    if (typeof key === "symbol" || key.startsWith("_")) {
      return Reflect.set(target, key, value, target);
    }
    return tell(proxy, "__setattr__", [key, value]);
  },
  deleteProperty(target, key) {
    const proxy = target._self;
    if (typeof key === "symbol" || key.startsWith("_") || proxy === undefined) {
      return Reflect.deleteProperty(target, key);
    }
    return tell(proxy, "__delattr__", [key]);
  },
};

function isLocal(key: string): boolean {
  return key.startsWith("_") || NOT_KEYS.has(key) || key === "toString";
}

// --- list

const LIST_METHODS = [
  ..."__add__ __contains__ __delitem__ __getitem__ __len__ __mul__ __reversed__".split(
    " ",
  ),
  ..."__rmul__ __setitem__ append clear copy count extend index insert pop".split(" "),
  ..."remove reverse sort __imul__".split(" "),
];

/** What a list proxy's methods are, besides those of BaseProxy. */
export interface ListProxy<T = unknown> {
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [index: number]: any;
  /** `list + other`: a plain list. */
  __add__(other: readonly T[]): Promise<T[]>;
  __contains__(value: unknown): Promise<boolean>;
  __delitem__(index: unknown): Promise<void>;
  /** An element, or, for a `slice`, a plain list. @throws {IndexError} */
  // deno-lint-ignore no-explicit-any -- an element, or a list of them
  __getitem__(index: unknown): Promise<any>;
  __len__(): Promise<number>;
  __mul__(times: number): Promise<T[]>;
  __rmul__(times: number): Promise<T[]>;
  __reversed__(): Promise<T[]>;
  __setitem__(index: unknown, value: unknown): Promise<void>;
  append(value: T): Promise<void>;
  clear(): Promise<void>;
  copy(): Promise<T[]>;
  count(value: unknown): Promise<number>;
  extend(values: Iterable<T> | ListProxy<T>): Promise<void>;
  /** @throws {ValueError} if it is not in the list */
  index(value: unknown, start?: number, stop?: number): Promise<number>;
  insert(index: number, value: T): Promise<void>;
  /** @throws {IndexError} */
  pop(index?: number): Promise<T>;
  /** @throws {ValueError} if it is not in the list */
  remove(value: unknown): Promise<void>;
  reverse(): Promise<void>;
}

/**
 * Stands for a manager's list. CPython: `multiprocessing.managers.ListProxy`.
 *
 * @example
 * ```ts
 * import { Manager } from "@pystd/multiprocessing";
 * await using manager = Manager();
 * const l = await manager.list([1, 2]);
 * l[0] = 5;
 * console.log(await l[0], await l.__str__()); // 5 [5, 2]
 * ```
 */
export class ListProxy<T = unknown> extends BaseProxy {
  static override readonly _exposed_: readonly string[] = LIST_METHODS;
  static override readonly _traps = INDEXED;

  /** `list += values`. */
  async __iadd__(values: Iterable<T> | ListProxy<T>): Promise<this> {
    await this.extend(values);
    return this;
  }

  /** `list *= times`. */
  async __imul__(times: number): Promise<this> {
    await this._callmethod("__imul__", [times]);
    return this;
  }

  /** Sorts it; `key` must be exported. */
  async sort(
    options?: { key?: ((item: T) => unknown) | null; reverse?: boolean },
  ): Promise<void> {
    await this._callmethod("sort", [], options ?? null);
  }

  override _getvalue(): Promise<T[]> {
    return super._getvalue() as Promise<T[]>;
  }

  /** By index until there is none: what is added meanwhile is seen. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (let i = 0;; i++) {
      try {
        yield await this.__getitem__(i);
      } catch (error) {
        if (error instanceof IndexError) return;
        throw error;
      }
    }
  }
}

// --- dict

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

// --- set

const SET_METHODS = [
  ..."__and__ __class_getitem__ __contains__ __eq__ __ge__ __gt__ __iand__".split(" "),
  ..."__ior__ __isub__ __iter__ __ixor__ __le__ __len__ __lt__ __or__ __rand__".split(
    " ",
  ),
  ..."__ror__ __rsub__ __rxor__ __sub__ __xor__ add clear copy difference".split(" "),
  ..."difference_update discard intersection intersection_update isdisjoint".split(" "),
  ..."issubset issuperset pop remove symmetric_difference".split(" "),
  ..."symmetric_difference_update union update".split(" "),
].filter((name) => name !== "__class_getitem__");

/** What a set proxy's methods are, besides those of BaseProxy. */
export interface SetProxy<T = unknown> {
  __and__(other: Set<unknown>): Promise<Set<T>>;
  __contains__(value: unknown): Promise<boolean>;
  __eq__(other: Set<unknown>): Promise<boolean>;
  __ge__(other: Set<unknown>): Promise<boolean>;
  __gt__(other: Set<unknown>): Promise<boolean>;
  __le__(other: Set<unknown>): Promise<boolean>;
  __len__(): Promise<number>;
  __lt__(other: Set<unknown>): Promise<boolean>;
  __or__(other: Set<T>): Promise<Set<T>>;
  __sub__(other: Set<unknown>): Promise<Set<T>>;
  __xor__(other: Set<T>): Promise<Set<T>>;
  __rand__(other: Set<unknown>): Promise<Set<T>>;
  __ror__(other: Set<T>): Promise<Set<T>>;
  __rsub__(other: Set<T>): Promise<Set<T>>;
  __rxor__(other: Set<T>): Promise<Set<T>>;
  add(value: T): Promise<void>;
  clear(): Promise<void>;
  copy(): Promise<Set<T>>;
  difference(...others: Iterable<unknown>[]): Promise<Set<T>>;
  difference_update(...others: Iterable<unknown>[]): Promise<void>;
  discard(value: unknown): Promise<void>;
  intersection(...others: Iterable<unknown>[]): Promise<Set<T>>;
  intersection_update(...others: Iterable<unknown>[]): Promise<void>;
  isdisjoint(other: Iterable<unknown>): Promise<boolean>;
  issubset(other: Iterable<unknown>): Promise<boolean>;
  issuperset(other: Iterable<unknown>): Promise<boolean>;
  /** @throws {KeyError} if it is empty */
  pop(): Promise<T>;
  /** @throws {KeyError} if it is not in the set */
  remove(value: unknown): Promise<void>;
  symmetric_difference(other: Iterable<T>): Promise<Set<T>>;
  symmetric_difference_update(other: Iterable<T>): Promise<void>;
  union(...others: Iterable<T>[]): Promise<Set<T>>;
  update(...others: Iterable<T>[]): Promise<void>;
}

/** Stands for a manager's set. CPython 3.14: `multiprocessing.managers.SetProxy`. */
export class SetProxy<T = unknown> extends BaseProxy {
  static override readonly _exposed_: readonly string[] = SET_METHODS;
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    __iter__: "Iterator",
  };

  override _getvalue(): Promise<Set<T>> {
    return super._getvalue() as Promise<Set<T>>;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    yield* await this._callmethod("__iter__") as IteratorProxy<T>;
  }
}

for (const operator of ["__iand__", "__ior__", "__isub__", "__ixor__"]) {
  Object.defineProperty(SetProxy.prototype, operator, {
    async value(this: BaseProxy, other: unknown) {
      await this._callmethod(operator, [other]);
      return this;
    },
    writable: true,
    configurable: true,
  });
}

// --- array

/** What an array proxy's methods are, besides those of BaseProxy. */
export interface ArrayProxy {
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [index: number]: any;
  __len__(): Promise<number>;
  // deno-lint-ignore no-explicit-any -- an element, or a typed array of them
  __getitem__(index: unknown): Promise<any>;
  __setitem__(index: unknown, value: unknown): Promise<void>;
}

/** Stands for a manager's array. CPython: `multiprocessing.managers.ArrayProxy`. */
export class ArrayProxy extends BaseProxy {
  static override readonly _exposed_: readonly string[] = [
    "__len__",
    "__getitem__",
    "__setitem__",
  ];
  static override readonly _traps = INDEXED;

  async *[Symbol.asyncIterator](): AsyncGenerator<number, void, void> {
    const length = await this.__len__();
    for (let i = 0; i < length; i++) yield await this.__getitem__(i);
  }
}

// --- namespace and value

/** The fields of a namespace. */
export interface NamespaceProxy {
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [name: string]: any;
}

/**
 * Stands for a manager's namespace: `ns.x = 1`, `await ns.x`, `delete ns.x`. Names that
 * begin with `_` are the proxy's own. CPython: `multiprocessing.managers.NamespaceProxy`.
 */
export class NamespaceProxy extends BaseProxy {
  static override readonly _exposed_: readonly string[] = [
    "__getattribute__",
    "__setattr__",
    "__delattr__",
  ];
  static override readonly _traps = NAMED;

  /** `ns.name`. @throws {AttributeError} if there is none of this name */
  __getattr__(name: string): Promise<unknown> {
    return this._callmethod("__getattribute__", [name]);
  }

  /** `ns.name = value`, to be awaited. */
  __setattr__(name: string, value: unknown): Promise<void> {
    return this._callmethod("__setattr__", [name, value]) as Promise<void>;
  }

  /** `del ns.name`, to be awaited. @throws {AttributeError} as above */
  __delattr__(name: string): Promise<void> {
    return this._callmethod("__delattr__", [name]) as Promise<void>;
  }
}

/** Stands for a manager's value. CPython: `multiprocessing.managers.ValueProxy`. */
export class ValueProxy<T = unknown> extends BaseProxy {
  static override readonly _exposed_: readonly string[] = ["get", "set"];

  get(): Promise<T> {
    return this._callmethod("get") as Promise<T>;
  }

  set(value: T): Promise<void> {
    return this._callmethod("set", [value]) as Promise<void>;
  }

  /** A promise when it is read; assigning sends the value at once. */
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  get value(): any {
    return askFor(this, "get", []);
  }
  // deno-lint-ignore no-explicit-any -- as above
  set value(value: any) {
    tell(this, "set", [value]);
  }
}

/** Stands for an iterator that a server holds. CPython: `managers.IteratorProxy`. */
export class IteratorProxy<T = unknown> extends BaseProxy {
  static override readonly _exposed_: readonly string[] = [
    "__next__",
    "send",
    "throw",
    "close",
  ];

  /** The next item. @throws {StopIteration} after the last */
  __next__(): Promise<T> {
    return this._callmethod("__next__") as Promise<T>;
  }

  send(value: unknown): Promise<T> {
    return this._callmethod("send", [value]) as Promise<T>;
  }

  throw(error: unknown): Promise<T> {
    return this._callmethod("throw", [error]) as Promise<T>;
  }

  close(): Promise<void> {
    return this._callmethod("close") as Promise<void>;
  }

  __iter__(): this {
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      try {
        yield await this.__next__();
      } catch (error) {
        if (error instanceof StopIteration) return;
        throw error;
      }
    }
  }
}

defineMethods(ListProxy, LIST_METHODS);
defineMethods(DictProxy, DICT_METHODS);
defineMethods(SetProxy, SET_METHODS);
defineMethods(ArrayProxy, ArrayProxy._exposed_);

registerProxyClass("ListProxy", ListProxy, ["list"]);
registerProxyClass("DictProxy", DictProxy as never, ["dict"]);
registerProxyClass("SetProxy", SetProxy, ["set"]);
registerProxyClass("ArrayProxy", ArrayProxy, ["Array"]);
registerProxyClass("NamespaceProxy", NamespaceProxy as never, ["Namespace"]);
registerProxyClass("ValueProxy", ValueProxy, ["Value"]);
registerProxyClass("IteratorProxy", IteratorProxy, ["Iterator"]);
