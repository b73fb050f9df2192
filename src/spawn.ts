/**
 * Mirrors `multiprocessing/spawn.py` and `popen_spawn_posix.py`: with what knowledge a
 * process is started.
 *
 * What differs: a new process learns everything from its first message, nothing from its
 * arguments or environment; it is told what to run in a second one. It is the root that
 * starts it, see root.ts.
 *
 * @module
 */
import { pythonTypeName } from "./python/arguments.ts";
import { asOSError, ProtocolError } from "./python/errors.ts";
import { grantsFor } from "./permissions.ts";
import type { Specials } from "./process_special.ts";
import { isPlain } from "./python/repr.ts";
import { type Grants, runtime } from "./runtime/mod.ts";
import { decode, encode } from "./wire/codec.ts";
import type { Payload } from "./wire/message.ts";
import type { LoggingState } from "./python/util.ts";

/** What a new process is told of itself; travels as the payload of `Init`. */
export interface InitConfig {
  name: string;
  identity: number[];
  daemon: boolean;
  /** Whether the root was started to ignore SIGINT, and so this process is. */
  ignoresInterrupt: boolean;
  authkey: Uint8Array;
  parent: { id: number; pid: number; name: string };
  /** What stands for `sys.argv[0]`. */
  script: string | null;
  executable: string | null;
  logging: LoggingState;
}

/** What the root is told of a process it shall start; travels as the payload of `Launch`. */
export interface LaunchConfig {
  name: string;
  executable: string | null;
  args: string[];
  cwd: string;
  /** Null to inherit the root's, where the parent may not read its own. */
  env: Record<string, string> | null;
  /** Whether the root reads its stderr, passes it on and remembers the last lines. */
  keepsStderr: boolean;
  /** What it may do, of what its parent may; null for all of that. */
  grants: Grants | null;
  init: Payload;
}

/**
 * Reads what a process asks the root to start.
 *
 * @throws {ProtocolError} if it is something else
 */
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
    config.init instanceof Uint8Array;
  if (!isRight) throw new ProtocolError("malformed Launch message: no such process");
  return config as LaunchConfig;
}

/** See {@linkcode set_executable}. */
let program: string | null = null;

/**
 * Sets the program that children are run with: a path (text or bytes), or a `file:` URL,
 * of Deno, Bun or Node. CPython: `multiprocessing.set_executable`.
 *
 * @param executable The program; null for the one that runs this process.
 * @throws {TypeError} if it is neither
 *
 * @example
 * ```ts
 * import { set_executable } from "@pystd/multiprocessing";
 * set_executable(null);
 * ```
 */
export function set_executable(executable: string | URL | Uint8Array | null): void {
  if (executable instanceof URL) program = decodeURIComponent(executable.pathname);
  else if (executable instanceof Uint8Array) {
    program = new TextDecoder().decode(executable);
  } else if (executable === null || typeof executable === "string") {
    program = executable;
  } else {
    const type = pythonTypeName(executable);
    throw new TypeError(`expected str, bytes or os.PathLike object, not ${type}`);
  }
}

/** The program set by `set_executable`; null for this runtime's own. CPython: `spawn.get_executable`. */
export function get_executable(): string | null {
  return program;
}

/** @throws {FileNotFoundError} if it has been removed */
function workingDirectory(): string {
  try {
    return runtime.cwd();
  } catch (error) {
    throw asOSError(error);
  }
}

/**
 * What a process that is started now inherits of this one.
 *
 * @throws {PermissionError | NotImplementedError} see {@linkcode grantsFor}
 */
export function launchConfig(
  name: string,
  init: InitConfig,
  { keepsStderr = false, wanted }: Specials = {},
): Payload {
  const config: LaunchConfig = {
    name,
    executable: program,
    args: runtime.args(),
    cwd: workingDirectory(),
    env: runtime.env() ?? null,
    keepsStderr,
    grants: grantsFor(wanted) ?? null,
    init: encode(init),
  };
  return encode(config);
}
