/**
 * This process's own object, and those of its children: part of
 * `multiprocessing/process.py`.
 *
 * @module
 */
import { FUNCTION, takes } from "../python/arguments.ts";
import type { Work } from "./arguments.ts";
import { type BaseProcess, processOf, processToRun } from "./base.ts";
import { _MainProcess, Process } from "./classes.ts";
import { children } from "../link/exit.ts";
import { identity } from "./identity.ts";

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
  takes("current_process", arguments, FUNCTION);
  return current ??= processOf(
    identity.current,
    identity.parent === null ? _MainProcess : Process,
  );
}

/** In a child whose modules have been imported: makes the object that was started again. */
export function takeWork(work: Work): BaseProcess {
  identity.isBootstrapping = false;
  return current = processToRun(identity.current, work);
}

/** The functions that start the processes whose start was put off. */
const due = new Set<() => void>();

/**
 * Has `start` called when the program asks for its children; gives the function that
 * cancels that.
 */
export function defer(start: () => void): () => void {
  due.add(start);
  return () => void due.delete(start);
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
  takes("active_children", arguments, FUNCTION);
  for (const start of due) start();
  return [...children] as BaseProcess[];
}
