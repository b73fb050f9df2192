/**
 * `BaseProcess`, and what is asked of started processes: part of `multiprocessing/process.py`.
 *
 * @module
 */
import { asTimeout, parseArguments, takes } from "../python/arguments.ts";
import { announce } from "./announce.ts";
import { AuthenticationString } from "./authkey.ts";
import {
  AssertionError,
  AttributeError,
  RuntimeError,
  ValueError,
} from "../python/errors.ts";
import {
  launch,
  type Launched,
  type LaunchOptions,
  type Popen,
  type Sentinel,
  starting,
} from "./popen.ts";
import type { StartOptions } from "./start_options.ts";
import { children, installExitFunction } from "../link/exit.ts";
import { fixStartMethod, Identity, identity as self } from "./identity.ts";
import {
  asKeywords,
  asSequence,
  BOOTSTRAPPING,
  type Call,
  callTarget,
  CLOSED,
  INIT,
  JOIN,
  type JoinOptions,
  NO_CALL,
  type ProcessClass,
  type ProcessOptions,
  processText,
  type Target,
  type Work,
} from "./arguments.ts";
import { isOwn, ownClass, registerClass } from "./class_names.ts";
import { asWanted } from "./permissions.ts";
import { type DumpContext, REDUCE_SHARED, refusePrivate } from "../reduction/mod.ts";
import { isBootstrapping } from "../runtime/evaluation.ts";
import { runtime } from "../runtime/mod.ts";
import { printAsText } from "../python/printing.ts";

const SIGINT = 2;
const SIGKILL = 9;
const SIGTERM = 15;

// The functions below the class, made where the private fields can be seen.
let makeProcess: (
  identity: Identity,
  Class: ProcessClass,
  call?: Call,
) => BaseProcess;
let getPopen: (process: object) => Launched | null;
let setOptions: (process: object, options: LaunchOptions) => void;

/**
 * A process, to be started, or running. CPython: `multiprocessing.process.BaseProcess`;
 * users take `Process`.
 */
export class BaseProcess<F extends Target = Target> {
  #identity: Identity;
  #popen: Launched | null = null;
  #isClosed = false;
  #call: Call = NO_CALL;
  /** Kept until it has been launched, in case that fails. */
  #callBefore: Call = NO_CALL;
  readonly #options: LaunchOptions = {};

  static {
    // A subclass's constructor is not run again, but the private fields must be made.
    makeProcess = (identity, Class, call = NO_CALL) => {
      const process: BaseProcess = Reflect.construct(BaseProcess, [identity], Class);
      process.#call = call;
      return process;
    };
    getPopen = (process) => #popen in process ? process.#popen : null;
    setOptions = (process, options) => {
      if (#options in process) Object.assign(process.#options, options);
    };
  }

  /**
   * Python's arguments, in its order, or one object with their names. Takes the next
   * number of the creating process, also if the process is never started.
   *
   * @param options See {@linkcode ProcessOptions}.
   * @throws {AssertionError} `group argument must be None for now`
   * @throws {TypeError} if `args` cannot be iterated, or an argument is unknown
   * @throws {ValueError} if an option of the start makes no sense
   */
  constructor(options?: ProcessOptions<F> | null);
  /** The same with positional arguments. */
  constructor(
    group: null,
    target: F | null,
    name?: string | null,
    args?: Iterable<unknown>,
    kwargs?: Record<string, unknown> | null,
    options?: Pick<
      ProcessOptions<F>,
      "daemon" | "permissions" | keyof StartOptions | "host"
    >,
  );
  constructor(...given: unknown[]) {
    if (given[0] instanceof Identity) { // only from `makeProcess`: it takes no new number
      this.#identity = given[0];
      return;
    }
    const values = parseArguments(INIT, given);
    const { group, target, name, args, kwargs, daemon, permissions } = values;
    if (group !== null) {
      throw new AssertionError("group argument must be None for now");
    }
    // First, as in Python: one that cannot be made takes a number, too.
    this.#identity = self.current.child(this.constructor.name, name as string | null);
    this.#call = {
      target: target as Target | null,
      args: asSequence(args),
      kwargs: asKeywords(kwargs),
    };
    if (daemon !== null) this.#identity.daemon = Boolean(daemon);
    if (permissions !== null) this.#options.wanted = asWanted(permissions);
    this.#options.adapt = starting.read(values);
  }

