/**
 * Mirrors `IteratorProxy` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { StopIteration } from "../python/errors.ts";
import { BaseProxy, registerProxyClass } from "./proxies/base_proxy.ts";

/** Stands for an iterator that a server holds. CPython: `managers.IteratorProxy`. */
export class IteratorProxy<T = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = [
    "__next__",
    "send",
    "throw",
    "close",
  ];

  /**
   * `next(it)`: the next item. CPython: `IteratorProxy.__next__`.
   *
   * @throws {StopIteration} after the last
   */
  __next__(): Promise<T> {
    return this._callmethod("__next__") as Promise<T>;
  }

  /**
   * Goes on with a generator, whose `yield` gives `value`. CPython: `IteratorProxy.send`.
   *
   * @returns The next item.
   * @throws {StopIteration} if it ends with that
   * @throws {RemoteError} if the iterator has no such method
   */
  send(value: unknown): Promise<T> {
    return this._callmethod("send", [value]) as Promise<T>;
  }

  /**
   * Goes on with a generator, whose `yield` throws `error`. CPython:
   * `IteratorProxy.throw`.
   *
   * @returns The next item, if the generator catches the error.
   * @throws {StopIteration} if it ends with that
   * @throws {RemoteError} if the iterator has no such method
   */
  throw(error: unknown): Promise<T> {
    return this._callmethod("throw", [error]) as Promise<T>;
  }

  /**
   * Ends a generator. CPython: `IteratorProxy.close`.
   *
   * @throws {RemoteError} if the iterator has no such method
   */
  close(): Promise<void> {
    return this._callmethod("close") as Promise<void>;
  }

  /** The iterator itself. CPython: `IteratorProxy.__iter__`. */
  __iter__(): this {
    return this;
  }

  /** For `for await`: each item, fetched from the server as it is needed. */
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

registerProxyClass("IteratorProxy", IteratorProxy, ["Iterator"]);
