/**
 * Mirrors `SetProxy` of `multiprocessing/managers.py`, as of Python 3.14.
 *
 * @module
 */
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { defineInPlace, defineMethods } from "./proxy_types.ts";
import type { IteratorProxy } from "./value_proxies.ts";

const SET_METHODS =
  ("__and__ __contains__ __eq__ __ge__ __gt__ __iter__ __le__ __len__ __lt__ __or__ " +
    "__rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ add add_new clear copy " +
    "difference difference_update discard intersection intersection_update isdisjoint issubset " +
    "issuperset pop remove symmetric_difference symmetric_difference_update union update")
    .split(" ");

/** Operators in place. */
const SET_OPERATORS = ["__iand__", "__ior__", "__isub__", "__ixor__"];

/**
 * The methods of a set proxy, besides those of BaseProxy. CPython (3.14): those of the same
 * names of `SetProxy`.
 *
 * Operators take a plain Set, anything else is a TypeError; those in place give this proxy.
 * Other methods take whatever Python could loop over. A value without a hash (a plain
 * object, a Map, a Set) is a TypeError.
 */
export interface SetProxy<T = unknown> {
  /** `s & other`: what both have. */
  __and__(other: Set<unknown>): Promise<Set<T>>;
  /** `x in s`. */
  __contains__(value: unknown): Promise<boolean>;
  /** `s == other`: whether both have the same values; false for what is no Set. */
  __eq__(other: Set<unknown>): Promise<boolean>;
  /** `s >= other`: whether it has all of the other's. */
  __ge__(other: Set<unknown>): Promise<boolean>;
  /** `s > other`: whether it has all of the other's, and more. */
  __gt__(other: Set<unknown>): Promise<boolean>;
  /** `s <= other`: whether the other has all of it. */
  __le__(other: Set<unknown>): Promise<boolean>;
  /** `len(s)`: how many values it has. */
  __len__(): Promise<number>;
  /** `s < other`: whether the other has all of it, and more. */
  __lt__(other: Set<unknown>): Promise<boolean>;
  /** `s | other`: what one of them or both have. */
  __or__(other: Set<T>): Promise<Set<T>>;
  /** `s - other`: what the other has not. */
  __sub__(other: Set<unknown>): Promise<Set<T>>;
  /** `s ^ other`: what only one of them has. */
  __xor__(other: Set<T>): Promise<Set<T>>;
  /** `s &= other`, to be awaited: keeps only what the other has too. */
  __iand__(other: Set<unknown>): Promise<this>;
  /** `s |= other`, to be awaited: adds all that the other has. */
  __ior__(other: Set<T>): Promise<this>;
  /** `s -= other`, to be awaited: removes what the other has. */
  __isub__(other: Set<unknown>): Promise<this>;
  /**
   * `s ^= other`, to be awaited: keeps what the other has not, and adds what only the
   * other has.
   */
  __ixor__(other: Set<T>): Promise<this>;
  /** `other & s`, where the left side is a plain Set. */
  __rand__(other: Set<unknown>): Promise<Set<T>>;
  /** `other | s`, where the left side is a plain Set. */
  __ror__(other: Set<T>): Promise<Set<T>>;
  /** `other - s`: what the other has and this set has not. */
  __rsub__(other: Set<T>): Promise<Set<T>>;
  /** `other ^ s`, where the left side is a plain Set. */
  __rxor__(other: Set<T>): Promise<Set<T>>;
  /** Adds a value; one that is there already stays. */
  add(value: T): Promise<void>;
  /**
   * Adds a value, and tells whether it was new: of all processes that add the same one, a
   * single one is told true. Not in CPython, whose `add` tells nothing, and whose servers do
   * not know it.
   */
  add_new(value: T): Promise<boolean>;
  /** Removes all values. */
  clear(): Promise<void>;
  /** The values as they are now, as a plain Set. */
  copy(): Promise<Set<T>>;
  /** The values that none of the others has. */
  difference(...others: Iterable<unknown>[]): Promise<Set<T>>;
  /** Removes what one of the others has. */
  difference_update(...others: Iterable<unknown>[]): Promise<void>;
  /** Removes a value, if it is there. */
  discard(value: unknown): Promise<void>;
  /** The values that all others have too. */
  intersection(...others: Iterable<unknown>[]): Promise<Set<T>>;
  /** Keeps only what all others have too. */
  intersection_update(...others: Iterable<unknown>[]): Promise<void>;
  /** Whether the other has nothing of it. */
  isdisjoint(other: Iterable<unknown>): Promise<boolean>;
  /** Whether the other has all of it. */
  issubset(other: Iterable<unknown>): Promise<boolean>;
  /** Whether it has all of the other's. */
  issuperset(other: Iterable<unknown>): Promise<boolean>;
  /** Takes out some value, and gives it. @throws {KeyError} if there is none */
  pop(): Promise<T>;
  /** Removes a value. @throws {KeyError} if it is not there */
  remove(value: unknown): Promise<void>;
  /** The values that only one of them has. */
  symmetric_difference(other: Iterable<T>): Promise<Set<T>>;
  /** Keeps what the other has not, and adds what only the other has. */
  symmetric_difference_update(other: Iterable<T>): Promise<void>;
  /** The values that it or one of the others has. */
  union(...others: Iterable<T>[]): Promise<Set<T>>;
  /** Adds all values of the others. */
  update(...others: Iterable<T>[]): Promise<void>;
}

/** Stands for a manager's set. CPython 3.14: `multiprocessing.managers.SetProxy`. */
export class SetProxy<T = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = [
    ...SET_METHODS,
    ...SET_OPERATORS,
  ];
  /**
   * The methods whose results stay in the server, and the types of the proxies that
   * stand for them.
   */
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    __iter__: "Iterator",
  };

  /** A copy of the whole set, as a plain Set. CPython: `BaseProxy._getvalue`. */
  override _getvalue(...given: []): Promise<Set<T>> {
    return super._getvalue(...given) as Promise<Set<T>>;
  }

  /**
   * For `for await`: each value, fetched from the server as it is needed.
   * CPython (3.14): `SetProxy.__iter__`.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    yield* await this._callmethod("__iter__") as IteratorProxy<T>;
  }
}

defineInPlace(SetProxy, SET_OPERATORS);
defineMethods(SetProxy, SET_METHODS);
registerProxyClass("SetProxy", SetProxy, ["set"]);
