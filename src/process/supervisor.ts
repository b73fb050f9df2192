/**
 * Supervision: a process that fails is started again, after a while that grows, and not
 * without end. CPython has none; the words are those of systemd and of Erlang.
 *
 * An entry of its own, so that other programs do not load it.
 *
 * @module
 */
import { WaitList } from "../collections/wait_list.ts";
import { ops } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { after, type Waiter, waitHere, whenInterrupted } from "../link/waiting.ts";
import type { JoinOptions } from "./arguments.ts";
import { type BaseProcess, popenOf } from "./base.ts";
import {
  asTimeout,
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
  takes,
} from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { info, sub_warning } from "../python/log_calls.ts";
import { is_exiting } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";

/** What a supervisor tells of each end of its process. */
export interface SupervisedExit {
  /** The process; null if it could not be made. */
  readonly process: BaseProcess | null;
  /** Its exit code; null if it could not be started. */
  readonly exitcode: number | null;
  /** Why it could not be made or started. */
  readonly error?: unknown;
  /** Seconds after which it is started again; null if it is not. */
  readonly delay: number | null;
}

/** Options of {@linkcode supervise}. */
export interface SuperviseOptions {
  /** Most restarts in a row; 5 by default, Infinity for no bound. */
  restarts?: number;
  /** Seconds before the first restart; 0.1 by default. */
  delay?: number;
  /** By how much each next delay is longer; 2 by default. */
  factor?: number;
  /** The longest delay, in seconds; 30 by default. */
  max_delay?: number;
  /**
   * Seconds after which a process counts as healthy: when it fails then, restarts and delays
   * are counted anew. 60 by default.
   */
  healthy_after?: number;
  /** Called at each end of the process, before it is started again. */
  on_exit?: (exit: SupervisedExit) => void;
  /** Stops the supervision for good, as `terminate` does. */
  signal?: AbortSignal;
}

const SUPERVISE = signature<{ factory: unknown } & Numbers & { on_exit: unknown }>(
  "supervise",
  {
    factory: REQUIRED,
    restarts: 5,
    delay: 0.1,
    factor: 2,
    max_delay: 30,
    healthy_after: 60,
    on_exit: null,
  },
  {
    method: false,
    positionalOnly: 1,
    keywordOnly: [
      ...["restarts", "delay", "factor", "max_delay"] as const,
      ...["healthy_after", "on_exit"] as const,
    ],
  },
);
const JOIN = signature<{ timeout: unknown }>("Supervisor.join", { timeout: null });

type Numbers = Record<
  "restarts" | "delay" | "factor" | "max_delay" | "healthy_after",
  unknown
>;

/** The options, checked. */
type Policy = Record<keyof Numbers, number>;

/** The least value of each. */
const LEAST: Policy = {
  restarts: 0,
  delay: 0,
  factor: 1,
  max_delay: 0,
  healthy_after: 0,
};

function policyOf(given: Numbers): Policy {
  const policy = { ...LEAST };
  for (const name of Object.keys(LEAST) as (keyof Policy)[]) {
    const value = given[name];
    if (typeof value !== "number") {
      throw new TypeError(`${name} must be a number, not ${pythonTypeName(value)}`);
    }
    if (!(value >= LEAST[name])) {
      throw new ValueError(`${name} must be at least ${LEAST[name]}`);
    }
    policy[name] = value;
  }
  return policy;
}

/** A process that is started again when it fails; made by {@linkcode supervise}. */
class Supervisor {
  readonly #factory: () => BaseProcess;
  readonly #policy: Policy;
  readonly #onExit: ((exit: SupervisedExit) => void) | null;
  readonly #waiting = new WaitList<Waiter<void>>();
  #process: BaseProcess | null = null;
  #exitcode: number | null = null;
  #restarts = 0;
  /** Restarts since the process was healthy. */
  #inRow = 0;
  #isStopped = false;
  #isOver = false;
  /** Whether this process stays alive for it. */
  #isKept = false;
  /** Why it is over, if not by an exit. */
  #failure: { error: unknown } | undefined;
  /** Ends the pause before a restart. */
  #wake = () => {};

