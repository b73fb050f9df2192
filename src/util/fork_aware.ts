/**
 * `ForkAwareThreadLock` and `ForkAwareLocal`: a lock, and attributes, of threads. In CPython
 * a fork makes them new; here no process is forked.
 *
 * @module
 */
import { Lock } from "../dummy/synchronize.ts";
import { addressed, printAsText } from "../python/printing.ts";
import { current_thread, type Thread } from "../python/thread.ts";

/** The options of `ForkAwareThreadLock.acquire`. */
export interface AcquireOptions {
  /** False to give up at once instead of waiting. */
  blocking?: boolean;
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the waiting: the promise rejects with its reason. */
  signal?: AbortSignal;
}

/**
 * A lock between the threads of this process. CPython:
 * `multiprocessing.util.ForkAwareThreadLock`.
 *
 * @example
 * ```ts
 * import { ForkAwareThreadLock } from "@pystd/multiprocessing/util";
 * const lock = new ForkAwareThreadLock();
 * console.log(await lock.acquire(), await lock.acquire(false)); // true false
 * ```
 */
export class ForkAwareThreadLock {
  readonly #lock = Lock();

  /**
   * Takes it. CPython: `threading.Lock.acquire`.
   *
   * @param blocking False to give up at once instead of waiting.
   * @param timeout Seconds; null for ever.
   * @returns Whether it was taken.
   */
  acquire(blocking?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same with options. */
  acquire(options: AcquireOptions): Promise<boolean>;
  acquire(...given: []): Promise<boolean> {
    return this.#lock.acquire(...given);
  }

  /** Gives it back. CPython: `threading.Lock.release`. @throws {RuntimeError} if it is free */
  release(...given: []): Promise<void> {
    return this.#lock.release(...given);
  }

  /** Calls a function while it is taken: Python's `with lock:`. */
  with<T>(fn: () => T, options?: { signal?: AbortSignal }): Promise<Awaited<T>> {
    return this.#lock.with(fn, options);
  }

  /** `await using _ = await lock.__enter__()` takes it for a block. */
  __enter__(options?: { signal?: AbortSignal }): Promise<AsyncDisposable> {
    return this.#lock.__enter__(options);
  }

  /** Gives it back. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.release();
  }

  /** `<multiprocessing.util.ForkAwareThreadLock object at 0x…>`. */
  toString(): string {
    return addressed(this, "multiprocessing.util.ForkAwareThreadLock");
  }
}

printAsText(ForkAwareThreadLock);

/** The attributes of an object, for each thread. */
type Attributes = WeakMap<Thread, object>;

/**
 * An object whose attributes are each thread's own, as those of Python's `threading.local`.
 * CPython: `multiprocessing.util.ForkAwareLocal`.
 *
 * The threads are those of `multiprocessing.dummy` and of `ThreadPool`; all other code is
 * the main thread.
 *
 * @example
 * ```ts
 * import { ForkAwareLocal } from "@pystd/multiprocessing/util";
 * import { Pool } from "@pystd/multiprocessing/dummy";
 * const local = new ForkAwareLocal();
 * local.x = 1;
 * await using pool = Pool(1);
 * console.log(await pool.apply(() => "x" in local), local.x); // false 1
 * ```
 */
export class ForkAwareLocal {
  /** Any attribute. */
  // deno-lint-ignore no-explicit-any -- any attribute of any type
  [name: string]: any;

  /** An object without attributes. */
  constructor() {
    const attributes: Attributes = new WeakMap();
    return new Proxy(this, handlerFor(attributes, Object.getPrototypeOf(this)));
  }
}

/** Has all operations on an object done on that of the present thread. */
function handlerFor(attributes: Attributes, prototype: object): ProxyHandler<object> {
  const own = (): object => {
    const thread = current_thread();
    let object = attributes.get(thread);
    if (object === undefined) attributes.set(thread, object = Object.create(prototype));
    return object!;
  };
  return {
    get: (_target, key) => Reflect.get(own(), key),
    set: (_target, key, value) => Reflect.set(own(), key, value),
    has: (_target, key) => Reflect.has(own(), key),
    deleteProperty: (_target, key) => Reflect.deleteProperty(own(), key),
    ownKeys: () => Reflect.ownKeys(own()),
    getOwnPropertyDescriptor: (_target, key) =>
      Reflect.getOwnPropertyDescriptor(own(), key),
    defineProperty: (_target, key, descriptor) =>
      // Of another kind it could not be shown: the target has none of them.
      Reflect.defineProperty(own(), key, { ...descriptor, configurable: true }),
  };
}
