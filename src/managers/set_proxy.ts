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

defineMethods(SetProxy, SET_METHODS);
registerProxyClass("SetProxy", SetProxy, ["set"]);