  /** Only {@linkcode supervise} makes it. */
  constructor(
    factory: () => BaseProcess,
    policy: Policy,
    onExit: ((exit: SupervisedExit) => void) | null,
  ) {
    [this.#factory, this.#policy, this.#onExit] = [factory, policy, onExit];
  }

  /** The process that runs now, or ran last; null before the first. */
  get process(): BaseProcess | null {
    return this.#process;
  }

  /** How many times it was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The last exit code; null while the supervision goes on, or if nothing could be started. */
  get exitcode(): number | null {
    return this.#isOver ? this.#exitcode : null;
  }

  /** Whether the supervision goes on: the process runs, or will be started again. */
  is_alive(): boolean {
    takes("Supervisor.is_alive", arguments);
    return !this.#isOver;
  }

  /**
   * Waits until the supervision is over: the process has ended well, has failed too often, or
   * was stopped by this supervisor. `exitcode` tells which.
   *
   * @param timeout Seconds; null for ever.
   * @param options `signal` ends the waiting: the promise rejects with its reason.
   * @throws what the factory or the start has thrown last, if nothing could be started
   */
  join(timeout?: number | null, options?: JoinOptions): Promise<void>;
  /** The same with the timeout among the options. */
  join(options: JoinOptions): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { timeout, signal } = parseArguments(JOIN, given);
    const limit = { timeout: asTimeout(timeout), signal };
    signal?.throwIfAborted();
    if (!this.#isOver) {
      await waitHere<void>(
        currentPeer(),
        limit,
        (waiter) => this.#waiting.enter(waiter),
        () => {},
        ops.supervise,
      );
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Stops it for good: sends SIGTERM to the process, and does not start it again. */
  terminate(): void {
    takes("Supervisor.terminate", arguments);
    this.#stop();
    this.#ifRunning((process) => process.terminate());
  }

  /** As `terminate`, but sends SIGKILL, which no process can ignore. */
  kill(): void {
    takes("Supervisor.kill", arguments);
    this.#stop();
    this.#ifRunning((process) => process.kill());
  }

  /** Stops it for good, and waits: for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate();
    await this.join().catch(() => {}); // told by `on_exit` already
  }

  #stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  #ifRunning(act: (process: BaseProcess) => void): void {
    const process = this.#process;
    const popen = process && popenOf(process);
    if (popen && popen.returncode === null) act(process);
  }

  /** Starts it, and goes on until it is over. */
  async _run(signal: AbortSignal | undefined): Promise<void> {
    const abort = () => this.terminate();
    signal?.addEventListener("abort", abort, { once: true });
    // After Ctrl-C nothing is started again. That is no wait which it would end.
    const forget = whenInterrupted(() => {
      this.#stop();
      return false;
    });
    if (signal?.aborted) this.#stop();
    try {
      while (!this.#isStopped && await this.#live());
    } catch (error) {
      this.#failure = { error };
      this.#ifRunning((process) => process.terminate());
    } finally {
      this.#keep(false);
      forget();
      signal?.removeEventListener("abort", abort);
      this.#isOver = true;
      const { error } = this.#failure ?? {};
      for (const waiter of this.#waiting.takeAll()) {
        if (this.#failure === undefined) waiter.resolve();
        else waiter.reject(error);
      }
    }
  }

  /** One life of the process; whether there is to be another one. */
  async #live(): Promise<boolean> {
    const start = runtime.now();
    const exit = await this.#start();
    this.#exitcode = exit.exitcode;
    const seconds = (runtime.now() - start) / 1000;
    if (exit.exitcode !== null && seconds >= this.#policy.healthy_after) {
      this.#inRow = 0;
    }
    const delay = this.#delayAfter(exit.exitcode);
    this.#tell({ ...exit, delay });
    if (delay === null) {
      if ("error" in exit) this.#failure = { error: exit.error };
      return false;
    }
    await this.#pause(delay);
    if (this.#isStopped || is_exiting()) return false;
    this.#inRow++;
    this.#restarts++;
    return true;
  }

  /** Starts a process, and waits for its end. */
  async #start(): Promise<Omit<SupervisedExit, "delay">> {
    let process: BaseProcess | null = null;
    try {
      process = this.#factory();
      this.#process = process;
      this.#keep(!process.daemon);
      await process.start();
    } catch (error) {
      return { process, exitcode: null, error };
    }
    if (this.#isStopped) this.#ifRunning((process) => process.terminate());
    const popen = popenOf(process)!;
    await new Promise<void>((resolve) => popen.onExit(resolve));
    return { process, exitcode: popen.returncode };
  }

  /** Seconds until the process is started again; null if it is not. */
  #delayAfter(exitcode: number | null): number | null {
    const { restarts, delay, factor, max_delay } = this.#policy;
    const ends = exitcode === 0 || this.#isStopped || is_exiting();
    if (ends || this.#inRow >= restarts) return null;
    return Math.min(delay * factor ** this.#inRow, max_delay);
  }

  #tell(exit: SupervisedExit): void {
    const name = exit.process?.name ?? "a process";
    const how = exit.exitcode === null
      ? `could not be started: ${exit.error}`
      : `ended with exit code ${exit.exitcode}`;
    if (exit.delay !== null) info("%s %s; it is started again", name, how);
    else if (exit.exitcode !== 0 && !this.#isStopped) {
      sub_warning("%s %s; it is not started again", name, how);
    }
    this.#onExit?.(exit);
  }

  /**
   * Keeps this process alive, or no longer: else it would be at its end, where nothing is
   * started again, while the process runs.
   */
  #keep(on: boolean): void {
    if (on === this.#isKept) return;
    this.#isKept = on;
    if (on) currentPeer().ref();
    else currentPeer().unref();
  }

  async #pause(seconds: number): Promise<void> {
    if (this.#isStopped) return; // by `on_exit`
    await new Promise<void>((resolve) => {
      const cancel = after(seconds, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = () => {};
  }
}

export type { Supervisor };

/**
 * Starts a process, and starts another one like it whenever it ends with another exit code
 * than 0, or by a signal. Not in CPython.
 *
 * It waits before each restart, longer each time, and gives up after so many in a row. The
 * program stays alive for it, unless the process is a daemon. The supervision ends with the
 * process that does it: nothing is started again once that exits, after Ctrl-C, or in a child
 * whose target has returned.
 *
 * @param factory Makes the process, which is not started yet; called for each start, as a
 * process can be started once only.
 * @param options See {@linkcode SuperviseOptions}.
 * @returns What stops it and tells how it goes; the first process is being started.
 * @throws {TypeError} if the factory is no function, or an option no number
 * @throws {ValueError} if an option makes no sense
 *
 * @example
 * ```ts
 * import { is_main, Process } from "@pystd/multiprocessing";
 * import { supervise } from "@pystd/multiprocessing/supervisor";
 * import process from "node:process";
 * export function work() {
 *   process.exit(3);
 * }
 * if (is_main(import.meta)) {
 *   const supervisor = supervise(() => new Process({ target: work }), {
 *     restarts: 2,
 *     delay: 0.01,
 *     on_exit: ({ exitcode, delay }) => console.log(exitcode, delay),
 *   });
 *   await supervisor.join(); // prints: 3 0.01, 3 0.02, 3 null
 *   console.log(supervisor.restarts, supervisor.exitcode); // 2 3
 * }
 * ```
 */
export function supervise(
  factory: () => BaseProcess,
  options?: SuperviseOptions,
): Supervisor;
export function supervise(...given: unknown[]): Supervisor {
  const { factory, on_exit, signal, ...numbers } = parseArguments(SUPERVISE, given);
  for (const callable of [factory, ...on_exit === null ? [] : [on_exit]]) {
    if (typeof callable === "function") continue;
    throw new TypeError(`'${pythonTypeName(callable)}' object is not callable`);
  }
  const supervisor = new Supervisor(
    factory as () => BaseProcess,
    policyOf(numbers),
    on_exit as ((exit: SupervisedExit) => void) | null,
  );
  void supervisor._run(signal);
  return supervisor;
}
