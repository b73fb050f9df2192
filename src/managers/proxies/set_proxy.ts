/**
 * Mirrors `SetProxy` of `multiprocessing/managers.py`, as of Python 3.14.
 *
 * @module
 */
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { defineMethods } from "./proxy_types.ts";
import type { IteratorProxy } from "./value_proxies.ts";

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
  /**
   * `s & other`: what both have.
   * CPython (3.14): `SetProxy.__and__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __and__(other: Set<unknown>): Promise<Set<T>>;
  /**
   * `x in s`. CPython (3.14): `SetProxy.__contains__`.
   *
   * @throws {TypeError} for a value without a hash: a plain object, a Map, a Set
   */
  __contains__(value: unknown): Promise<boolean>;
  /**
   * `s == other`: whether both have the same values; false for what is no
   * Set. CPython (3.14): `SetProxy.__eq__`.
   */
  __eq__(other: Set<unknown>): Promise<boolean>;
  /**
   * `s >= other`: whether it has all of the other's.
   * CPython (3.14): `SetProxy.__ge__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __ge__(other: Set<unknown>): Promise<boolean>;
  /**
   * `s > other`: whether it has all of the other's, and more.
   * CPython (3.14): `SetProxy.__gt__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __gt__(other: Set<unknown>): Promise<boolean>;
  /**
   * `s <= other`: whether the other has all of it.
   * CPython (3.14): `SetProxy.__le__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __le__(other: Set<unknown>): Promise<boolean>;
  /** `len(s)`: how many values it has. CPython (3.14): `SetProxy.__len__`. */
  __len__(): Promise<number>;
  /**
   * `s < other`: whether the other has all of it, and more.
   * CPython (3.14): `SetProxy.__lt__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __lt__(other: Set<unknown>): Promise<boolean>;
  /**
   * `s | other`: what one of them or both have.
   * CPython (3.14): `SetProxy.__or__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __or__(other: Set<T>): Promise<Set<T>>;
  /**
   * `s - other`: what the other has not.
   * CPython (3.14): `SetProxy.__sub__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __sub__(other: Set<unknown>): Promise<Set<T>>;
  /**
   * `s ^ other`: what only one of them has.
   * CPython (3.14): `SetProxy.__xor__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __xor__(other: Set<T>): Promise<Set<T>>;
  /**
   * `s &= other`, to be awaited: keeps only what the other has too.
   * CPython (3.14): `SetProxy.__iand__`.
   *
   * @returns This proxy.
   * @throws {TypeError} unless `other` is a Set
   */
  __iand__(other: Set<unknown>): Promise<this>;
  /**
   * `s |= other`, to be awaited: adds all that the other has.
   * CPython (3.14): `SetProxy.__ior__`.
   *
   * @returns This proxy.
   * @throws {TypeError} unless `other` is a Set
   */
  __ior__(other: Set<T>): Promise<this>;
  /**
   * `s -= other`, to be awaited: removes what the other has.
   * CPython (3.14): `SetProxy.__isub__`.
   *
   * @returns This proxy.
   * @throws {TypeError} unless `other` is a Set
   */
  __isub__(other: Set<unknown>): Promise<this>;
  /**
   * `s ^= other`, to be awaited: keeps what the other has not, and adds what only the
   * other has. CPython (3.14): `SetProxy.__ixor__`.
   *
   * @returns This proxy.
   * @throws {TypeError} unless `other` is a Set
   */
  __ixor__(other: Set<T>): Promise<this>;
  /**
   * `other & s`, where the left side is a plain Set.
   * CPython (3.14): `SetProxy.__rand__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __rand__(other: Set<unknown>): Promise<Set<T>>;
  /**
   * `other | s`, where the left side is a plain Set.
   * CPython (3.14): `SetProxy.__ror__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __ror__(other: Set<T>): Promise<Set<T>>;
  /**
   * `other - s`: what the other has and this set has not.
   * CPython (3.14): `SetProxy.__rsub__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __rsub__(other: Set<T>): Promise<Set<T>>;
  /**
   * `other ^ s`, where the left side is a plain Set.
   * CPython (3.14): `SetProxy.__rxor__`.
   *
   * @throws {TypeError} unless `other` is a Set
   */
  __rxor__(other: Set<T>): Promise<Set<T>>;
  /**
   * Adds a value; one that is there already stays. CPython (3.14): `SetProxy.add`.
   *
   * @throws {TypeError} for a value without a hash: a plain object, a Map, a Set
   */
  add(value: T): Promise<void>;
  /** Removes all values. CPython (3.14): `SetProxy.clear`. */
  clear(): Promise<void>;
  /**
   * The values as they are now, as a plain Set.
   * CPython (3.14): `SetProxy.copy`.
   */
  copy(): Promise<Set<T>>;
  /**
   * What none of the others has. CPython (3.14): `SetProxy.difference`.
   *
   * @throws {TypeError} if one of them is not iterable
   */
  difference(...others: Iterable<unknown>[]): Promise<Set<T>>;
  /**
   * Removes what one of the others has.
   * CPython (3.14): `SetProxy.difference_update`.
   *
   * @throws {TypeError} if one of them is not iterable
   */
  difference_update(...others: Iterable<unknown>[]): Promise<void>;
  /**
   * Removes a value, if it is there. CPython (3.14): `SetProxy.discard`.
   *
   * @throws {TypeError} for a value without a hash: a plain object, a Map, a Set
   */
  discard(value: unknown): Promise<void>;
  /**
   * What all others have too. CPython (3.14): `SetProxy.intersection`.
   *
   * @throws {TypeError} if one of them is not iterable
   */
  intersection(...others: Iterable<unknown>[]): Promise<Set<T>>;
  /**
   * Keeps only what all others have too.
   * CPython (3.14): `SetProxy.intersection_update`.
   *
   * @throws {TypeError} if one of them is not iterable
   */
  intersection_update(...others: Iterable<unknown>[]): Promise<void>;
  /**
   * Whether the other has nothing of it. CPython (3.14): `SetProxy.isdisjoint`.
   *
   * @throws {TypeError} if `other` is not iterable
   */
  isdisjoint(other: Iterable<unknown>): Promise<boolean>;
  /**
   * Whether the other has all of it. CPython (3.14): `SetProxy.issubset`.
   *
   * @throws {TypeError} if `other` is not iterable
   */
  issubset(other: Iterable<unknown>): Promise<boolean>;
  /**
   * Whether it has all of the other's. CPython (3.14): `SetProxy.issuperset`.
   *
   * @throws {TypeError} if `other` is not iterable
   */
  issuperset(other: Iterable<unknown>): Promise<boolean>;
  /**
   * Takes out some value, and gives it. CPython (3.14): `SetProxy.pop`.
   *
   * @throws {KeyError} if there is none
   */
  pop(): Promise<T>;
  /**
   * Removes a value. CPython (3.14): `SetProxy.remove`.
   *
   * @throws {KeyError} if it is not there
   */
  remove(value: unknown): Promise<void>;
  /**
   * What only one of them has.
   * CPython (3.14): `SetProxy.symmetric_difference`.
   *
   * @throws {TypeError} if `other` is not iterable
   */
  symmetric_difference(other: Iterable<T>): Promise<Set<T>>;
  /**
   * Keeps what the other has not, and adds what only the other has.
   * CPython (3.14): `SetProxy.symmetric_difference_update`.
   *
   * @throws {TypeError} if `other` is not iterable
   */
  symmetric_difference_update(other: Iterable<T>): Promise<void>;
  /**
   * What it or one of the others has. CPython (3.14): `SetProxy.union`.
   *
   * @throws {TypeError} if one of them is not iterable
   */
  union(...others: Iterable<T>[]): Promise<Set<T>>;
  /**
   * Adds all values of the others. CPython (3.14): `SetProxy.update`.
   *
   * @throws {TypeError} if one of them is not iterable
   */
  update(...others: Iterable<T>[]): Promise<void>;
}

/** Stands for a manager's set. CPython 3.14: `multiprocessing.managers.SetProxy`. */
export class SetProxy<T = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = SET_METHODS;
  /**
   * The methods whose results stay in the server, and the types of the proxies that
   * stand for them.
   */
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    __iter__: "Iterator",
  };

  /** A copy of the whole set, as a plain Set. CPython: `BaseProxy._getvalue`. */
  override _getvalue(): Promise<Set<T>> {
    return super._getvalue() as Promise<Set<T>>;
  }

  /**
   * For `for await`: each value, fetched from the server as it is needed.
   * CPython (3.14): `SetProxy.__iter__`.
   */
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

defineMethods(SetProxy, SET_METHODS);
registerProxyClass("SetProxy", SetProxy, ["set"]);
