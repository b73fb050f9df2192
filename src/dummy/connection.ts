/**
 * Mirrors `multiprocessing/dummy/connection.py`: connections between threads, made of two
 * queues.
 *
 * What differs: blocking calls are awaited. Objects are not copied, as in Python.
 *
 * @module
 */
import {
  asTimeout,
  parseArguments,
  REQUIRED,
  signature,
  takes,
} from "../python/arguments.ts";
import { AttributeError } from "../python/errors.ts";
import { callable } from "../python/callable.ts";
import { addressed, printAsText } from "../python/printing.ts";
import type { WaitOptions } from "../managers/proxies/proxy_types.ts";
import { Queue } from "./queue.ts";

export type { ListenerClass };
export type { WaitOptions } from "../managers/proxies/proxy_types.ts";

const POLL = signature<{ timeout: unknown }>("Connection.poll", { timeout: 0 });
const PIPE = signature<{ duplex: unknown }>("Pipe", { duplex: true }, {
  method: false,
});
const LISTENER = signature<{ address: unknown; family: unknown; backlog: unknown }>(
  "Listener.__init__",
  { address: null, family: null, backlog: 1 },
);

const ACCEPT = signature<Record<never, unknown>>("Listener.accept", {});
const CLIENT = signature<{ address: unknown }>(
  "Client",
  { address: REQUIRED },
  { method: false, positionalOnly: 1 },
);

/** A method of a queue that is not among its public ones. */
interface Polled {
  _callmethod(
    name: string,
    args: unknown[],
    kwds: Record<string, unknown> | null,
  ): Promise<unknown>;
}

/**
 * One end of a connection between threads; made by `Pipe`, `Client` and
 * `Listener.accept`. CPython: `multiprocessing.dummy.connection.Connection`.
 */
// deno-lint-ignore no-explicit-any -- an untyped connection takes anything
export class Connection<T = any> {
  readonly #in: Queue<T>;
  readonly #out: Queue<T>;

  /** @internal */
  constructor(_in: Queue<T>, _out: Queue<T>) {
    this.#in = _in;
    this.#out = _out;
  }

  /** Sends an object, which is not copied: Python's `Queue.put`. CPython: `Connection.send`. */
  send(item: T, block?: boolean, timeout?: number | null): Promise<void>;
  /** The same with options. */
  send(item: T, options: WaitOptions): Promise<void>;
  send(...given: [item: T]): Promise<void> {
    return this.#out.put(...given);
  }

  /** The same as `send`, as in Python. CPython: `Connection.send_bytes`. */
  send_bytes(item: T, block?: boolean, timeout?: number | null): Promise<void>;
  /** The same with options. */
  send_bytes(item: T, options: WaitOptions): Promise<void>;
  send_bytes(...given: [item: T]): Promise<void> {
    return this.#out.put(...given);
  }

  /**
   * Takes the next object: Python's `Queue.get`. CPython: `Connection.recv`.
   *
   * @param block False to raise `Empty` at once instead of waiting.
   * @param timeout Seconds; null for ever.
   * @throws {Empty} if there is none in time
   */
  recv(block?: boolean, timeout?: number | null): Promise<T>;
  /** The same with options. */
  recv(options: WaitOptions): Promise<T>;
  recv(...given: []): Promise<T> {
    return this.#in.get(...given);
  }

  /** The same as `recv`, as in Python. CPython: `Connection.recv_bytes`. */
  recv_bytes(block?: boolean, timeout?: number | null): Promise<T>;
  /** The same with options. */
  recv_bytes(options: WaitOptions): Promise<T>;
  recv_bytes(...given: []): Promise<T> {
    return this.#in.get(...given);
  }

  /**
   * Waits until there is something to take. CPython: `Connection.poll`.
   *
   * @param timeout Seconds; null for ever, 0 or less not to wait.
   */
  poll(timeout?: number | null): Promise<boolean>;
  /** The same with options. */
  poll(options: { timeout?: number | null; signal?: AbortSignal }): Promise<boolean>;
  async poll(...given: unknown[]): Promise<boolean> {
    const { timeout, signal } = parseArguments(POLL, given);
    const queue = this.#in as unknown as Polled;
    const kwds = signal === undefined ? null : { signal };
    return await queue._callmethod("_poll", [asTimeout(timeout)], kwds) as boolean;
  }

  /** `<multiprocessing.dummy.connection.Connection object at 0x…>`. */
  toString(): string {
    return addressed(this, "multiprocessing.dummy.connection.Connection");
  }

  /** Does nothing, as in Python. CPython: `Connection.close`. */
  close(): void {
    takes("Connection.close", arguments);
  }

  /** Closes it, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Gives itself. CPython: `Connection.__enter__`. */
  __enter__(): this {
    return this;
  }

  /** Closes it. CPython: `Connection.__exit__`. */
  __exit__(..._exception: unknown[]): void {
    this.close();
  }
}

/** The ends of connections that a listener has not accepted yet. */
type Backlog = Queue<[_in: Queue, _out: Queue]>;

