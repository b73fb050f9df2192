/**
 * Finalizers, the end of a process, and what the package logs with (log_calls.ts).
 *
 * Mirrors `multiprocessing/util.py`. What differs: there is no fork, so
 * `register_after_fork` does nothing, and the guards of descriptors and locks against
 * forks are missing. A finalizer's callback may return a promise, which is awaited before
 * the next one runs; as long as none does, all of them run synchronously, so that they can
 * run while a process exits.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { makeTempDir, removeDir } from "../runtime/temp.ts";
import { FUNCTION, parseArguments, REQUIRED, signature, takes } from "./arguments.ts";
import { asOSError, ValueError } from "./errors.ts";
import { debug, info, sub_debug, writeToLog } from "./log_calls.ts";
import { pythonTypeName, repr, reprTuple } from "./repr.ts";
import { formatException } from "./traceback.ts";
import { printAsText } from "./printing.ts";

export * from "./log_calls.ts";

// ------------------------------------------------------------------- finalizers

/** Options of {@linkcode Finalize}. */
export interface FinalizeOptions {
  /** The callback's arguments. */
  readonly args?: readonly unknown[];
  /** The callback's last argument, unless it is empty. */
  readonly kwargs?: Readonly<Record<string, unknown>> | null;
  /** Runs at exit, higher ones first; null: only when the object is collected. */
  readonly exitpriority?: number | null;
}

// deno-lint-ignore no-explicit-any -- any function will do, as in Python
type Callback = (...args: any[]) => unknown;

const FINALIZE = signature<{
  obj: object | null;
  callback: Callback;
  args: readonly unknown[];
  kwargs: Readonly<Record<string, unknown>> | null;
  exitpriority: unknown;
}>(
  "Finalize.__init__",
  { obj: REQUIRED, callback: REQUIRED, args: [], kwargs: null, exitpriority: null },
  { positionalOnly: 1, objects: ["kwargs"] },
);

/** Finalizers that were neither run nor cancelled, oldest first. */
const registry = new Set<Finalize>();

/** Runs the finalizers of collected objects. */
const collected = new FinalizationRegistry<Finalize>((finalizer) => {
  finalizer.__call__();
});

/** Stands for `null` as object: only the exit runs such a finalizer. */
const NO_OBJECT: { deref(): object | undefined } = { deref: () => undefined };

/**
 * Calls a function when an object is collected or, with an exit priority, at the latest
 * when the process ends; once. Python: `multiprocessing.util.Finalize`.
 *
 * When an object is collected, if ever, is up to the runtime: rely on the exit.
 */
export class Finalize {
  /** The priority, or null. */
  readonly exitpriority: number | null;
  readonly #object: { deref(): object | undefined };
  readonly #callback: Callback;
  readonly #args: readonly unknown[];
  readonly #kwargs: Readonly<Record<string, unknown>>;

  /**
   * Registers a callback.
   *
   * @param obj The object; null for none, which needs an exit priority.
   * @param callback What to call; must not refer to the object, which would keep it.
   * @param options What to call it with, and when.
   * @throws {TypeError} `Exitpriority ('x') must be None or int, not <class 'str'>`;
   * `cannot create weak reference to 'int' object`.
   * @throws {ValueError} `Without object, exitpriority cannot be None`.
   */
  constructor(obj: object | null, callback: Callback, options?: FinalizeOptions);
  /** The same with positional arguments. */
  constructor(
    obj: object | null,
    callback: Callback,
    args?: readonly unknown[],
    kwargs?: Readonly<Record<string, unknown>> | null,
    exitpriority?: number | null,
  );
  constructor(...given: unknown[]) {
    const { obj, callback, args, kwargs, exitpriority } = parseArguments(
      FINALIZE,
      given,
    );
    this.exitpriority = asPriority(exitpriority);
    this.#callback = callback;
    this.#args = [...args];
    this.#kwargs = { ...kwargs };
    if (obj !== null && obj !== undefined) {
      this.#object = weakly(obj);
      collected.register(obj, this, this);
    } else if (this.exitpriority === null) {
      throw new ValueError("Without object, exitpriority cannot be None");
    } else {
      this.#object = NO_OBJECT;
    }
    registry.add(this);
  }

