/**
 * The functions of a context that make nothing: part of `multiprocessing/context.py`.
 *
 * @module
 */
import { fileUrl } from "../functions/urls.ts";
import { identity } from "../process/identity.ts";
import { parseArguments, signature, takes } from "../python/arguments.ts";
import { NotImplementedError } from "../python/errors.ts";
import * as log from "../python/log.ts";
import type { Level, Logger } from "../python/logging.ts";
import type { CommonJSModule } from "../reduction/exported.ts";
import { runtime } from "../runtime/mod.ts";
import { isExecutable, isInFile } from "../runtime/as_child.ts";
import { isNameless } from "../runtime/own_program.ts";

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
  takes("BaseContext.cpu_count", arguments);
  const count = runtime.cpuCount;
  if (!(count >= 1)) {
    throw new NotImplementedError("cannot determine number of cpus");
  }
  return count;
}

/**
 * In a program that is its own child, as in bundles and executables: runs the child's work,
 * and then ends the process. Await it before anything that a child is not to do. Does nothing
 * elsewhere. It is needed only where a main module has no guard: without this call, the work
 * runs when all modules have been evaluated. CPython: `multiprocessing.freeze_support`.
 *
 * @returns In a child a promise that never settles: `await` does what `sys.exit` does there.
 *
 * @example
 * ```ts
 * import { freeze_support } from "@pystd/multiprocessing";
 * await freeze_support();
 * ```
 */
export function freeze_support(): Promise<void> {
  takes("BaseContext.freeze_support", arguments);
  if (identity.freeze === null) return Promise.resolve();
  identity.freeze();
  return new Promise(() => {});
}

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
export function allow_connection_pickling(): void {
  takes("BaseContext.allow_connection_pickling", arguments);
}

/**
 * Whether the module is the program itself: Python's `__name__ == "__main__"`. False in
 * every child. Where the runtime has it, `import.meta.main` says the same, but in bundles and
 * executables, where it is true in children as well.
 *
 * @param meta The module's `import.meta`; of a CommonJS module its `module`.
 *
 * @example
 * ```ts
 * import { is_main } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) console.log("the program itself");
 * ```
 */
export function is_main(meta: ImportMeta | CommonJSModule): boolean {
  if (identity.parent !== null) return false;
  if ("exports" in meta) return meta.id === "." || isMainFile(meta.filename);
  const { main, url } = meta as Partial<ImportMeta>;
  if (isNameless && url === undefined) {
    return isExecutable() || isInFile(runtime.mainModule);
  }
  return main ?? url === runtime.mainModule;
}

/** A tool may give the main module another `id`. */
function isMainFile(file: string): boolean {
  return fileUrl(file) === runtime.mainModule;
}

/**
 * The package's logger. CPython: `multiprocessing.get_logger`, a method of contexts; see
 * `get_logger` of `multiprocessing/util` for what it logs.
 *
 * @returns The same one each time; at first at level NOTSET and without handlers, so that
 * only warnings and worse are shown, bare, on stderr.
 *
 * @example
 * ```ts
 * import { get_logger } from "@pystd/multiprocessing";
 * get_logger().setLevel("INFO");
 * ```
 */
export function get_logger(): Logger {
  takes("BaseContext.get_logger", arguments);
  return log.get_logger();
}

const LOG_TO_STDERR = signature<{ level: Level | null }>("BaseContext.log_to_stderr", {
  level: null,
});

/**
 * Shows the package's log on stderr, as `[INFO/MainProcess] text`. Children that are
 * started afterwards do the same. CPython: `multiprocessing.log_to_stderr`, a method of
 * contexts.
 *
 * @param level Sets the logger's level too, unless it is null or 0.
 * @returns The logger.
 *
 * As in Python a second call adds a second handler, and each line shows twice.
 *
 * @example
 * ```ts
 * import { log_to_stderr } from "@pystd/multiprocessing";
 * log_to_stderr("INFO").info("%s is ready", "all"); // [INFO/MainProcess] all is ready
 * ```
 */
export function log_to_stderr(level?: Level | null): Logger;
/** The same with Python's keyword. */
export function log_to_stderr(options: { readonly level?: Level | null }): Logger;
export function log_to_stderr(...args: unknown[]): Logger {
  return log.log_to_stderr(parseArguments(LOG_TO_STDERR, args).level);
}