/** What `Listener` of threads makes. */
class ListenerClass {
  #backlog: Backlog | null;

  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    const { backlog } = parseArguments(LISTENER, given);
    this.#backlog = Queue(backlog as number);
  }

  /**
   * Waits for a client. CPython: `Listener.accept`.
   *
   * @param options `signal` ends the waiting: the promise rejects with its reason.
   * @throws {AttributeError} after `close`
   */
  // deno-lint-ignore no-explicit-any -- what arrives is known to the program only
  accept<T = any>(options?: { signal?: AbortSignal }): Promise<Connection<T>>;
  async accept<T>(...given: unknown[]): Promise<Connection<T>> {
    const { signal } = parseArguments(ACCEPT, given);
    if (this.#backlog === null) {
      throw new AttributeError("'NoneType' object has no attribute 'get'");
    }
    const [_in, _out] = await this.#backlog.get(signal === undefined ? {} : { signal });
    return new Connection<T>(_in as Queue<T>, _out as Queue<T>);
  }

  /** `<multiprocessing.dummy.connection.Listener object at 0x…>`. */
  toString(): string {
    return addressed(this, "multiprocessing.dummy.connection.Listener");
  }

  /** Ends listening. CPython: `Listener.close`. */
  close(): void {
    takes("Listener.close", arguments);
    this.#backlog = null;
  }

  /** What `Client` takes; null after `close`. CPython: `Listener.address`. */
  get address(): Queue<[_in: Queue, _out: Queue]> | null {
    return this.#backlog;
  }

  /** Closes it, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Gives itself. CPython: `Listener.__enter__`. */
  __enter__(): this {
    return this;
  }

  /** Closes it. CPython: `Listener.__exit__`. */
  __exit__(..._exception: unknown[]): void {
    this.close();
  }
}

/** Waits for clients among the threads; made by the function of the same name. */
export type Listener = ListenerClass;

/** The options of `Listener`. */
export interface ListenerOptions {
  /** There for Python's sake: the address is an object. */
  address?: unknown;
  /** There for Python's sake. */
  family?: unknown;
  /** How many clients may wait to be accepted; 0 for any number. */
  backlog?: number;
}

/** `Listener` as a value: a class that may be called without `new`. */
export interface ListenerConstructor {
  /** With `new`, as in JavaScript. */
  new (address?: unknown, family?: unknown, backlog?: number): ListenerClass;
  /** With Python's keywords. */
  new (options: ListenerOptions): ListenerClass;
  /** Without, as in Python. */
  (address?: unknown, family?: unknown, backlog?: number): ListenerClass;
  /** With Python's keywords. */
  (options: ListenerOptions): ListenerClass;
  /** The members that all of them have. */
  readonly prototype: ListenerClass;
}

printAsText(Connection);
printAsText(ListenerClass);

/**
 * Waits for clients among the threads of this process. CPython:
 * `multiprocessing.dummy.connection.Listener`.
 *
 * @param backlog How many clients may wait to be accepted.
 *
 * @example
 * ```ts
 * import { Client, Listener } from "@pystd/multiprocessing/dummy/connection";
 * const listener = Listener();
 * const ours = await Client(listener.address!);
 * const theirs = await listener.accept();
 * await ours.send("hello");
 * console.log(await theirs.recv()); // hello
 * ```
 */
export const Listener: ListenerConstructor = callable("Listener", ListenerClass);

/**
 * Connects to a listener of this process. CPython:
 * `multiprocessing.dummy.connection.Client`.
 *
 * @param address The listener's.
 * @param options `signal` ends the waiting: the client waits while the backlog is full.
 */
// deno-lint-ignore no-explicit-any -- what arrives is known to the program only
export function Client<T = any>(
  address: Queue<[_in: Queue, _out: Queue]>,
  options?: { signal?: AbortSignal },
): Promise<Connection<T>>;
export async function Client<T>(...given: unknown[]): Promise<Connection<T>> {
  const { address, signal } = parseArguments(CLIENT, given);
  const [_in, _out] = [Queue<T>(), Queue<T>()];
  const options = signal === undefined ? {} : { signal };
  await (address as Backlog).put([_out as Queue, _in as Queue], options);
  return new Connection<T>(_in, _out);
}

/**
 * Two ends of a connection between threads; both send and receive, also if `duplex` is
 * false, as in Python. CPython: `multiprocessing.dummy.Pipe`.
 *
 * @example
 * ```ts
 * import { Pipe } from "@pystd/multiprocessing/dummy";
 * const [a, b] = Pipe();
 * await a.send([1, 2]);
 * console.log(await b.recv()); // [ 1, 2 ]
 * ```
 */
// deno-lint-ignore no-explicit-any -- as above
export function Pipe<T = any>(
  duplex?: boolean | { duplex?: boolean },
): [Connection<T>, Connection<T>];
// deno-lint-ignore no-explicit-any -- as above
export function Pipe(...given: unknown[]): [Connection<any>, Connection<any>] {
  parseArguments(PIPE, given);
  const [a, b] = [Queue(), Queue()];
  return [new Connection(a, b), new Connection(b, a)];
}

/** The families of addresses: there are none. CPython: `dummy.connection.families`. */
export const families: readonly null[] = [null];
