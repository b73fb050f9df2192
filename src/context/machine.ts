/**
 * The functions of a context that make nothing: part of `multiprocessing/context.py`.
 *
 * @module
 */
import { asSequence } from "../process/arguments.ts";
import { parent_process } from "../process/parent.ts";
import { parseArguments, REQUIRED, signature } from "../python/arguments.ts";
import { NotImplementedError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";

/**
 * The number of the machine's logical processors. CPython: `multiprocessing.cpu_count`.
 *
 * @throws {NotImplementedError} if that cannot be told
 *
 * @example
 * ```ts
 * import { cpu_count } from "@pystd/multiprocessing";
 * console.log(cpu_count() >= 1); // true
 * ```
 */
export function cpu_count(): number {
  const count = runtime.cpuCount;
  if (!(count >= 1)) {
    throw new NotImplementedError("cannot determine number of cpus");
  }
  return count;
}

/**
 * Does nothing: it is there so that ports keep their line. CPython:
 * `multiprocessing.freeze_support`.
 *
 * @example
 * ```ts
 * import { freeze_support } from "@pystd/multiprocessing";
 * freeze_support();
 * ```
 */
export function freeze_support(): void {}

/**
 * Does nothing: connections can always be sent. CPython:
 * `multiprocessing.allow_connection_pickling`.
 *
 * @example
 * ```ts
 * import { allow_connection_pickling } from "@pystd/multiprocessing";
 * allow_connection_pickling();
 * ```
 */
export function allow_connection_pickling(): void {}

const PRELOAD = signature<{ module_names: unknown }>(
  "BaseContext.set_forkserver_preload",
  { module_names: REQUIRED },
);

/**
 * Checks its argument, and does nothing more: there is no fork server that could load
 * the modules. CPython: `multiprocessing.set_forkserver_preload`.
 *
 * @param module_names What the fork server would import.
 * @throws {TypeError} `module_names must be a list of strings`
 *
 * @example
 * ```ts
 * import { set_forkserver_preload } from "@pystd/multiprocessing";
 * set_forkserver_preload(["./work.ts"]);
 * ```
 */
export function set_forkserver_preload(module_names: Iterable<string>): void;
export function set_forkserver_preload(...given: unknown[]): void {
  const names = asSequence(parseArguments(PRELOAD, given).module_names);
  if (!names.every((name) => typeof name === "string")) {
    throw new TypeError("module_names must be a list of strings");
  }
}

/**
 * Whether the module is the program itself: Python's `__name__ == "__main__"`. False in
 * every child. Where the runtime has it, `import.meta.main` says the same.
 *
 * @param meta The module's `import.meta`.
 *
 * @example
 * ```ts
 * import { is_main } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) console.log("the program itself");
 * ```
 */
export function is_main(meta: ImportMeta): boolean {
  if (parent_process() !== null) return false;
  return meta.main ?? meta.url === runtime.mainModule;
}
