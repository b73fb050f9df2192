/**
 * The evaluation of the program's modules in a child, and all that it leads to: timers,
 * promises, listeners that a module sets up when it is loaded. None of that may start
 * processes. The root has evaluated the same modules, and has started the same already; a
 * process that starts them again would start one that starts them again, without end.
 *
 * An async context tells that code from the work that the child was started for. It is made
 * when the first module is loaded, as few children of a pool load more than one.
 *
 * A process that was started in place of a child, but does not run the child's program, may
 * start none at all: an executable, say, which runs itself whatever it is told to run.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** The variable by which the process that starts a child tells it that it is one. */
export const CHILD_VARIABLE = "MULTIPROCESSING_CHILD";

/** Where all copies of this package in a process find the function that tells. */
const KEY = Symbol.for("@pystd/multiprocessing: bootstrapping");

/** Whether the calling code runs in the context; and what runs a function in it. */
let isInContext = (): boolean => false;
let inContext: (<R>(fn: () => R) => R) | undefined;
/** Puts the calling code, and what it leads to, into the context, or takes it out. */
let setContext: ((value: true | undefined) => void) | undefined;

/** Imports a module of the program in a child. */
export function evaluate(url: string): Promise<Record<string, unknown>> {
  inContext ??= makeContext();
  return inContext(() => {
    if ("Bun" in globalThis) requireFirst(url);
    return import(url);
  });
}

/**
 * From now on a program that is its own child evaluates its modules: all that the caller and
 * what follows it in this turn lead to is of the evaluation.
 */
export function beginEvaluation(): void {
  inContext ??= makeContext();
  setContext!(true);
}

/** The program is evaluated: what the caller leads to is its work. */
export function endEvaluation(): void {
  setContext?.(undefined);
}

/** Whether the calling code was set up by a module of the program when it was loaded. */
export function isOfEvaluation(): boolean {
  return isInContext();
}

/** Whether the calling code may not start processes, by any copy of this package. */
export function isBootstrapping(): boolean {
  return (globalThis as Record<symbol, (() => boolean) | undefined>)[KEY]?.() ?? false;
}

/** In a child: `tell` says whether the calling code may not start processes. */
export function setBootstrapping(tell: () => boolean): void {
  Object.defineProperty(globalThis, KEY, { value: tell, configurable: true });
}

function makeContext(): NonNullable<typeof inContext> {
  // deno-lint-ignore no-explicit-any -- what Deno keeps for itself
  const { Deno } = globalThis as any;
  const core = Deno?.[Deno.internal]?.core;
  if (core?.AsyncVariable === undefined) {
    const storage = new (builtin("node:async_hooks").AsyncLocalStorage)();
    isInContext = () => storage.getStore() === true;
    setContext = (value) => storage.enterWith(value);
    return (fn) => storage.run(true, fn);
  }
  // Deno's part of Node, which makes the same of this, takes 10 ms to load.
  const variable = new core.AsyncVariable();
  isInContext = () => variable.get() === true;
  setContext = (value) => void variable.enter(value);
  return (fn) => {
    const before = variable.enter(true);
    try {
      return fn();
    } finally {
      core.setAsyncContext(before);
    }
  };
}

/**
 * Bun evaluates a module that is imported outside of the context, one that is required in
 * it. What is wrong with the module is told by the `import()` that follows.
 */
function requireFirst(url: string): void {
  if (!/^file:[^?#]*$/.test(url)) return;
  try {
    builtin("node:module").createRequire(url)(builtin("node:url").fileURLToPath(url));
  } catch {
    // It has failed, or awaits something: then its evaluation has begun nevertheless.
  }
}

/** Whether this process was started in place of a child; what it starts itself is not. */
function takeMark(): boolean {
  if (!("Deno" in globalThis)) {
    // deno-lint-ignore no-explicit-any -- present on Node and Bun, not in Deno's types
    const { env } = (globalThis as any).process;
    return env[CHILD_VARIABLE] !== undefined && delete env[CHILD_VARIABLE];
  }
  const name = { name: "env", variable: CHILD_VARIABLE } as const;
  if (Deno.permissions.querySync(name).state !== "granted") return false;
  if (!Deno.env.has(CHILD_VARIABLE)) return false;
  Deno.env.delete(CHILD_VARIABLE);
  return true;
}

// The child's program, which runs after this, sets another.
if (takeMark()) setBootstrapping(() => true);
