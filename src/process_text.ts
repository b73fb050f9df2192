/**
 * Texts of `Process`, and how its arguments are read.
 *
 * @module
 */
import { pythonTypeName, repr } from "./python/arguments.ts";
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

/** A copy of keywords, also from a Map. @throws {TypeError} if they are neither */
export function asKeywords(kwargs: unknown): Record<string, unknown> | null {
  if (kwargs === null) return null;
  if (kwargs instanceof Map) return Object.fromEntries(kwargs);
  if (typeof kwargs === "object") return { ...kwargs };
  throw new TypeError(`'${pythonTypeName(kwargs)}' object is not iterable`);
}

/** What {@linkcode processText} tells of a process. */
export interface ProcessState {
  /** The name of its class. */
  type: string;
  name: string;
  /** Null before it was started, and for others than our children. */
  pid: number | null;
  /** Null for the root. */
  parentPid: number | null;
  /** `initial`, `started`, `stopped`, `closed` or `unknown`. */
  status: string;
  /** Null while it runs. */
  exitcode: number | null;
  daemon: boolean;
}

/** `<Process name='Process-1' pid=12 parent=10 stopped exitcode=-SIGTERM daemon>`. */
export function processText(state: ProcessState): string {
  const fields = [state.type, `name=${repr(state.name)}`];
  if (state.pid !== null) fields.push(`pid=${state.pid}`);
  fields.push(`parent=${state.parentPid ?? "None"}`, state.status);
  if (state.exitcode !== null) fields.push(`exitcode=${exitcodeText(state.exitcode)}`);
  if (state.daemon) fields.push("daemon");
  return `<${fields.join(" ")}>`;
}

/** An exit code as `repr(process)` shows it: signals by name. */
function exitcodeText(code: number): string {
  const name = code < 0 ? signalName(-code) : undefined;
  return name === undefined ? String(code) : `-${name}`;
}
