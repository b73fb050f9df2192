/**
 * Mirrors `SetProxy` of `multiprocessing/managers.py`, as of Python 3.14.
 *
 * @module
 */
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import type { IteratorProxy } from "./iterator_proxy.ts";
import { defineMethods } from "./proxy_types.ts";

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
  /** `s & other`. */
  __and__(other: Set<unknown>): Promise<Set<T>>;
  /** `x in s`. */
  __contains__(value: unknown): Promise<boolean>;
  /** `s == other`. */
  __eq__(other: Set<unknown>): Promise<boolean>;
  /** `s >= other`: whether it has all of the other's. */
  __ge__(other: Set<unknown>): Promise<boolean>;
  /** `s > other`: whether it has all of the other's, and more. */
  __gt__(other: Set<unknown>): Promise<boolean>;
  /** `s <= other`: whether the other has all of it. */
  __le__(other: Set<unknown>): Promise<boolean>;
  /** `len(s)`. */
  __len__(): Promise<number>;
  /** `s < other`: whether the other has all of it, and more. */
  __lt__(other: Set<unknown>): Promise<boolean>;
  /** `s | other`. */
  __or__(other: Set<T>): Promise<Set<T>>;
  /** `s - other`. */
  __sub__(other: Set<unknown>): Promise<Set<T>>;
  /** `s ^ other`: what only one of them has. */
  __xor__(other: Set<T>): Promise<Set<T>>;
  /** `other & s`. */
  __rand__(other: Set<unknown>): Promise<Set<T>>;
  /** `other | s`. */
  __ror__(other: Set<T>): Promise<Set<T>>;
  /** `other - s`. */
  __rsub__(other: Set<T>): Promise<Set<T>>;
  /** `other ^ s`. */
  __rxor__(other: Set<T>): Promise<Set<T>>;
  /** Adds a value. CPython (3.14): `SetProxy.add`. */
  add(value: T): Promise<void>;
  /** Removes all values. */
  clear(): Promise<void>;
  /** The values as they are now. */
  copy(): Promise<Set<T>>;
  /** What none of the others has. */
  difference(...others: Iterable<unknown>[]): Promise<Set<T>>;
  /** Removes what one of the others has. */
  difference_update(...others: Iterable<unknown>[]): Promise<void>;
  /** Removes a value, if it is there. */
  discard(value: unknown): Promise<void>;
  /** What all others have too. */
  intersection(...others: Iterable<unknown>[]): Promise<Set<T>>;
  /** Keeps what all others have too. */
  intersection_update(...others: Iterable<unknown>[]): Promise<void>;
  /** Whether the other has nothing of it. */
  isdisjoint(other: Iterable<unknown>): Promise<boolean>;
  /** Whether the other has all of it. */
  issubset(other: Iterable<unknown>): Promise<boolean>;
  /** Whether it has all of the other's. */
  issuperset(other: Iterable<unknown>): Promise<boolean>;
  /**
   * Takes out some value.
   *
   * @throws {KeyError} if there is none
   */
  pop(): Promise<T>;
  /**
   * Removes a value.
   *
   * @throws {KeyError} if it is not there
   */
  remove(value: unknown): Promise<void>;
  /** What only one of them has. */
  symmetric_difference(other: Iterable<T>): Promise<Set<T>>;
  /** Keeps and adds what only one of them has. */
  symmetric_difference_update(other: Iterable<T>): Promise<void>;
  /** What it or one of the others has. */
  union(...others: Iterable<T>[]): Promise<Set<T>>;
  /** Adds all values of the others. */
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

  /** A copy of the whole set. */
  override _getvalue(): Promise<Set<T>> {
    return super._getvalue() as Promise<Set<T>>;
  }

  /** For `for await`: each value, fetched as it is needed. */
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
