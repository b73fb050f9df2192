/**
 * The options of a new process that say how its program is started: the flags of the
 * runtime, the environment, the directory, the debugger. Not in CPython.
 *
 * @module
 */
import { pythonTypeName, repr } from "../python/arguments.ts";
import { PermissionError, ValueError } from "../python/errors.ts";
import { isURL } from "../runtime/brands.ts";
import { refusal } from "../runtime/flags.ts";
import { absolutePath } from "../runtime/permissions/grants.ts";
import { isWindows } from "../runtime/posix.ts";
import { pathOf } from "../runtime/paths.ts";
import { runtime } from "../runtime/mod.ts";
import { here } from "../runtime/host.ts";
import { asHost, type HostOption } from "./hosts.ts";
import { type Adapt, starting } from "./popen.ts";

/** How the program of a new process is started. */
export interface StartOptions {
  /**
   * Flags of the runtime, instead of those that the process inherits, which
   * `process.execArgv` lists; on Deno they are added to these, and replace those of the same
   * name. None for permissions. A flag `--inspect` gets a port of its own.
   */
  execArgv?: readonly string[] | null;
  /** Variables beside and instead of those of this process; undefined takes one away. */
  env?: Readonly<Record<string, string | undefined>> | null;
  /** The directory that it runs in; by default that of this process. */
  cwd?: string | URL | null;
  /**
   * Whether it listens to a debugger, at a port of its own which is told on stderr: any that
   * is free (`true`), or the first one from this number on.
   */
  inspect?: boolean | number | null;
}

/** Where a new process is started. */
export interface PlaceOptions {
  /**
   * Another machine or a container that it is started on; by default where
   * `set_executable` says, or else this machine. On a host, `execArgv` are all flags that it
   * has, `env` all variables that it has beside those of that host, and `cwd` is a directory
   * of this machine for which there is one there; permissions cannot be limited there.
   */
  host?: HostOption | null;
}

/** The options as arguments. */
type Given = Record<keyof StartOptions, unknown> & { host?: unknown };

/**
 * Checks the options.
 *
 * @returns What they change in the config of a process that is started; undefined if none
 * is given.
 * @throws {TypeError | ValueError} if one of them is malformed
 */
export function asStart(given: Given): Adapt | undefined {
  const { execArgv, env, cwd, inspect, host = null } = given;
  const isGiven = [execArgv, env, cwd, inspect, host].some((value) => value !== null);
  if (!isGiven) return undefined;
  const flags = execArgv === null ? undefined : asFlags(execArgv);
  const variables = env === null ? undefined : asVariables(env);
  const place = cwd === null ? undefined : asDirectory(cwd);
  const from = asInspect(inspect);
  const there = host === null ? undefined : asHost(host, "host");
  if (there !== undefined && here.host !== null) {
    const text =
      `a process on ${here.host} starts others there only, not on ${there.name}`;
    throw new ValueError(text);
  }
  return (config) => {
    const onHost = there ?? config.host;
    if (onHost !== undefined && from !== undefined) {
      throw new ValueError(`no debugger can be listened to on ${onHost.name}`);
    }
    // A host has its own variables; a process there knows them.
    const isElsewhere = onHost !== undefined && here.host === null;
    const all = (given: Variables) => isElsewhere ? onlySet(given) : environment(given);
    return {
      ...config,
      ...there !== undefined && { host: there, env: null },
      ...flags !== undefined && { execArgv: flags },
      ...variables !== undefined && { env: all(variables) },
      ...place !== undefined &&
        { cwd: absolutePath(place, config.cwd), needsCwd: true },
      ...from !== undefined && { inspect: from },
    };
  };
}

type Variables = Record<string, string | undefined>;

/** Those that have a value. */
function onlySet(given: Variables): Record<string, string> {
  const set = Object.entries(given).filter(([, text]) => text !== undefined);
  return Object.fromEntries(set) as Record<string, string>;
}

starting.read = asStart;

function asFlags(value: unknown): string[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`execArgv must be a list, not ${pythonTypeName(value)}`);
  }
  const flags = [...value] as unknown[];
  for (const flag of flags) {
    if (typeof flag === "string") checkNull(flag);
    else {
      throw new TypeError(`execArgv has ${repr(flag)}, which is no string`);
    }
  }
  const reason = refusal(runtime.name, flags as string[]);
  if (reason !== undefined) throw new ValueError(`execArgv: ${reason}`);
  return flags as string[];
}

function asVariables(value: unknown): Record<string, string | undefined> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`env must be an object, not ${pythonTypeName(value)}`);
  }
  const variables = { ...value } as Record<string, unknown>;
  for (const [name, text] of Object.entries(variables)) {
    checkNull(name);
    if (name === "" || name.includes("=")) {
      throw new ValueError("illegal environment variable name");
    }
    if (typeof text === "string") checkNull(text);
    else if (text !== undefined) {
      throw new TypeError(`env has ${repr(text)} for ${name}, which is no string`);
    }
  }
  return variables as Record<string, string | undefined>;
}

function asDirectory(value: unknown): string {
  const isUrl = isURL(value) && value.protocol === "file:";
  if (typeof value !== "string" && !isUrl) {
    const text = isURL(value) ? repr(value.href) : pythonTypeName(value);
    throw new TypeError(`cwd must be a path or a file's URL, not ${text}`);
  }
  const path = isUrl ? pathOf(value) : value as string;
  checkNull(path);
  if (path === "") throw new ValueError("cwd must not be empty");
  return path;
}

/** The first port to try, 0 for any; undefined for no debugger. */
function asInspect(value: unknown): number | undefined {
  if (value === null || value === false) return undefined;
  if (value === true) return 0;
  const isPort = typeof value === "number" && Number.isInteger(value) && value >= 0 &&
    value <= 65535;
  if (isPort) return value;
  if (typeof value === "number") {
    throw new ValueError("inspect must be a port from 0 to 65535");
  }
  throw new TypeError(
    `inspect must be a boolean or a port, not ${pythonTypeName(value)}`,
  );
}

/** No text with this reaches a process. */
function checkNull(text: string): void {
  if (text.includes("\0")) throw new ValueError("embedded null byte");
}

/**
 * The environment of a process: what this one has, and what is given.
 *
 * @throws {PermissionError} if this process may not read its own
 */
function environment(
  given: Record<string, string | undefined>,
): Record<string, string> {
  const own = runtime.env();
  if (own === undefined) {
    throw new PermissionError(
      "Requires env access to start a process with another environment",
    );
  }
  for (const [name, text] of Object.entries(given)) {
    // On Windows names of variables do not differ in upper and lower case.
    const same = isWindows()
      ? Object.keys(own).filter((key) => key.toUpperCase() === name.toUpperCase())
      : [name];
    for (const key of same) delete own[key];
    if (text !== undefined) own[name] = text;
  }
  return own;
}
