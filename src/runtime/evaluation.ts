/**
 * The evaluation of the program's modules in a child, and all that it leads to: timers,
 * promises, listeners that a module sets up when it is loaded. None of that may start
 * processes. The root has evaluated the same modules, and has started the same already; a
 * process that starts them again would start one that starts them again, without end.
 *
 * A process that was started in place of a child, but does not run the child's program, may
 * start none at all: an executable, say, which runs itself whatever it is told to run.
 *
 * @module
 */

/** The variable by which the process that starts a child tells it that it is one. */
export const CHILD_VARIABLE = "MULTIPROCESSING_CHILD";

/** Where all copies of this package in a process find the one record. */
const KEY = Symbol.for("@pystd/multiprocessing: evaluation");

/** Tells what modules of the program lead to from the work of a child. */
export interface EvaluationContext {
  /** Puts the calling code, and what it leads to, into the context. */
  enter(): void;
  /** What the caller leads to from now on is its work. */
  leave(): void;
  /** Whether the calling code is in the context. */
  isIn(): boolean;
  /** Calls a function that is not in the context, nor what it leads to. */
  outside<R>(fn: () => R): R;
  /** Imports a module in the context. */
  load(url: string): Promise<Record<string, unknown>>;
}

/** What is known of the evaluation in a process that was started as a child. */
export interface Evaluation {
  /** Whether the modules of the work are still being imported. */
  isImporting(): boolean;
  /** The number of modules of the program that are being imported. */
  running: number;
  /** There once a module has loaded an entry of this package: before, none can start any. */
  context?: EvaluationContext;
}

/** Undefined in a program that was not started by this package. */
export function evaluation(): Evaluation | undefined {
  return (globalThis as Record<symbol, Evaluation | undefined>)[KEY];
}

/** In a child: `isImporting` says whether its modules are being imported. */
export function setEvaluation(isImporting: () => boolean): void {
  const value: Evaluation = { isImporting, running: 0 };
  Object.defineProperty(globalThis, KEY, { value, configurable: true });
}

/** Imports a module of the program in a child. */
export async function evaluate(url: string): Promise<Record<string, unknown>> {
  const known = evaluation();
  if (known !== undefined) known.running++;
  try {
    return await (known?.context?.load(url) ?? import(url));
  } finally {
    if (known !== undefined) known.running--;
    endEvaluation();
  }
}

/** What the caller leads to from now on is the work. */
export function endEvaluation(): void {
  evaluation()?.context?.leave();
}

/**
 * Calls what is the child's work, whatever the caller was led to by. A module that is
 * evaluated in a turn of the event loop in which more happens may leave that in its context.
 */
export function outside<R>(fn: () => R): R {
  const context = evaluation()?.context;
  return context?.isIn() ? context.outside(fn) : fn();
}

/** Whether the calling code may not start processes. */
export function isBootstrapping(): boolean {
  const known = evaluation();
  return known !== undefined && (known.isImporting() || known.context?.isIn() === true);
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
if (takeMark()) setEvaluation(() => true);
