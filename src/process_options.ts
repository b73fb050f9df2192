/**
 * What a `Process` may be given. As types: the arguments must fit the target.
 *
 * @module
 */
import type { PermissionsOption } from "./permissions.ts";
import { signature } from "./python/arguments.ts";

/** What a process can run: any function that its module exports. */
// deno-lint-ignore no-explicit-any -- the arguments are checked by `ProcessOptions`
export type Target = (...args: any[]) => unknown;

type AllButLast<T extends unknown[]> = T extends [...infer Head, unknown?] ? Head : T;
type Last<T extends unknown[]> = Required<T> extends [...unknown[], infer L] ? L
  : unknown;

/** What every `Process` may be given. */
export interface CommonProcessOptions<F extends Target> {
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
   * Node without network permissions, and on Bun, see the README.
   */
  permissions?: PermissionsOption | null;
}

/** The options of `new Process(…)`: the arguments must fit the target. */
export type ProcessOptions<F extends Target> =
  & CommonProcessOptions<F>
  & ([] extends Parameters<F> ? { args?: Parameters<F>; kwargs?: null | undefined }
    : { args: Parameters<F>; kwargs?: null | undefined });

/** As `ProcessOptions`, where `kwargs` becomes the target's last argument. */
export type KeywordProcessOptions<F extends Target> =
  & CommonProcessOptions<F>
  & { kwargs: Last<Parameters<F>> & object }
  & ([] extends AllButLast<Parameters<F>> ? { args?: AllButLast<Parameters<F>> }
    : { args: AllButLast<Parameters<F>> });

/** How long to wait. */
export interface JoinOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the waiting: the promise rejects with its reason. */
  signal?: AbortSignal;
}

/** What a process is told to run; travels as the payload of `Boot`. */
export interface Work {
  /** `Process`, `SpawnProcess`, or the user's own subclass. */
  class: string | (new () => object);
  /** The object's own fields. */
  fields: Record<string, unknown>;
  /** What `run` calls. */
  target: Target | null;
  /** What it is called with. */
  args: unknown[];
  /** Its last argument, where there are any. */
  kwargs: Record<string, unknown> | null;
}

interface ProcessArguments {
  group: unknown;
  target: unknown;
  name: unknown;
  args: unknown;
  kwargs: unknown;
  daemon: unknown;
  permissions: unknown;
}

/** The constructor's parameters, in Python's order. */
export const INIT = signature<ProcessArguments>("BaseProcess.__init__", {
  group: null,
  target: null,
  name: null,
  args: [],
  kwargs: null,
  daemon: null,
  permissions: null,
}, { keywordOnly: ["daemon", "permissions"], objects: ["kwargs"] });
