/**
 * Mirrors `IteratorProxy` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { StopIteration } from "../errors.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";

/** Stands for an iterator that a server holds. CPython: `managers.IteratorProxy`. */
export class IteratorProxy<T = unknown> extends BaseProxy {
  /** The methods of the referent that may be called. */
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

  /** As a generator's `send`. */
  send(value: unknown): Promise<T> {
    return this._callmethod("send", [value]) as Promise<T>;
  }

  /** As a generator's `throw`. */
  throw(error: unknown): Promise<T> {
    return this._callmethod("throw", [error]) as Promise<T>;
  }

  /** Ends the iterator. */
  close(): Promise<void> {
    return this._callmethod("close") as Promise<void>;
  }

  /** Itself. */
  __iter__(): this {
    return this;
  }

  /** For `for await`: each value, fetched as it is needed. */
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
