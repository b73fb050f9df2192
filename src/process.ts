/**
 * Mirrors `multiprocessing/process.py`: `Process`, and who we are among processes.
 *
 * What differs: `join` is awaited; `start` gives a promise that settles when the
 * process has been launched (in the root the pid is there at once). Exits are events:
 * `is_alive()` and `exitcode` change when the event loop turns. Private `#fields` of a
 * subclass do not travel to the child; ordinary fields do.
 *
 * @module
 */
import {
  asTimeout,
  parseArguments,
  pythonTypeName,
  repr,
  signature,
} from "./arguments.ts";
import { AuthenticationString } from "./authkey.ts";
import { AssertionError, AttributeError, RuntimeError, ValueError } from "./errors.ts";
import { currentPeer } from "./peer.ts";
import { Popen, type Sentinel } from "./popen_spawn.ts";
import { JOIN } from "./parent_process.ts";
import { installExitFunction } from "./process_exit.ts";
import { Identity, identity as self } from "./process_identity.ts";
import type {
  JoinOptions,
  KeywordProcessOptions,
  ProcessOptions,
  Target,
  Work,
} from "./process_options.ts";
import { asSequence, BOOTSTRAPPING, exitcodeText } from "./process_text.ts";
import { type DumpContext, dumps, REDUCE_SHARED } from "./reduction.ts";
import { runtime } from "./runtime/mod.ts";
import { launchConfig } from "./spawn.ts";
import { setProcessNameSource } from "./util.ts";

export { _ParentProcess, parent_process, setParentProcess } from "./parent_process.ts";
export type {
  CommonProcessOptions,
  JoinOptions,
  KeywordProcessOptions,
  ProcessOptions,
  Target,
  Work,
} from "./process_options.ts";

const SIGINT = 2;
const SIGKILL = 9;
const SIGTERM = 15;

interface ProcessArguments {
  group: unknown;
  target: unknown;
  name: unknown;
  args: unknown;
  kwargs: unknown;
  daemon: unknown;
}

const INIT = signature<ProcessArguments>("BaseProcess.__init__", {
  group: null,
  target: null,
  name: null,
  args: [],
  kwargs: null,
  daemon: null,
}, { keywordOnly: ["daemon"], objects: ["kwargs"] });

const CLOSED = "process object is closed";

/** The children of this process that may still run. */
const children = new Set<BaseProcess>();

/** See {@linkcode keepStderr}. */
const stderrKept = new WeakSet<object>();

/** See {@linkcode doNotWaitFor}. */
const notWaitedFor = new WeakSet<object>();

/** See {@linkcode popenOf}. */
let getPopen: (process: object) => Popen | null;

/**
 * A process, to be started, or running. CPython: `multiprocessing.process.BaseProcess`;
 * users take `Process`.
 *
 * @example
 * ```ts
 * import { Process } from "@pystd/multiprocessing";
 * const process = new Process();
 * console.log(process.is_alive(), process.exitcode); // false null
 * ```
 */
export class BaseProcess<F extends Target = Target> {
  #identity: Identity;
  #popen: Popen | null = null;
  #isClosed = false;
  #target: Target | null;
  #args: unknown[];
  #kwargs: Record<string, unknown> | null;

  static {
    getPopen = (process) => #popen in process ? process.#popen : null;
  }

