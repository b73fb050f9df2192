/**
 * Texts of `Process`, and how its arguments are read.
 *
 * @module
 */
import { pythonTypeName } from "./arguments.ts";
import { signalName } from "./runtime/mod.ts";

/** Why a module that is still being imported in a child may not start processes. */
export const BOOTSTRAPPING = `
        An attempt has been made to start a new process before the
        current process has finished its bootstrapping phase.

        This probably means that you are not using fork to start your
        child processes and you have forgotten to use the proper idiom
        in the main module:

            if __name__ == '__main__':
                freeze_support()
                ...

        The "freeze_support()" line can be omitted if the program
        is not going to be frozen to produce an executable.

        To fix this issue, refer to the "Safe importing of main module"
        section in https://docs.python.org/3/library/multiprocessing.html

        (Here the idiom is: if (import.meta.main) { ... }
        or, on every runtime: if (is_main(import.meta)) { ... })
        `;

/** The values of anything that can be iterated. @throws {TypeError} if it cannot */
export function asSequence(args: unknown): unknown[] {
  if (
    args === null || args === undefined ||
    typeof (args as Iterable<unknown>)[Symbol.iterator] !== "function"
  ) {
    throw new TypeError(`'${pythonTypeName(args)}' object is not iterable`);
  }
  return [...args as Iterable<unknown>];
}

/** An exit code as `repr(process)` shows it: signals by name. */
export function exitcodeText(code: number): string {
  const name = code < 0 ? signalName(-code) : undefined;
  return name === undefined ? String(code) : `-${name}`;
}
