/**
 * The functions of a context that make nothing: part of `multiprocessing/context.py`.
 *
 * @module
 */
import { fileUrl } from "../functions/urls.ts";
import { identity } from "../process/identity.ts";
import { takes } from "../python/arguments.ts";
import { NotImplementedError } from "../python/errors.ts";
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

/** The part of a CommonJS module's `module` that {@linkcode is_main} reads. */
export interface CommonJSModule {
  /** What the module gives. */
  exports: unknown;
  /** Its name; `.` for the program itself. */
  id: string;
  /** Its path. */
  filename: string;
}
