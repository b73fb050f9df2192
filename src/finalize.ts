/**
 * What is still to be done at the end of a process, by priority.
 *
 * Mirrors `Finalize` and `_run_finalizers` of `multiprocessing/util.py`; `util.ts`
 * re-exports them. What differs: a callback may return a promise, which is
 * waited for before the next one runs; as long as none does, everything here runs
 * synchronously, so that it can run while a process exits.
 *
 * @module
 */

import { parseArguments, REQUIRED, signature } from "./arguments.ts";
import { ValueError } from "./errors.ts";
import { writeToLog } from "./logging.ts";
import { sub_debug } from "./log.ts";
import { pythonTypeName, repr, reprTuple } from "./repr.ts";
import { formatException } from "./traceback.ts";

/** Options of {@linkcode Finalize}. */
export interface FinalizeOptions {
  /** What the callback is called with. */
  readonly args?: readonly unknown[];
  /** The callback's last argument, where it is not empty. */
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

/** Not-yet-run finalizers, oldest first; each leaves by running or being cancelled. */
const registry = new Set<Finalize>();

/** Runs the finalizers of collected objects. */
const collected = new FinalizationRegistry<Finalize>((finalizer) => {
  finalizer.__call__();
});

/** `null` as object: only the exit runs it. */
const NO_OBJECT: { deref(): object | undefined } = { deref: () => undefined };

/**
 * Calls a function when an object is collected or, with an exit priority, at the latest
 * when the process ends; once. Python: `multiprocessing.util.Finalize`.
 *
 * When an object is collected, if ever, is up to the runtime: rely on the exit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Finalize } from "./util.ts";
 * const cleanUp = new Finalize(null, (name: string) => `${name} removed`, {
 *   args: ["socket"],
 *   exitpriority: 10,
 * });
 * assertEquals(cleanUp.still_active(), true);
 * assertEquals(cleanUp.__call__(), "socket removed");
 * assertEquals(cleanUp.still_active(), false);
 * ```
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

  /**
   * Calls the callback, unless it was called or cancelled before. Python: `finalizer()`.
   *
   * @returns What the callback returns; null when it was not called.
   */
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

  /** Forgets the callback: it will not be called. */
  cancel(): void {
    this.#leave();
  }

  /**
   * Whether the callback is still to be called.
   *
   * @returns False once it was called or cancelled.
   */
  still_active(): boolean {
    return registry.has(this);
  }

  /**
   * The finalizer as Python's `repr` shows it.
   *
   * @returns `<Finalize object, callback=f, args=(1,)>`, or `<Finalize object, dead>`.
   */
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
 * @param minpriority Only those from this priority up; null for all of them, after which
 * also those without a priority are forgotten.
 * @returns A promise that settles when the last is done; undefined when all is done
 * already, as no callback returned a promise.
 *
 * @example
 * ```ts
 * import { _run_finalizers, Finalize } from "./util.ts";
 * new Finalize(null, console.log, { args: ["last"], exitpriority: 0 });
 * new Finalize(null, console.log, { args: ["first"], exitpriority: 10 });
 * await _run_finalizers();
 * ```
 */
export function _run_finalizers(
  minpriority: number | null = null,
): Promise<void> | undefined {
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

/** Runs `list` from `index` on, then `done`; by promises only behind one that waits. */
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

/**
 * Whether a value is to be awaited.
 *
 * @param value Anything.
 * @returns True for promises and their like.
 *
 * @example
 * ```ts
 * import { isThenable } from "./finalize.ts";
 * console.log(isThenable(Promise.resolve()), isThenable(1)); // true false
 * ```
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}
