/**
 * The config by which a process asks the root to start another, and the root's check of what
 * the asking process may have. Mirrors a part of `multiprocessing/spawn.py`.
 *
 * Unlike there, a new process learns everything from its first message, nothing from its
 * arguments or environment; a second one tells it what to run. The config for the first
 * message goes along with the root's, which does not decode it.
 *
 * @module
 */
import { PermissionError, ProtocolError } from "../python/errors.ts";
import { isPlain } from "../python/repr.ts";
import { type Grants, isWhole, runtime } from "../runtime/mod.ts";
import { decode } from "../codec/codec.ts";
import type { Payload } from "../wire/message.ts";

/** Which processes are started ahead, for the start method `forkserver`. */
export interface Ahead {
  /** How many there may be. */
  spares: number;
  /** The modules that they import. */
  modules: string[];
}

/** Another host, or a container: see process/hosts.ts. */
export interface HostConfig {
  /** What errors call it. */
  name: string;
  /** What stands before the words that are to run there. */
  command: string[];
  /** The runtime's program there; null for the name of this process's own. */
  executable: string | null;
  /** Folders here, and where the same is there; absolute paths, the longest first. */
  folders: [here: string, there: string][];
  /** The directory there that processes run in; null for that of here. */
  cwd: string | null;
  /** Whether the words go through a shell there. */
  quote: boolean;
}

/** At most so many processes are started ahead, whatever is asked for. */
export const MAX_SPARES = 64;

/** Whether there may be so many. */
export function isSpareCount(value: unknown): value is number {
  return Number.isInteger(value) && 0 <= Number(value) && Number(value) <= MAX_SPARES;
}

/** What is the same for all processes that this one starts. */
interface Launching {
  /** The program that children are run with; null for that of this process. */
  executable: string | null;
  /** Where they are started; null for this process's own machine. */
  host: HostConfig | null;
  /** Their entry. */
  entry: string;
  ahead: Ahead;
  /** In the root: starts processes ahead that fit a process of this config. */
  startAhead?: (launch: LaunchConfig) => void;
}

/** What is the same for all processes that this one starts. */
export const launching: Launching = {
  executable: null,
  host: null,
  entry: "",
  ahead: { spares: 2, modules: [] },
};

/** The config of a process to be started; encoded in `Launch`. */
export interface LaunchConfig {
  name: string;
  executable: string | null;
  args: string[];
  cwd: string;
  /** Null to inherit the root's, where the parent may not read its own. */
  env: Record<string, string> | null;
  /** Whether the root reads its stderr, passes it on and keeps the last lines. */
  keepsStderr: boolean;
  /** Its permissions among those of its parent; null for all of these. */
  grants: Grants | null;
  /** Flags of the runtime instead of those that it inherits. */
  execArgv?: string[];
  /** The first port that is tried for a debugger; 0 for any. */
  inspect?: number;
  /** A process that was started ahead will do. */
  ahead?: Ahead;
  /** Where it is started, if that is not the machine of its parent. */
  host?: HostConfig;
  /** The directory was asked for, so it must be there. */
  needsCwd?: boolean;
}

/** The config of a process that is started ahead; encoded in `Preload`. */
export interface PreloadConfig {
  /** URLs or names of what it imports. */
  modules: string[];
  /** The mechanisms that the root has turned off. */
  without: string[];
}

/** Decodes a config. @throws {ProtocolError} if it is something else */
export function readLaunchConfig(payload: Payload): LaunchConfig {
  const config = decode(payload) as Partial<LaunchConfig> | null | undefined;
  const isText = (value: unknown) => typeof value === "string";
  const isTextOrNull = (value: unknown) => value === null || isText(value);
  const isRight = isPlain(config) && isText(config.name) && isText(config.cwd) &&
    isTextOrNull(config.executable) && typeof config.keepsStderr === "boolean" &&
    Array.isArray(config.args) && config.args.every(isText) &&
    (config.env === null ||
      isPlain(config.env) && Object.values(config.env).every(isText)) &&
    (config.grants === null || isPlain(config.grants)) &&
    (config.execArgv === undefined ||
      Array.isArray(config.execArgv) && config.execArgv.every(isText)) &&
    (config.inspect === undefined || isPort(config.inspect)) &&
    (config.ahead === undefined || isAhead(config.ahead)) &&
    (config.needsCwd === undefined || typeof config.needsCwd === "boolean") &&
    (config.host === undefined || isHost(config.host));
  if (!isRight) throw new ProtocolError("malformed Launch message: no such process");
  return config as LaunchConfig;
}

function isAhead(value: unknown): boolean {
  if (!isPlain(value)) return false;
  const { spares, modules } = value as Partial<Ahead>;
  return isSpareCount(spares) && Array.isArray(modules) &&
    modules.every((name) => typeof name === "string");
}

function isHost(value: unknown): boolean {
  if (!isPlain(value)) return false;
  const { name, command, executable, folders, cwd, quote } = value as Partial<
    HostConfig
  >;
  const isText = (value: unknown) => typeof value === "string";
  const isTextOrNull = (value: unknown) => value === null || isText(value);
  return isText(name) && Array.isArray(command) && command.length > 0 &&
    command.every(isText) && isTextOrNull(executable) && isTextOrNull(cwd) &&
    Array.isArray(folders) &&
    folders.every((pair: unknown) =>
      Array.isArray(pair) && pair.length === 2 && pair.every(isText)
    ) && typeof quote === "boolean";
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && 0 <= Number(value) && Number(value) <= 65535;
}

/**
 * Variables by which a program that starts loads code, writes files or asks others for its
 * permissions, before or beside what it is told to run. Deno itself refuses the first two
 * without the full permission to run programs; the others are those of the runtimes.
 */
const LOADS_CODE =
  /^(LD_|DYLD_|DENO_|NODE_(?!ENV$)|BUN_|NPM_CONFIG_|OTEL_|GCONV_PATH$|GLIBC_TUNABLES$|HOME$|XDG_CACHE_HOME$|LOCALAPPDATA$|USERPROFILE$)/i;

/**
 * Checks what a child asks for: the root does no more for it than it may do itself.
 *
 * @param grants The child's permissions; undefined for all.
 * @param program The program that the root runs children with; null for its own runtime.
 * @throws {PermissionError} if the child may not have it
 */
export function checkLaunch(
  launch: LaunchConfig,
  grants: Grants | undefined,
  program: string | null,
): void {
  if (grants === undefined || isWhole(grants.run)) return; // it could run it by itself
  const { executable, env, host, name } = launch;
  const isOwn = JSON.stringify(host ?? null) === JSON.stringify(launching.host);
  if (host !== undefined && !isOwn) {
    throw new PermissionError(`${name} may not run on ${host.name}`);
  }
  if (executable !== null && executable !== program) {
    throw new PermissionError(`${name} may not run '${executable}'`);
  }
  // Flags load code, and so does who debugs a process.
  if (launch.execArgv !== undefined || launch.inspect !== undefined) {
    throw new PermissionError(
      "Requires full run permission to start a process with flags or a debugger",
    );
  }
  for (const [key, value] of Object.entries(env ?? {})) {
    if (!LOADS_CODE.test(key.trim()) || runtime.permissions.isHandedOn(key, value)) {
      continue;
    }
    throw new PermissionError(
      `Requires full run permission to start a process with another value of the ` +
        `environment variable ${key}`,
    );
  }
}
