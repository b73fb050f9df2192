/**
 * Mirrors `multiprocessing/process.py`: `Process`, and who we are among processes.
 *
 * What differs: `join` is awaited; `start` gives a promise that settles when the
 * process has been launched (in the root the pid is there at once). Exits are events:
 * `is_alive()` and `exitcode` change when the event loop turns. Private `#fields` of a
 * subclass do not travel to the child; ordinary fields do. `Process` and `SpawnProcess`
 * are here, as the children of both must be made again without a context.
 *
 * @module
 */
import { BaseProcess } from "./process_base.ts";
import { registerClass } from "./process_classes.ts";
import type { Target } from "./process_options.ts";

export { _ParentProcess, parent_process } from "./parent_process.ts";
export { BaseProcess } from "./process_base.ts";
export { active_children, current_process } from "./process_current.ts";
export type {
  CommonProcessOptions,
  JoinOptions,
  KeywordProcessOptions,
  ProcessOptions,
  Target,
  Work,
} from "./process_options.ts";

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

registerClass("Process", Process);
registerClass("SpawnProcess", SpawnProcess);
registerClass("_MainProcess", _MainProcess);
