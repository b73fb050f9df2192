/**
 * `Process`, `current_process` and `active_children` of threads: asynchronous tasks of this
 * process, each of which is a thread of its own to locks and to logs.
 *
 * @module
 */
import { complain } from "../link/exit.ts";
import { currentPeer } from "../link/peer.ts";
import { listenWhileOpen, type Waiter, waitHere } from "../link/waiting.ts";
import {
  asKeywords,
  asSequence,
  callTarget,
  type GivenArguments,
  type JoinOptions,
  type Target,
} from "../process/arguments.ts";
import {
  asTimeout,
  FUNCTION,
  parseArguments,
  signature,
  str,
  takes,
} from "../python/arguments.ts";
import { AssertionError, RuntimeError, SystemExit } from "../python/errors.ts";
import { printAsText } from "../python/printing.ts";
import { current_thread, inThread, newThread, type Thread } from "../python/thread.ts";
import { formatException } from "../python/traceback.ts";
import { keepAliveFor, limitHere } from "./waits.ts";

/** What all threads have, also those that this module has not started. */
export interface AnyProcess {
  /** The name; any text. CPython: `Thread.name`. */
  name: string;
  /** The number of the thread; null before it is started. CPython: `Thread.ident`. */
  readonly ident: number | null;
  /** Whether the program may end before it. CPython: `Thread.daemon`. */
  daemon: boolean;
  /** Whether it runs. CPython: `Thread.is_alive`. */
  is_alive(): boolean;
  /** Waits until it has ended. CPython: `Thread.join`. */
  join(timeout?: number | null, options?: JoinOptions): Promise<void>;
  /** Waits until it has ended. CPython: `Thread.join`. */
  join(options: JoinOptions): Promise<void>;
}

/** The options of every process of this module. */
export interface CommonOptions<F extends Target> {
  /** Always null; there for the positional order. */
  group?: null;
  /** The function that it calls; it may be a closure, and asynchronous. */
  target?: F | null;
  /** Its name; by default `Thread-1 (target)`. */
  name?: string | null;
}

/** The options of `new Process(…)`: the arguments must fit the target. */
export type ProcessOptions<F extends Target> =
  & CommonOptions<F>
  & GivenArguments<F>;

interface Arguments {
  group: unknown;
  target: unknown;
  name: unknown;
  args: unknown;
  kwargs: unknown;
}

const INIT = signature<Arguments>("DummyProcess.__init__", {
  group: null,
  target: null,
  name: null,
  args: [],
  kwargs: null,
}, { objects: ["kwargs"] });
const JOIN = signature<{ timeout: unknown }>("Thread.join", { timeout: null });

/** A thread as the rest of the package knows it, while it may be renamed. */
interface OwnThread extends Thread {
  name: string;
  daemon: boolean;
}

/** The objects of threads that have been asked for. */
const objects = new WeakMap<Thread, AnyProcess>();
/** The running children of a thread's object. */
const children = new WeakMap<AnyProcess, Set<DummyProcess>>();

function childrenOf(parent: AnyProcess): Set<DummyProcess> {
  let set = children.get(parent);
  if (set === undefined) children.set(parent, set = new Set());
  return set;
}

/**
 * A function that is run as an asynchronous task of this process, beside the others.
 * CPython: `multiprocessing.dummy.Process`, a thread there; `DummyProcess` is the same.
 *
 * Nothing is copied, and functions need no names. It cannot be killed, and its `exitcode` is
 * 0 however it has ended. What computes without a pause holds up the whole process.
 *
 * @example
 * ```ts
 * import { Process, Queue } from "@pystd/multiprocessing/dummy";
 * const q = Queue<string>();
 * const p = new Process({ target: (name: string) => q.put(name), args: ["bob"] });
 * p.start();
 * console.log(await q.get()); // bob
 * await p.join();
 * ```
 */
export class DummyProcess<F extends Target = Target> implements AnyProcess {
  readonly #thread: OwnThread;
  readonly #parent: AnyProcess;
  #state: "initial" | "started" | "stopped" = "initial";
  #target: Target | null;
  #args: unknown;
  #kwargs: unknown;
  readonly #joining = new Set<Waiter<void>>();

