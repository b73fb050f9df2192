/**
 * Mirrors `ListProxy` of `multiprocessing/managers.py`. What differs: `l[0] = x` is sent at
 * once, `l[0]` gives a promise, loops are `for await`.
 *
 * @module
 */
import { parseArguments, signature } from "../arguments.ts";
import { IndexError } from "../errors.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { defineMethods } from "./proxy_types.ts";
import { INDEXED } from "./traps.ts";

/** How a list is sorted. */
export interface SortOptions<T> {
  /** Gives what items are compared by. */
  key?: ((item: T) => unknown) | null;
  /** Whether the greatest comes first. */
  reverse?: boolean;
  signal?: AbortSignal;
}

const SORT = signature<{ key: unknown; reverse: unknown }>(
  "sort",
  { key: null, reverse: false },
  { builtin: true, keywordOnly: ["key", "reverse"] },
);

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

defineMethods(ListProxy, LIST_METHODS);
registerProxyClass("ListProxy", ListProxy, ["list"]);