  /** Python's arguments, in its order, or one object with their names. */
  constructor(options: ProcessOptions<F>);
  constructor(options: KeywordProcessOptions<F>);
  constructor(
    group?: null,
    target?: F | null,
    name?: string | null,
    args?: Iterable<unknown>,
    kwargs?: Record<string, unknown> | null,
    options?: { daemon?: boolean | null },
  );
  constructor(...given: unknown[]) {
    if (given[0] instanceof Identity) { // only from `_as`: it takes no new number
      this.#identity = given[0];
      [this.#target, this.#args, this.#kwargs] = [null, [], null];
      return;
    }
    const { group, target, name, args, kwargs, daemon } = parseArguments(INIT, given);
    if (group !== null) {
      throw new AssertionError("group argument must be None for now");
    }
    this.#target = target as Target | null;
    this.#args = asSequence(args);
    this.#kwargs = asKeywords(kwargs);
    this.#identity = self.current.child(this.constructor.name, name as string | null);
    if (daemon !== null) this.#identity.daemon = Boolean(daemon);
  }

  /**
   * What the process does: calls the target. Subclasses override it, with a function
   * that may be async. May be called in this process too. CPython: `Process.run`.
   *
   * @returns What the target returns, which may be a promise.
   */
  run(): unknown {
    const target = this.#target;
    if (!target) return;
    if (typeof target !== "function") {
      throw new TypeError(`'${pythonTypeName(target)}' object is not callable`);
    }
    const hasKeywords = this.#kwargs !== null && Object.keys(this.#kwargs).length > 0;
    return target(...this.#args, ...(hasKeywords ? [this.#kwargs] : []));
  }

  /**
   * Starts the process. CPython: `Process.start`.
   *
   * The arguments are copied now. In the root the pid is there on return.
   *
   * @returns Settles when the process has been launched and told what to do.
   * @throws {AssertionError} if it was started before, by somebody else, or by a daemon
   * @throws {PicklingError} if target or arguments cannot be sent
   * @throws {RuntimeError} while this process itself is still importing its modules
   * @throws {OSError} if the program cannot be run
   */
  start(): Promise<void> {
    this.#checkOpen();
    if (this.#popen !== null) throw new AssertionError("cannot start a process twice");
    if (!this.#identity.isChildOfCurrent) {
      throw new AssertionError(
        "can only start a process object created by current process",
      );
    }
    if (self.isBootstrapping) throw new RuntimeError(BOOTSTRAPPING);
    if (self.current.daemon) {
      throw new AssertionError("daemonic processes are not allowed to have children");
    }
    const handles: number[] = [];
    const work = dumps(this.#work(), { handles });
    const popen = new Popen(
      currentPeer(),
      launchConfig(this.name, this.#identity.config(), stderrKept.has(this)),
      work,
      handles,
      !this.daemon && !notWaitedFor.has(this),
    );
    this.#enter(popen);
    return popen.launched.catch((error) => {
      this.#leave();
      throw error;
    });
  }

  #work(): Work {
    const { constructor } = this;
    const isOwn = ownClasses.get(constructor.name) === constructor;
    return {
      class: isOwn ? constructor.name : constructor as new () => BaseProcess,
      fields: { ...this as Record<string, unknown> },
      target: this.#target,
      args: this.#args,
      kwargs: this.#kwargs,
    };
  }

  #kept: Pick<Work, "target" | "args" | "kwargs"> | null = null;

  #enter(popen: Popen): void {
    this.#popen = popen;
    this.#kept = { target: this.#target, args: this.#args, kwargs: this.#kwargs };
    // As in Python, a started process holds what it was given no longer.
    void popen.launched.then(() => this.#kept = null, () => {});
    [this.#target, this.#args, this.#kwargs] = [null, [], null];
    children.add(this);
    installExitFunction(active_children);
    popen.onExit(() => void children.delete(this));
  }

  /** It could not be launched: all is as it was before `start`. */
  #leave(): void {
    children.delete(this);
    this.#popen = null;
    const { target, args, kwargs } = this.#kept!;
    [this.#target, this.#args, this.#kwargs] = [target, args, kwargs];
  }

  /**
   * Waits until the process has ended, or for `timeout` seconds; `exitcode` tells which.
   * CPython: `Process.join`.
   *
   * @throws {AssertionError} if it was not started, or by somebody else
   */
  join(timeout?: number | null, options?: JoinOptions): Promise<void>;
  join(options: JoinOptions): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { timeout, signal } = parseArguments(JOIN, given);
    this.#checkOpen();
    this.#checkCreator("can only join a child process");
    if (this.#popen === null) {
      throw new AssertionError("can only join a started process");
    }
    await this.#popen.wait({ timeout: asTimeout(timeout), signal });
  }

  /** Whether the process runs, as far as is known now. CPython: `Process.is_alive`. */
  is_alive(): boolean {
    this.#checkOpen();
    if (this.#identity === self.current) return true;
    this.#checkCreator("can only test a child process");
    return this.#popen !== null && this.#popen.returncode === null;
  }

  /** Sends SIGTERM. CPython: `Process.terminate`. @throws {AttributeError} before `start` */
  terminate(): void {
    this.#signal(SIGTERM, "terminate");
  }

  /** Sends SIGKILL. CPython: `Process.kill`. @throws {AttributeError} before `start` */
  kill(): void {
    this.#signal(SIGKILL, "kill");
  }

  /** Sends SIGINT. CPython: `Process.interrupt`. @throws {AttributeError} before `start` */
  interrupt(): void {
    this.#signal(SIGINT, "interrupt");
  }

  #signal(signal: number, method: string): void {
    this.#checkOpen();
    if (this.#popen === null) {
      throw new AttributeError(`'NoneType' object has no attribute '${method}'`);
    }
    this.#popen.signal(signal);
  }

  /**
   * Lets go of the process; most methods raise ValueError afterwards. CPython:
   * `Process.close`.
   *
   * @throws {ValueError} if it still runs
   */
  close(): void {
    if (this.#popen !== null && this.#popen.returncode === null) {
      throw new ValueError(
        "Cannot close a process while it is still running. " +
          "You should first call join() or terminate().",
      );
    }
    if (this.#identity === self.current) return;
    this.#popen = null;
    this.#isClosed = true;
    children.delete(this);
  }

  /** The name; any text. CPython: `Process.name`. */
  get name(): string {
    return this.#identity.name;
  }
  set name(name: string) {
    if (typeof name !== "string") throw new AssertionError("name must be a string");
    this.#identity.name = name;
  }

  /** Whether the process is ended when its parent ends. CPython: `Process.daemon`. */
  get daemon(): boolean {
    return this.#identity.daemon;
  }
  set daemon(daemon: boolean) {
    if (this.#popen !== null) throw new AssertionError("process has already started");
    this.#identity.daemon = daemon;
  }

  /** The key that the process will use; bytes. CPython: `Process.authkey`. */
  get authkey(): AuthenticationString {
    return this.#identity.authkey;
  }
  set authkey(authkey: Uint8Array) {
    this.#identity.authkey = AuthenticationString.from(authkey);
  }

  /** Null while it runs; minus the number of the signal that killed it. CPython: `Process.exitcode`. */
  get exitcode(): number | null {
    this.#checkOpen();
    return this.#popen?.returncode ?? null;
  }

  /** The process's number in the operating system; null before `start`. CPython: `Process.pid`. */
  get pid(): number | null {
    this.#checkOpen();
    if (this.#identity === self.current) return runtime.pid;
    return this.#popen?.pid ?? null;
  }

  /** The same as `pid`. CPython: `Process.ident`. */
  get ident(): number | null {
    return this.pid;
  }

  /** Something `connection.wait` can wait for. CPython: `Process.sentinel`, a number there. */
  get sentinel(): Sentinel {
    this.#checkOpen();
    if (this.#popen === null) throw new ValueError("process not started");
    return this.#popen.sentinel;
  }

  /** `<Process name='Process-1' pid=12 parent=10 stopped exitcode=-SIGTERM daemon>`. */
  toString(): string {
    const fields = [this.constructor.name, `name=${repr(this.name)}`];
    const pid = this.#isClosed ? null : this.#popen?.pid ?? null;
    if (pid !== null) fields.push(`pid=${pid}`);
    fields.push(`parent=${this.#identity.parentPid ?? "None"}`, this.#status());
    const code = this.#popen?.returncode ?? null;
    if (code !== null) fields.push(`exitcode=${exitcodeText(code)}`);
    if (this.daemon) fields.push("daemon");
    return `<${fields.join(" ")}>`;
  }

  #status(): string {
    if (this.#isClosed) return "closed";
    if (this.#identity === self.current) return "started";
    if (!this.#identity.isChildOfCurrent) return "unknown";
    if (this.#popen === null) return "initial";
    return this.#popen.returncode === null ? "started" : "stopped";
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ValueError(CLOSED);
  }

  #checkCreator(text: string): void {
    if (!this.#identity.isChildOfCurrent) throw new AssertionError(text);
  }

  /** A process holds its authkey, so it does not travel. */
  [REDUCE_SHARED](_context: DumpContext): never {
    throw new TypeError(
      "Pickling an AuthenticationString object is disallowed for security reasons",
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** The object that stands for a process whose identity is given: this one, say. */
  static _as(identity: Identity, work?: Work): BaseProcess {
    const Class = classOf(work?.class ?? identity.className);
    // The constructor of a subclass is not run again, but the private fields must be.
    const process: BaseProcess = Reflect.construct(BaseProcess, [identity], Class);
    if (work !== undefined) {
      process.#target = work.target;
      process.#args = work.args;
      process.#kwargs = work.kwargs;
      Object.assign(process, work.fields);
    }
    return process;
  }
}

/**
 * Has a process, when it is started, write its stderr to the root, which passes it on
 * and keeps the last lines for `Popen.lastWords`.
 */
export function keepStderr(process: object): void {
  stderrKept.add(process);
}

/**
 * Has a process, when it is started, not keep this one alive, though it is no daemon:
 * somebody sees to its end when this process has nothing left to do.
 */
export function doNotWaitFor(process: object): void {
  notWaitedFor.add(process);
}

/** What this process holds of a process that it has started; else null. */
export function popenOf(process: object): Popen | null {
  return getPopen(process);
}

/**
 * A process that runs a function of a module. CPython: `multiprocessing.Process`.
 *
 * @example
 * ```ts
 * import { is_main, Process } from "@pystd/multiprocessing";
 * export function f(name: string) {
 *   console.log("hello", name);
 * }
 * if (is_main(import.meta)) {
 *   const p = new Process({ target: f, args: ["bob"] });
 *   p.start();
 *   await p.join();
 * }
 * ```
 */
export class Process<F extends Target = Target> extends BaseProcess<F> {}

/** The process class of the spawn context. CPython: `multiprocessing.context.SpawnProcess`. */
export class SpawnProcess<F extends Target = Target> extends BaseProcess<F> {}

/** The root process as it sees itself. CPython: `multiprocessing.process._MainProcess`. */
export class _MainProcess extends BaseProcess {
  /** Does nothing. */
  override close(): void {}
}

// deno-lint-ignore no-explicit-any -- classes of processes with any target
const ownClasses = new Map<string, any>(
  Object.entries({ BaseProcess, Process, SpawnProcess, _MainProcess }),
);

function classOf(name: Work["class"]): new () => BaseProcess {
  return typeof name === "string"
    ? ownClasses.get(name) ?? Process
    : name as new () => BaseProcess;
}

/** A copy of the keywords; also from a Map. */
function asKeywords(kwargs: unknown): Record<string, unknown> | null {
  if (kwargs === null) return null;
  if (kwargs instanceof Map) return Object.fromEntries(kwargs);
  if (typeof kwargs === "object") return { ...kwargs };
  throw new TypeError(`'${pythonTypeName(kwargs)}' object is not iterable`);
}

let current: BaseProcess | undefined;

/**
 * The object of this process. CPython: `multiprocessing.current_process`.
 *
 * @example
 * ```ts
 * import { current_process } from "@pystd/multiprocessing";
 * console.log(current_process().name); // MainProcess
 * ```
 */
export function current_process(): BaseProcess {
  return current ??= BaseProcess._as(self.current);
}

/** Says who this process is: for a child, once its work has come. */
export function setCurrentProcess(process: BaseProcess): void {
  current = process;
}

/**
 * The children of this process that run, as far as is known now. CPython:
 * `multiprocessing.active_children`.
 *
 * @example
 * ```ts
 * import { active_children } from "@pystd/multiprocessing";
 * console.log(active_children()); // []
 * ```
 */
export function active_children(): BaseProcess[] {
  return [...children];
}

setProcessNameSource(() => self.current.name);