  /**
   * What the process does: calls the target. Subclasses override it, with a function
   * that may be async. May be called in this process too. CPython: `Process.run`.
   *
   * @returns What the target returns, which may be a promise.
   * @throws {TypeError} `'int' object is not callable`, if the target is no function
   */
  run(): unknown {
    takes("BaseProcess.run", arguments);
    return callTarget(this.#call);
  }

  /** In a class that has none of its own: the default context's. */
  get _start_method(): string | null {
    return self.startMethod.name;
  }

  /**
   * Starts the process. CPython: `Process.start`.
   *
   * The arguments are copied now. In the root the pid is there on return; in a child,
   * which has the root start it, and for one on a host, once the promise has settled. Errors are thrown
   * at the call where they can be told there, else the promise rejects; the object can be
   * started again after them.
   *
   * @returns Settles when the process has been launched and told what to do.
   * @throws {AssertionError} `cannot start a process twice`; `can only start a process
   * object created by current process`; `daemonic processes are not allowed to have
   * children`
   * @throws {PicklingError} if target or arguments cannot be sent
   * @throws {RuntimeError} in a child while it imports its modules, and ever after from what
   * they have set up by themselves, as a timer: the main module lacks its guard
   * @throws {OSError} if the program cannot be run, or the host not be reached
   * @throws {PermissionError | NotImplementedError} if it cannot have its `permissions`
   * @throws {ValueError} `process object is closed`
   */
  start(): Promise<void> {
    takes("BaseProcess.start", arguments);
    this.#checkOpen();
    if (this.#popen !== null) throw new AssertionError("cannot start a process twice");
    if (!this.#identity.isChildOfCurrent) {
      throw new AssertionError(
        "can only start a process object created by current process",
      );
    }
    if (isBootstrapping()) throw new RuntimeError(BOOTSTRAPPING);
    if (self.current.daemon) {
      throw new AssertionError("daemonic processes are not allowed to have children");
    }
    fixStartMethod();
    refusePrivate(this, "make it public", isOwn);
    const popen = this._Popen(this.#identity, this.#options, this.#work());
    this.#enter(popen);
    announce(this, popen);
    return popen.launched.catch((error) => {
      this.#leave();
      throw error;
    });
  }

  /** @internal Starts it. CPython: `BaseProcess._Popen`. */
  protected _Popen(identity: Identity, options: LaunchOptions, work: Work): Launched {
    return launch(identity, options, this._start_method, work);
  }

  #work(): Work {
    const Class = this.constructor as ProcessClass;
    return {
      class: ownClass(Class.name) === Class ? Class.name : Class,
      fields: { ...this as Record<string, unknown> },
      ...this.#call,
    };
  }

  #enter(popen: Launched): void {
    this.#popen = popen;
    this.#callBefore = this.#call;
    this.#call = NO_CALL;
    // As in Python, a started process holds what it was given no longer.
    void popen.launched.then(() => this.#callBefore = NO_CALL, () => {});
    children.add(this);
    installExitFunction();
    popen.onExit(() => void children.delete(this));
  }

  /** It could not be launched: all is as it was before `start`. */
  #leave(): void {
    children.delete(this);
    this.#popen = null;
    this.#call = this.#callBefore;
  }

  /**
   * Waits until the process has ended, or for a time; `exitcode` tells which.
   * CPython: `Process.join`.
   *
   * @param timeout Seconds; null for ever, 0 or less not to wait.
   * @param options `signal` ends the waiting: the promise rejects with its reason.
   * @throws {AssertionError} `can only join a started process`; `can only join a child
   * process`
   * @throws {ValueError} `process object is closed`
   *
   * @example
   * ```ts
   * import { is_main, Process } from "@pystd/multiprocessing";
   * export async function forever() {
   *   await new Promise((resolve) => setTimeout(resolve, 1e9));
   * }
   * if (is_main(import.meta)) {
   *   const p = new Process({ target: forever });
   *   p.start();
   *   await p.join(0.01);
   *   console.log(p.exitcode); // null
   *   p.kill();
   *   await p.join();
   *   console.log(p.exitcode); // -9
   * }
   * ```
   */
  join(timeout?: number | null, options?: JoinOptions): Promise<void>;
  /** The same with the timeout among the options. */
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

  /**
   * Whether the process runs, as far as is known now: an end is noticed when the event
   * loop turns, so a loop on this must await something. True for this process itself; false
   * before `start`. CPython: `Process.is_alive`.
   *
   * @throws {AssertionError} `can only test a child process`
   * @throws {ValueError} `process object is closed`
   */
  is_alive(): boolean {
    takes("BaseProcess.is_alive", arguments);
    this.#checkOpen();
    if (this.#identity === self.current) return true;
    this.#checkCreator("can only test a child process");
    return this.#popen !== null && this.#popen.returncode === null;
  }

  /**
   * Sends SIGTERM, and does not wait; nothing happens if the process has ended. Its own
   * children go on. CPython: `Process.terminate`.
   *
   * @throws {AttributeError} `'NoneType' object has no attribute 'terminate'`, before
   * `start`
   * @throws {ValueError} `process object is closed`
   */
  terminate(): void {
    takes("BaseProcess.terminate", arguments);
    this.#signal(SIGTERM, "terminate");
  }

  /**
   * As `terminate`, but sends SIGKILL, which no process can ignore. CPython:
   * `Process.kill`.
   *
   * @throws {AttributeError} `'NoneType' object has no attribute 'kill'`, before `start`
   * @throws {ValueError} `process object is closed`
   */
  kill(): void {
    takes("BaseProcess.kill", arguments);
    this.#signal(SIGKILL, "kill");
  }

  /**
   * As `terminate`, but sends SIGINT: the process prints `KeyboardInterrupt` and ends
   * with exit code 1, unless it handles the signal. CPython 3.14: `Process.interrupt`.
   *
   * @throws {AttributeError} `'NoneType' object has no attribute 'interrupt'`, before
   * `start`
   * @throws {ValueError} `process object is closed`
   */
  interrupt(): void {
    takes("BaseProcess.interrupt", arguments);
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
   * Lets go of the process: afterwards `start`, `join`, `is_alive`, `terminate`, `kill`,
   * `exitcode`, `pid`, `ident` and `sentinel` raise ValueError. May be called again, and
   * before `start`. CPython: `Process.close`.
   *
   * @throws {ValueError} `Cannot close a process while it is still running. You should
   * first call join() or terminate().`
   */
  close(): void {
    takes("BaseProcess.close", arguments);
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

  /**
   * The name; any text, which need not be the only one of its kind. CPython:
   * `Process.name`.
   *
   * @throws {AssertionError} `name must be a string`, when it is set
   */
  get name(): string {
    return this.#identity.name;
  }
  set name(name: string) {
    if (typeof name !== "string") throw new AssertionError("name must be a string");
    this.#identity.name = name;
  }

  /**
   * Whether the process is ended when its parent ends; it may not have children then.
   * CPython: `Process.daemon`.
   *
   * @throws {AssertionError} `process has already started`, when it is set
   */
  get daemon(): boolean {
    return this.#identity.daemon;
  }
  set daemon(daemon: boolean) {
    if (this.#popen !== null) throw new AssertionError("process has already started");
    this.#identity.daemon = daemon;
  }

  /**
   * The key that the process uses; inherited, unless it is set before `start`. CPython:
   * `Process.authkey`.
   *
   * @throws {TypeError} `string argument without an encoding`, when it is set
   */
  get authkey(): AuthenticationString {
    return this.#identity.authkey;
  }
  set authkey(authkey: Uint8Array) {
    this.#identity.authkey = AuthenticationString.from(authkey);
  }

  /**
   * Null until the process has ended; then its exit code, or minus the number of the
   * signal that killed it. CPython: `Process.exitcode`.
   *
   * @throws {ValueError} `process object is closed`
   */
  get exitcode(): number | null {
    this.#checkOpen();
    return this.#popen?.returncode ?? null;
  }

  /**
   * The process's number in the operating system; null before `start`. CPython:
   * `Process.pid`.
   *
   * @throws {ValueError} `process object is closed`
   */
  get pid(): number | null {
    this.#checkOpen();
    if (this.#identity === self.current) return runtime.pid;
    return this.#popen?.pid ?? null;
  }

  /** The same as `pid`. CPython: `Process.ident`. @throws {ValueError} as `pid` */
  get ident(): number | null {
    return this.pid;
  }

  /**
   * What `connection.wait` takes to wait for the process's end. CPython:
   * `Process.sentinel`, a number there.
   *
   * @throws {ValueError} `process not started`; `process object is closed`
   */
  get sentinel(): Sentinel {
    this.#checkOpen();
    if (this.#popen === null) throw new ValueError("process not started");
    return this.#popen.sentinel;
  }

  /** `<Process name='Process-1' pid=12 parent=10 stopped exitcode=-SIGTERM daemon>`. */
  toString(): string {
    const { name, parentPid } = this.#identity;
    const popen = this.#isClosed ? null : this.#popen;
    return processText({
      type: this.constructor.name,
      name,
      pid: popen?.pid ?? null,
      parentPid,
      status: this.#status(),
      exitcode: popen?.returncode ?? null,
      daemon: this.daemon,
    });
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

  /** @internal A process holds its authkey, so it does not travel. */
  [REDUCE_SHARED](_context: DumpContext): never {
    throw new TypeError(
      "Pickling an AuthenticationString object is disallowed for security reasons",
    );
  }
}

printAsText(BaseProcess);

/** This process's part of a process that it has started; else null. */
export function popenOf(process: object): Popen | null {
  return getPopen(process) as Popen | null;
}

/** Sets how a process is started; `keepsStderr` is for `Popen.stderrTail`. */
export function adjustStart<P extends object>(process: P, options: LaunchOptions): P {
  setOptions(process, options);
  return process;
}

/** The object of a process that is there already: this one. */
export function processOf(identity: Identity, Class: ProcessClass): BaseProcess {
  return makeProcess(identity, Class);
}

/** In the process that was started: the object that `start` was called of, made again. */
export function processToRun(identity: Identity, work: Work): BaseProcess {
  const Class = typeof work.class === "string"
    ? ownClass(work.class) ?? BaseProcess
    : work.class;
  const { fields, target, args, kwargs } = work;
  return Object.assign(makeProcess(identity, Class, { target, args, kwargs }), fields);
}

registerClass("BaseProcess", BaseProcess);
