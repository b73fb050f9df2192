/**
 * The arguments of `Process`, whose types must fit the target; how they are read; and the
 * texts of `Process`.
 *
 * @module
 */
import { isMap } from "../runtime/brands.ts";
import { pythonTypeName, repr, signature } from "../python/arguments.ts";
import { signalName } from "../runtime/mod.ts";
import type { PermissionsOption } from "./permissions.ts";
import type { StartOptionValues } from "./popen.ts";
import type { PlaceOptions, StartOptions } from "./start_options.ts";

/** A function that a process can run: any that its module exports. */
// deno-lint-ignore no-explicit-any -- the arguments are checked by `ProcessOptions`
export type Target = (...args: any[]) => unknown;

/** All elements of a tuple but the last. */
export type AllButLast<T extends unknown[]> = T extends [...infer Head, unknown?] ? Head
  : T;
/** The last element of a tuple. */
export type Last<T extends unknown[]> = Required<T> extends [...unknown[], infer L] ? L
  : unknown;

/** The options of every `Process`. */
export interface CommonProcessOptions<F extends Target>
  extends StartOptions, PlaceOptions {
  /** Always null; there for the positional order. */
  group?: null;
  /** An exported function (or `bound(object, "method")`) that the process calls. */
  target?: F | null;
  /** The process's name; by default the class's with a number, `Process-1`. */
  name?: string | null;
  /** Whether it is ended when this process ends; by default as this process itself. */
  daemon?: boolean | null;
  /**
   * What the process may do: what this one may do when it starts it (`"inherit"`, the
   * default), nothing but compute (`"none"`), or what an object lists. Not in Python. On
   * Node without network permissions, and on Bun, see
   * `docs/permissions.md`.
   */
  permissions?: PermissionsOption | null;
}

/** The options of `new Process(…)`: the arguments must fit the target. */
export type ProcessOptions<F extends Target> =
  & CommonProcessOptions<F>
  & GivenArguments<F>;

/** `args`, or `args` and `kwargs`, which become the target's last argument. */
export type GivenArguments<F extends Target> =
  | ArgumentsOnly<Parameters<F>>
  | ([Last<Parameters<F>> & object] extends [never] ? never
    : WithKeywords<Parameters<F>>);

/** `args` that are all arguments; they may be left out where none is needed. */
export type ArgumentsOnly<A extends unknown[]> = [] extends A
  ? { args?: A; kwargs?: null | undefined }
  : { args: A; kwargs?: null | undefined };

/** `args` without the last argument, which `kwargs` is. */
export type WithKeywords<A extends unknown[]> =
  & { kwargs: Last<A> & object }
  & ([] extends AllButLast<A> ? { args?: AllButLast<A> } : { args: AllButLast<A> });

/** The limits of a wait. */
export interface JoinOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the waiting: the promise rejects with its reason. */
  signal?: AbortSignal;
}

/** A class of processes; its constructor takes arguments that do not matter here. */
export type ProcessClass = new () => object;

/** The work of a process; travels as the payload of `Boot`. */
export interface Work {
  /** `Process`, `SpawnProcess`, or the user's own subclass. */
  class: string | (new () => object);
  /** The object's own fields. */
  fields: Record<string, unknown>;
  /** The function that `run` calls. */
  target: Target | null;
  /** The target's arguments. */
  args: unknown[];
  /** The target's last argument, where there are any. */
  kwargs: Record<string, unknown> | null;
}

/** The call of `run`. */
export type Call = Pick<Work, "target" | "args" | "kwargs">;

/** The call of a process that calls nothing. */
export const NO_CALL: Call = { target: null, args: [], kwargs: null };

/** Calls the target. @throws {TypeError} if it is no function */
export function callTarget({ target, args, kwargs }: Call): unknown {
  if (!target) return;
  if (typeof target !== "function") {
    throw new TypeError(`'${pythonTypeName(target)}' object is not callable`);
  }
  const hasKeywords = kwargs !== null && Object.keys(kwargs).length > 0;
  return target(...args, ...(hasKeywords ? [kwargs] : []));
}

interface ProcessArguments extends StartOptionValues {
  group: unknown;
  target: unknown;
  name: unknown;
  args: unknown;
  kwargs: unknown;
  daemon: unknown;
  permissions: unknown;
}

/** How the program is started, by default as this one was. */
export const START: StartOptionValues = {
  execArgv: null,
  env: null,
  cwd: null,
  inspect: null,
  host: null,
};

/** Parameters that have no place in Python's order. */
const KEYWORDS = [
  "daemon",
  "permissions",
  "execArgv",
  "env",
  "cwd",
  "inspect",
  "host",
] as const;

/** The constructor's parameters, in Python's order. */
export const INIT = signature<ProcessArguments>("BaseProcess.__init__", {
  group: null,
  target: null,
  name: null,
  args: [],
  kwargs: null,
  daemon: null,
  permissions: null,
  ...START,
}, { keywordOnly: KEYWORDS, objects: ["kwargs"] });

/** The parameters of `join`, of a child and of the parent. */
export const JOIN = signature<{ timeout: unknown }>("BaseProcess.join", {
  timeout: null,
});

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
  if (isMap(kwargs)) return Object.fromEntries(kwargs);
  if (typeof kwargs === "object") return { ...kwargs };
  throw new TypeError(`'${pythonTypeName(kwargs)}' object is not iterable`);
}

/** The text of the error of what a closed process refuses. */
export const CLOSED = "process object is closed";

/** A process as {@linkcode processText} shows it. */
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