  /**
   * Python's arguments, in its order, or one object with their names.
   *
   * @param options See {@linkcode ProcessOptions}.
   * @throws {AssertionError} `group argument must be None for now`
   */
  constructor(options?: ProcessOptions<F> | null);
  /** The same with positional arguments. */
  constructor(
    group: null,
    target: F | null,
    name?: string | null,
    args?: Iterable<unknown>,
    kwargs?: Record<string, unknown> | null,
  );
  constructor(...given: unknown[]) {
    const { group, target, name, args, kwargs } = parseArguments(INIT, given);
    if (group !== null) {
      throw new AssertionError("group argument must be None for now");
    }
    this.#parent = current_process();
    const known = typeof target === "function" ? target.name || "<lambda>" : null;
    const thread = newThread(known, name === null ? null : str(name));
    this.#thread = { ...thread, daemon: this.#parent.daemon };
    this.#target = target as Target | null;
    [this.#args, this.#kwargs] = [args, kwargs];
    objects.set(this.#thread, this);
  }

  /**
   * What it does: calls the target. Subclasses override it, with a function that may be
   * async. CPython: `Process.run`.
   *
   * @returns What the target returns, which may be a promise.
   */
  run(): unknown {
    takes("Thread.run", arguments);
    return callTarget({
      target: this.#target,
      args: asSequence(this.#args),
      kwargs: asKeywords(this.#kwargs),
    });
  }

  /**
   * Starts it. It begins when the caller waits for something. An error that nothing catches
   * is printed, as `Exception in thread Thread-1 (f):` with its traceback. CPython:
   * `Process.start`.
   *
   * @returns Settles when it has begun.
   * @throws {RuntimeError} `threads can only be started once`; `Parent is … but
   * current_process is …`, for another than the one that has made it
   */
  start(): Promise<void> {
    takes("DummyProcess.start", arguments);
    const current = current_process();
    if (this.#parent !== current) {
      throw new RuntimeError(
        `Parent is ${this.#parent} but current_process is ${current}`,
      );
    }
    if (this.#state !== "initial") {
      throw new RuntimeError("threads can only be started once");
    }
    this.#state = "started";
    childrenOf(this.#parent).add(this as DummyProcess);
    currentPeer(); // Ctrl-C is listened to from here on
    const ignore = listenWhileOpen();
    const begun = Promise.resolve();
    void begun.then(() => this.#work()).finally(ignore);
    return begun;
  }

  async #work(): Promise<void> {
    try {
      await inThread(this.#thread, () => this.run());
    } catch (error) {
      if (!(error instanceof SystemExit)) {
        complain(`Exception in thread ${this.name}:\n${formatException(error)}`);
      }
    }
    this.#state = "stopped";
    [this.#target, this.#args, this.#kwargs] = [null, [], null];
    childrenOf(this.#parent).delete(this as DummyProcess);
    for (const waiter of [...this.#joining]) waiter.resolve();
    this.#joining.clear();
  }

  /**
   * Waits until it has ended, or for a time; `is_alive()` tells which. CPython:
   * `Process.join`.
   *
   * @param timeout Seconds; null for ever, 0 or less not to wait.
   * @param options `signal` ends the waiting: the promise rejects with its reason.
   * @throws {RuntimeError} `cannot join thread before it is started`; `cannot join current
   * thread`
   */
  join(timeout?: number | null, options?: JoinOptions): Promise<void>;
  /** The same with the timeout among the options. */
  join(options: JoinOptions): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { timeout, signal } = parseArguments(JOIN, given);
    if (this.#state === "initial") {
      throw new RuntimeError("cannot join thread before it is started");
    }
    if (current_thread() === this.#thread) {
      throw new RuntimeError("cannot join current thread");
    }
    const limit = limitHere(asTimeout(timeout), signal);
    if (this.#state === "stopped") return;
    const wait = waitHere<void>(currentPeer(), limit, (waiter) => {
      this.#joining.add(waiter);
      return () => this.#joining.delete(waiter);
    }, () => {});
    await keepAliveFor(wait);
  }

  /** Whether it runs. CPython: `Process.is_alive`. */
  is_alive(): boolean {
    takes("Thread.is_alive", arguments);
    return this.#state === "started";
  }

  /**
   * Null until it has ended, then 0, also after an error. CPython: `Process.exitcode`.
   */
  get exitcode(): number | null {
    return this.#state === "stopped" ? 0 : null;
  }

  /** The name; any text. CPython: `Process.name`. */
  get name(): string {
    return this.#thread.name;
  }
  set name(name: string) {
    this.#thread.name = str(name);
  }

  /**
   * Whether the program may end while it waits for something of this module; taken over
   * from the thread that has made it. Timers of its own keep the program alive in any case.
   * CPython: `Process.daemon`.
   *
   * @throws {RuntimeError} `cannot set daemon status of active thread`
   */
  get daemon(): boolean {
    return this.#thread.daemon;
  }
  set daemon(daemon: boolean) {
    if (this.#state !== "initial") {
      throw new RuntimeError("cannot set daemon status of active thread");
    }
    this.#thread.daemon = Boolean(daemon);
  }

  /** The number of the thread; null before it is started. CPython: `Process.ident`. */
  get ident(): number | null {
    return this.#state === "initial" ? null : identOf(this.#thread);
  }

  /** `<DummyProcess(Thread-1 (f), started 2)>`. */
  toString(): string {
    return textOf(this.constructor.name, this, this.#state);
  }
}

/** A thread that this module has not started: the main one, or one of a `ThreadPool`. */
class OtherThread implements AnyProcess {
  readonly #thread: Thread;

  constructor(thread: Thread) {
    this.#thread = thread;
  }

  get name(): string {
    return this.#thread.name;
  }
  set name(name: string) {
    (this.#thread as OwnThread).name = str(name);
  }

  get daemon(): boolean {
    return this.#thread.daemon ?? false;
  }
  set daemon(_daemon: boolean) {
    throw new RuntimeError("cannot set daemon status of active thread");
  }

  get ident(): number {
    return identOf(this.#thread);
  }

  is_alive(): boolean {
    takes("Thread.is_alive", arguments);
    return true;
  }

  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async join(): Promise<void> {
    throw new RuntimeError("cannot join current thread");
  }

  toString(): string {
    const isMain = this.#thread.id === 0;
    return textOf(isMain ? "_MainThread" : "DummyProcess", this, "started");
  }
}

printAsText(DummyProcess);
printAsText(OtherThread);

/** Python's numbers of threads are not zero. */
function identOf(thread: Thread): number {
  return thread.id + 1;
}

function textOf(type: string, process: AnyProcess, state: string): string {
  const { name, daemon, ident } = process;
  const fields = [state, daemon && "daemon", ident].filter(Boolean);
  return `<${type}(${name}, ${fields.join(" ")})>`;
}

/**
 * The object of the thread that calls. CPython: `multiprocessing.dummy.current_process`,
 * which is `threading.current_thread`.
 *
 * @example
 * ```ts
 * import { current_process } from "@pystd/multiprocessing/dummy";
 * console.log(current_process().name); // MainThread
 * ```
 */
export function current_process(): AnyProcess {
  takes("current_thread", arguments, FUNCTION);
  const thread = current_thread();
  let object = objects.get(thread);
  if (object === undefined) objects.set(thread, object = new OtherThread(thread));
  return object;
}

/**
 * The processes that the caller's thread has started and that run. CPython:
 * `multiprocessing.dummy.active_children`.
 *
 * @example
 * ```ts
 * import { active_children } from "@pystd/multiprocessing/dummy";
 * console.log(active_children()); // []
 * ```
 */
export function active_children(): DummyProcess[] {
  takes("active_children", arguments, FUNCTION);
  return [...childrenOf(current_process())];
}
