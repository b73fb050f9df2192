/**
 * The classes of processes that the package has itself. Every process knows them, as what
 * they have started must be made again there, without a context.
 *
 * @module
 */
import { BaseProcess } from "./base.ts";
import { registerClass } from "./class_names.ts";
import type { Target } from "./arguments.ts";
import { FORKSERVER, SPAWN } from "./identity.ts";

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
export class SpawnProcess<F extends Target = Target> extends BaseProcess<F> {
  /** Always `spawn`. */
  override get _start_method(): string | null {
    return SPAWN;
  }
}

/**
 * The process class of the forkserver context: it takes a process that was started ahead.
 * CPython: `multiprocessing.context.ForkServerProcess`.
 */
export class ForkServerProcess<F extends Target = Target> extends BaseProcess<F> {
  /** Always `forkserver`. */
  override get _start_method(): string | null {
    return FORKSERVER;
  }
}

/** The root process as it sees itself. CPython: `multiprocessing.process._MainProcess`. */
export class _MainProcess extends BaseProcess {
  /** Does nothing. */
  override close(): void {}
}

registerClass("Process", Process);
registerClass("SpawnProcess", SpawnProcess);
registerClass("ForkServerProcess", ForkServerProcess);
registerClass("_MainProcess", _MainProcess);
