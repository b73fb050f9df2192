/**
 * Mirrors `ListProxy` of `multiprocessing/managers.py`. What differs: `l[0] = x` is sent at
 * once, `l[0]` gives a promise, loops are `for await`.
 *
 * @module
 */
import { parseArguments } from "../../python/arguments.ts";
import { IndexError } from "../../python/errors.ts";
import { SORT } from "../types/list.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { defineInPlace, defineMethods } from "./proxy_types.ts";
import { INDEXED } from "./traps.ts";

/** The options of `ListProxy.sort`. */
export interface SortOptions<T> {
  /** Gives what items are compared by. */
  key?: ((item: T) => unknown) | null;
  /** Whether the greatest comes first. */
  reverse?: boolean;
  /** Ends the wait. */
  signal?: AbortSignal;
}

const LIST_METHODS =
  ("__add__ __contains__ __delitem__ __getitem__ __len__ __mul__ __reversed__ __rmul__ " +
    "__setitem__ append clear copy count extend index insert pop remove reverse sort")
    .split(" ");

/** The methods of a list proxy, besides those of BaseProxy. */
export interface ListProxy<T = unknown> {
  /** `await l[0]` is the element; `l[0] = x` sends it at once, in order. */
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [index: number]: any;
  /**
   * `l + other`: a new list, which is no proxy. CPython: `ListProxy.__add__`.
   *
   * @throws {TypeError} if `other` is no array
   */
  __add__(other: readonly T[]): Promise<T[]>;
  /** `x in l`. CPython: `ListProxy.__contains__`. */
  __contains__(value: unknown): Promise<boolean>;
  /**
   * `del l[i]`; a slice too, and from the end for a negative index. CPython:
   * `ListProxy.__delitem__`.
   *
   * @throws {IndexError} if there is no such element
   */
  __delitem__(index: unknown): Promise<void>;
  /**
   * `l[i]`: an element, from the end for a negative index; a plain list for a `slice`.
   * CPython: `ListProxy.__getitem__`.
   *
   * @throws {IndexError} if there is no such element
   * @throws {TypeError} for what is no index
   */
  // deno-lint-ignore no-explicit-any -- an element, or a list of them
  __getitem__(index: unknown): Promise<any>;
  /** `len(l)`: how many elements it has. CPython: `ListProxy.__len__`. */
  __len__(): Promise<number>;
  /**
   * `l * times`: a new list, which is no proxy. CPython: `ListProxy.__mul__`.
   *
   * @throws {TypeError} if `times` is no integer
   */
  __mul__(times: number): Promise<T[]>;
  /**
   * `l *= times`, to be awaited. CPython: `ListProxy.__imul__`.
   *
   * @returns This proxy.
   * @throws {TypeError} if `times` is no integer
   */
  __imul__(times: number): Promise<this>;
  /** `times * l`: the same as `__mul__`. CPython: `ListProxy.__rmul__`. */
  __rmul__(times: number): Promise<T[]>;
  /**
   * `reversed(l)`: the elements from the last to the first, as they are now. CPython:
   * `ListProxy.__reversed__`.
   */
  __reversed__(): Promise<T[]>;
  /**
   * `l[i] = x`, settling when it is done; a slice too, and from the end for a negative
   * index. CPython: `ListProxy.__setitem__`.
   *
   * @throws {IndexError} if there is no such element
   * @throws {TypeError} if what is assigned to a slice is not iterable
   * @throws {ValueError} if it has another length than a slice with a step
   */
  __setitem__(index: unknown, value: unknown): Promise<void>;
  /** Adds an element at the end. CPython: `ListProxy.append`. */
  append(value: T): Promise<void>;
  /** Removes all elements. CPython (3.14): `ListProxy.clear`. */
  clear(): Promise<void>;
  /** The elements as they are now, as a plain list. CPython (3.14): `ListProxy.copy`. */
  copy(): Promise<T[]>;
  /** The number of elements that equal `value`. CPython: `ListProxy.count`. */
  count(value: unknown): Promise<number>;
  /**
   * Adds all elements at the end. CPython: `ListProxy.extend`.
   *
   * @throws {TypeError} if `values` is not iterable
   */
  extend(values: Iterable<T> | ListProxy<T>): Promise<void>;
  /**
   * The index of the first element that equals `value`, from `start` to before `stop`.
   * CPython: `ListProxy.index`.
   *
   * @throws {ValueError} if it is not there
   */
  index(value: unknown, start?: number, stop?: number): Promise<number>;
  /**
   * Puts an element before the one at `index`, which counts from the end if negative.
   * CPython: `ListProxy.insert`.
   */
  insert(index: number, value: T): Promise<void>;
  /**
   * Takes out an element, the last one by default, and gives it. CPython:
   * `ListProxy.pop`.
   *
   * @throws {IndexError} if there is no such element
   */
  pop(index?: number): Promise<T>;
  /**
   * Removes the first that equals `value`. CPython: `ListProxy.remove`.
   *
   * @throws {ValueError} if none does
   */
  remove(value: unknown): Promise<void>;
  /** Turns the order round. CPython: `ListProxy.reverse`. */
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
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = [
    ...LIST_METHODS,
    "__imul__",
  ];
  /** Reading and assigning properties calls methods of the referent. */
  static override readonly _traps: ProxyHandler<BaseProxy> = INDEXED;

  /**
   * `l += values`, to be awaited. CPython: `ListProxy.__iadd__`.
   *
   * @returns This proxy.
   * @throws {TypeError} if `values` is not iterable
   */
  async __iadd__(values: Iterable<T> | ListProxy<T>): Promise<this> {
    await this.extend(values);
    return this;
  }

  /**
   * Sorts it. CPython: `list.sort`.
   *
   * @param options `key`, which must be exported, and `reverse`.
   * @throws {TypeError} for items that have no order
   */
  sort(options?: SortOptions<T>): Promise<void>;
  async sort(...given: unknown[]): Promise<void> {
    const { signal, ...options } = parseArguments(SORT, given);
    await this._callmethod("sort", [], signal ? { ...options, signal } : options);
  }

  /** A copy of the whole list, as a plain array. CPython: `BaseProxy._getvalue`. */
  override _getvalue(...given: []): Promise<T[]> {
    return super._getvalue(...given) as Promise<T[]>;
  }

  /**
   * For `for await`: by index until there is none, so what is added meanwhile is seen.
   */
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

defineMethods(ListProxy, LIST_METHODS);
defineInPlace(ListProxy, ["__imul__"]);
registerProxyClass("ListProxy", ListProxy, ["list"]);
