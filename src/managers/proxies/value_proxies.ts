/**
 * Mirrors `ArrayProxy`, `NamespaceProxy`, `ValueProxy` and `IteratorProxy` of
 * `multiprocessing/managers.py`. What differs: what is assigned is sent at once, what is
 * read is a promise.
 *
 * @module
 */
import { StopIteration } from "../../python/errors.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { defineCounted, defineMethods } from "./proxy_types.ts";
import { askFor, INDEXED, NAMED, tell } from "./traps.ts";

const ARRAY_METHODS = ["__len__", "__getitem__", "__setitem__"];
const VALUE_METHODS = ["get", "increment", "set"];
const ITERATOR_METHODS = ["__next__", "send", "throw", "close"];

/** The methods of an array proxy, besides those of BaseProxy. */
export interface ArrayProxy {
  /** `await a[0]` is the element; `a[0] = x` sends it at once, in order. */
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [index: number]: any;
  /** `len(a)`: how many elements it has. CPython: `ArrayProxy.__len__`. */
  __len__(): Promise<number>;
  /**
   * `a[i]`: an element, from the end for a negative index; a typed array for a `slice`.
   * CPython: `ArrayProxy.__getitem__`.
   *
   * @throws {IndexError} if there is no such element
   * @throws {TypeError} for what is no index
   */
  // deno-lint-ignore no-explicit-any -- an element, or a typed array of them
  __getitem__(index: unknown): Promise<any>;
  /**
   * `a[i] = x`, settling when it is done; a slice too. CPython: `ArrayProxy.__setitem__`.
   *
   * @throws {IndexError} if there is no such element
   * @throws {TypeError} for what is no index, or no number
   * @throws {OverflowError} if the number does not fit the type code
   * @throws {ValueError} if what is assigned has another length than a slice with a step
   */
  __setitem__(index: unknown, value: unknown): Promise<void>;
}

/** Stands for a manager's array. CPython: `multiprocessing.managers.ArrayProxy`. */
export class ArrayProxy extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = ARRAY_METHODS;
  /** Reading and assigning properties calls methods of the referent. */
  static override readonly _traps: ProxyHandler<BaseProxy> = INDEXED;

  /** For `for await`: each element that there is at the start, fetched as it is needed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<number, void, void> {
    const length = await this.__len__();
    for (let i = 0; i < length; i++) yield await this.__getitem__(i);
  }
}

/** The fields of a namespace. */
export interface NamespaceProxy {
  /** `await ns.x` is the value; `ns.x = 1` sends it at once, in order. */
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  [name: string]: any;
}

/**
 * Stands for a manager's namespace: `ns.x = 1`, `await ns.x`, `delete ns.x`. Names that
 * begin with `_` are the proxy's own. CPython: `multiprocessing.managers.NamespaceProxy`.
 */
export class NamespaceProxy extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = [
    "__getattribute__",
    "__setattr__",
    "__delattr__",
  ];
  /** Reading and assigning properties calls methods of the referent. */
  static override readonly _traps: ProxyHandler<BaseProxy> = NAMED;

  /**
   * `ns.name`. CPython: `NamespaceProxy.__getattr__`.
   *
   * @throws {AttributeError} if there is none of this name
   */
  __getattr__(name: string): Promise<unknown> {
    return this._callmethod("__getattribute__", [name]);
  }

  /** `ns.name = value`, to be awaited. CPython: `NamespaceProxy.__setattr__`. */
  __setattr__(name: string, value: unknown): Promise<void> {
    return this._callmethod("__setattr__", [name, value]) as Promise<void>;
  }

  /**
   * `del ns.name`, to be awaited. CPython: `NamespaceProxy.__delattr__`.
   *
   * @throws {AttributeError} if there is none of this name
   */
  __delattr__(name: string): Promise<void> {
    return this._callmethod("__delattr__", [name]) as Promise<void>;
  }
}

