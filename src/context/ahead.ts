/**
 * Processes that are started ahead, for the start method `forkserver`: how many, and what they
 * load. Mirrors the public part of `multiprocessing/forkserver.py`.
 *
 * @module
 */
import { isSpareCount, launching, MAX_SPARES } from "../link/launch.ts";
import { asSequence } from "../process/arguments.ts";
import { FORKSERVER, identity } from "../process/identity.ts";
import { launchConfig } from "../process/popen.ts";
import { parseArguments, REQUIRED, signature, takes } from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { resolveSpecifier } from "../functions/urls.ts";
import { fileUrl, runtime } from "../runtime/mod.ts";

/** Options of {@linkcode set_forkserver_preload}, which CPython has not. */
export interface PreloadOptions {
  /** How many processes may be started ahead, from 0 to 64; by default as before, 2 at first. */
  spares?: number;
}

const PRELOAD = signature<{ module_names: unknown; spares: unknown }>(
  "BaseContext.set_forkserver_preload",
  { module_names: REQUIRED, spares: null },
  { keywordOnly: ["spares"] },
);

/**
 * Sets which modules the processes that the start method `forkserver` starts ahead import, and
 * how many there may be. CPython: `multiprocessing.set_forkserver_preload`.
 *
 * What differs: a module that cannot be imported is told of on stderr. The main module is
 * imported only if it is named, as `__main__`.
 *
 * @param module_names URLs, names of packages, or paths relative to the program's script;
 * `__main__` is that script itself. Timers and connections that a module makes while
 * it is imported stand still until the process has its work. A module that asks which process
 * this is, or makes queues or locks then, is imported to its end only when that is known.
 * A process that is started waits until all of them are imported.
 * @param options `spares`: how many processes may wait.
 * @throws {TypeError} `module_names must be a list of strings`
 * @throws {ValueError} if `spares` is no integer from 0 to 64
 *
 * @example
 * ```ts
 * import { set_forkserver_preload } from "@pystd/multiprocessing";
 * set_forkserver_preload(["./work.ts"], { spares: 4 });
 * ```
 */
export function set_forkserver_preload(
  module_names: Iterable<string>,
  options?: PreloadOptions,
): void;
export function set_forkserver_preload(...given: unknown[]): void {
  const { module_names, spares } = parseArguments(PRELOAD, given);
  const names = asSequence(module_names);
  if (!names.every((name) => typeof name === "string")) {
    throw new TypeError("module_names must be a list of strings");
  }
  launching.ahead = {
    modules: names.map(moduleUrl),
    spares: spares === null ? launching.ahead.spares : asSpares(spares),
  };
}

function asSpares(spares: unknown): number {
  if (isSpareCount(spares)) return spares;
  throw new ValueError(`spares must be an integer from 0 to ${MAX_SPARES}`);
}

function moduleUrl(name: string): string {
  const script = runtime.script();
  const base = script === undefined ? `${fileUrl(runtime.cwd())}/` : urlOf(script);
  if (name === "__main__") return base;
  return resolveSpecifier(name, base) ?? runtime.resolvePackage(name, base) ?? name;
}

function urlOf(script: string): string {
  return /^[a-z]{2,}:/.test(script) ? script : fileUrl(script);
}

/**
 * Has processes started ahead now, as many as there may be, and not only when the first process
 * has been started by `forkserver`. In a child it does nothing, as the root has them. CPython:
 * `multiprocessing.forkserver.ensure_running`.
 *
 * @throws {OSError} if the directory of this process is gone
 *
 * @example
 * ```ts
 * import { ensure_running } from "@pystd/multiprocessing/forkserver";
 * ensure_running();
 * ```
 */
export function ensure_running(): void {
  takes("ForkServer.ensure_running", arguments);
  if (identity.parent !== null) return;
  launching.startAhead?.(launchConfig("", {}, FORKSERVER));
}