  /** Calls the callback, and gives null if it was called or cancelled. Python: `finalizer()`. */
  __call__(): unknown {
    if (!this.#leave()) {
      sub_debug("finalizer no longer registered");
      return null;
    }
    sub_debug(
      "finalizer calling %s with args %s and kwargs %s",
      this.#callback,
      reprTuple(this.#args),
      repr(this.#kwargs),
    );
    return Object.keys(this.#kwargs).length === 0
      ? this.#callback(...this.#args)
      : this.#callback(...this.#args, this.#kwargs);
  }

  /** Cancels the call of the callback. */
  cancel(): void {
    takes("Finalize.cancel", arguments);
    this.#leave();
  }

  /** Whether the callback was neither called nor cancelled. */
  still_active(): boolean {
    takes("Finalize.still_active", arguments);
    return registry.has(this);
  }

  /** `<Finalize object, callback=f, args=(1,)>`, or `<Finalize object, dead>`. */
  toString(): string {
    if (!this.still_active() || this.#object.deref() === undefined) {
      return "<Finalize object, dead>";
    }
    const fields = [
      `callback=${this.#callback.name || "<lambda>"}`,
      this.#args.length > 0 && `args=${reprTuple(this.#args)}`,
      Object.keys(this.#kwargs).length > 0 && `kwargs=${repr(this.#kwargs)}`,
      this.exitpriority !== null && `exitpriority=${this.exitpriority}`,
    ];
    return `<Finalize object, ${fields.filter((field) => field !== false).join(", ")}>`;
  }

  #leave(): boolean {
    collected.unregister(this);
    return registry.delete(this);
  }
}

printAsText(Finalize);

function asPriority(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new TypeError(
    `Exitpriority (${repr(value)}) must be None or int, not ` +
      `<class '${pythonTypeName(value)}'>`,
  );
}

function weakly(obj: unknown): WeakRef<object> {
  if (typeof obj !== "object" && typeof obj !== "function" || obj === null) {
    throw new TypeError(
      `cannot create weak reference to '${pythonTypeName(obj)}' object`,
    );
  }
  return new WeakRef(obj);
}

/**
 * Runs the finalizers that have an exit priority: the highest first, of equal ones the
 * youngest first. One that throws is reported on stderr, and the next one runs.
 * Python: `multiprocessing.util._run_finalizers`.
 *
 * @param minpriority Only those from this priority up; null for all of them, and then
 * those without a priority are cancelled.
 * @returns A promise that settles when the last is done; undefined if no callback returned
 * a promise, as all is done already.
 */
export function _run_finalizers(
  minpriority: number | null = null,
): Promise<void> | undefined {
  takes("_run_finalizers", arguments, { least: 0, most: 1, self: 0 });
  const chosen = [...registry].reverse().flatMap((finalizer) => {
    const priority = finalizer.exitpriority;
    const runs = priority !== null && priority >= (minpriority ?? -Infinity);
    return runs ? [{ finalizer, priority }] : [];
  });
  // The sort is stable: equal priorities stay youngest first.
  chosen.sort((a, b) => b.priority - a.priority);
  return runFrom(chosen.map(({ finalizer }) => finalizer), 0, () => {
    if (minpriority !== null) return;
    for (const finalizer of [...registry]) finalizer.cancel();
  });
}

/** Runs `list` from `index` on, then `done`; asynchronously only after a promise. */
function runFrom(
  list: readonly Finalize[],
  index: number,
  done: () => void,
): Promise<void> | undefined {
  for (const [at, finalizer] of list.entries()) {
    if (at < index || !finalizer.still_active()) continue;
    sub_debug("calling %s", finalizer);
    try {
      const result = finalizer.__call__();
      if (!isThenable(result)) continue;
      return Promise.resolve(result).then(undefined, report)
        .then(() => runFrom(list, at + 1, done));
    } catch (error) {
      report(error);
    }
  }
  done();
  return undefined;
}

function report(error: unknown): void {
  writeToLog(formatException(error));
}

/** Whether a value is a promise or another thenable. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

// -------------------------------------------------------------------- the end

/**
 * Does nothing: what is registered would be called in a forked process, and none is forked.
 * Python: `multiprocessing.util.register_after_fork`.
 */
export function register_after_fork<T>(_obj: T, _func: (obj: T) => void): void {
  takes("register_after_fork", arguments, { most: 2, self: 0 });
}

let tempDir: string | undefined;

/**
 * The path of a private directory of this process (mode 0700), for sockets; it is removed
 * when the process ends. Python: `multiprocessing.util.get_temp_dir`.
 */
export function get_temp_dir(): string {
  takes("get_temp_dir", arguments, FUNCTION);
  if (tempDir !== undefined) return tempDir;
  try {
    const path = tempDir = makeTempDir();
    info("created temp directory %s", path);
    runtime.onExit(() => removeDir(path));
    return path;
  } catch (error) {
    throw asOSError(error);
  }
}

let exiting = false;

/** Whether `_exit_function` has been called. Python: `multiprocessing.util.is_exiting`. */
export function is_exiting(): boolean {
  takes("is_exiting", arguments, FUNCTION);
  return exiting;
}

/** A child process, as far as {@linkcode _exit_function} needs it. */
export interface ExitingChild {
  /** For the log. */
  readonly name: string;
  /** Whether it is terminated before it is joined. */
  readonly daemon: boolean;
  terminate(): void;
  join(): PromiseLike<void> | void;
}

/**
 * Ends a process in CPython's order: runs the finalizers of priority 0 and more, terminates
 * the daemonic children, joins all children, and runs the other finalizers. The second call
 * does nothing. Python: `multiprocessing.util._exit_function`.
 *
 * @param activeChildren The living children; called several times.
 * @returns Settles when all is done; all is done when it returns, if no callback gave a
 * promise.
 */
export async function _exit_function(
  activeChildren: () => Iterable<ExitingChild>,
): Promise<void> {
  // Awaits only promises: while the process exits, only synchronous code still runs.
  const ending = endProcess(activeChildren);
  if (ending !== undefined) await ending;
}

/** The same; undefined if all is done when it returns. */
export function endProcess(
  activeChildren: () => Iterable<ExitingChild>,
): Promise<void> | undefined {
  if (exiting) return undefined;
  exiting = true;
  info("process shutting down");
  debug('running all "atexit" finalizers with priority >= 0');
  const first = _run_finalizers(0);
  const hasChildren = [...activeChildren()].length > 0;
  return first !== undefined || hasChildren
    ? endChildren(first, activeChildren)
    : runLastFinalizers();
}

function runLastFinalizers(): Promise<void> | undefined {
  debug('running the remaining "atexit" finalizers');
  return _run_finalizers();
}

async function endChildren(
  first: Promise<void> | undefined,
  activeChildren: () => Iterable<ExitingChild>,
): Promise<void> {
  if (first !== undefined) await first;
  for (const child of activeChildren()) {
    if (!child.daemon) continue;
    info("calling terminate() for daemon %s", child.name);
    child.terminate();
  }
  for (const child of activeChildren()) {
    info("calling join() for process %s", child.name);
    const joined = child.join();
    if (isThenable(joined)) await joined;
  }
  const rest = runLastFinalizers();
  if (rest !== undefined) await rest;
}