/** The methods of a value proxy, besides those of BaseProxy. */
export interface ValueProxy<T = unknown> {
  /** The value. CPython: `ValueProxy.get`. */
  get(): Promise<T>;
  /** Replaces the value; no type is checked. CPython: `ValueProxy.set`. */
  set(value: T): Promise<void>;
  /**
   * Adds to the value in one step: `v.value += 1` of two processes may count one of them
   * only. Not in CPython, whose servers do not know it.
   *
   * @param by What is added, also below zero.
   * @returns The sum: integers are exact, as a bigint where a number could not be.
   * @throws {TypeError} if one of them is no number
   */
  increment(by?: number | bigint): Promise<T>;
}

/** Stands for a manager's value. CPython: `multiprocessing.managers.ValueProxy`. */
export class ValueProxy<T = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = VALUE_METHODS;

  /**
   * A promise when it is read; assigning sends the value at once. CPython:
   * `ValueProxy.value`.
   */
  // deno-lint-ignore no-explicit-any -- reading gives a promise, writing takes a value
  get value(): any {
    return askFor(this, "get", []);
  }
  // deno-lint-ignore no-explicit-any -- as above
  set value(value: any) {
    tell(this, "set", [value]);
  }
}

/** The methods of an iterator proxy, besides those of BaseProxy. */
export interface IteratorProxy<T = unknown> {
  /**
   * `next(it)`: the next item. CPython: `IteratorProxy.__next__`.
   *
   * @throws {StopIteration} after the last; its `value` is what a generator has returned
   */
  __next__(): Promise<T>;
  /**
   * Goes on with a generator, whose `yield` gives `value`. CPython: `IteratorProxy.send`,
   * which raises TypeError where the generator has not begun yet: here the value is lost.
   *
   * @returns The next item: the bare value, as of Python, without `done`.
   * @throws {StopIteration} if it ends with that
   * @throws {RemoteError} if the iterator has no such method
   */
  send(value: unknown): Promise<T>;
  /**
   * Goes on with a generator, whose `yield` throws `error`. CPython:
   * `IteratorProxy.throw`.
   *
   * @returns The next item, if the generator catches the error.
   * @throws {StopIteration} if it ends with that
   * @throws {RemoteError} if the iterator has no such method
   */
  throw(error: unknown): Promise<T>;
  /**
   * Ends a generator: its `finally` runs. CPython: `IteratorProxy.close`.
   *
   * @returns What it returns there, or null.
   * @throws {RuntimeError} if it goes on with a `yield`
   * @throws {RemoteError} if the iterator has no such method
   */
  close(): Promise<unknown>;
}

/** Stands for an iterator that a server holds. CPython: `managers.IteratorProxy`. */
export class IteratorProxy<T = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = ITERATOR_METHODS;

  /** The iterator itself. CPython: `IteratorProxy.__iter__`. */
  __iter__(): this {
    return this;
  }

  /**
   * For `for await`: each item, fetched from the server as it is needed. Its `next()` tells
   * `{ value, done }`; the last value is what a generator has returned.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, unknown, void> {
    for (;;) {
      let value: T;
      try {
        value = await this.__next__();
      } catch (error) {
        if (error instanceof StopIteration) return error.value ?? undefined;
        throw error;
      }
      yield value;
    }
  }
}

defineMethods(ArrayProxy, ARRAY_METHODS);
defineCounted(ValueProxy, { get: [], set: ["value"] }, true);
defineMethods(ValueProxy, ["increment"]);
defineMethods(IteratorProxy, ITERATOR_METHODS);

registerProxyClass("ArrayProxy", ArrayProxy, ["Array"]);
registerProxyClass("NamespaceProxy", NamespaceProxy as never, ["Namespace"]);
registerProxyClass("ValueProxy", ValueProxy, ["Value"]);
registerProxyClass("IteratorProxy", IteratorProxy, ["Iterator"]);
