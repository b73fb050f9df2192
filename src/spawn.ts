/**
 * Mirrors `multiprocessing/spawn.py`, as far as programs use it: the program that runs the
 * children.
 *
 * What differs: a child learns what it is and what it is to do from its first messages, not
 * from its command line, so `is_forking`, `get_command_line`, `get_preparation_data`,
 * `prepare`, `import_main_path` and `spawn_main` are missing. Whether a process is a child
 * `parent_process` tells.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

import { launching } from "./link/launch.ts";
import { FUNCTION, takes } from "./python/arguments.ts";
import { executablePath } from "./runtime/executable_path.ts";

export { freeze_support } from "./context/machine.ts";
export { set_executable } from "./process/start_method.ts";

/**
 * The program that children are run with. CPython: `multiprocessing.spawn.get_executable`.
 *
 * @returns The path that `set_executable` was given; by default that of the program which
 * runs this process.
 *
 * @example
 * ```ts
 * import { get_executable, set_executable } from "@pystd/multiprocessing/spawn";
 * set_executable("/opt/node/bin/node");
 * console.log(get_executable()); // /opt/node/bin/node
 * set_executable(null);
 * ```
 */
export function get_executable(): string {
  takes("get_executable", arguments, FUNCTION);
  return launching.executable ?? executablePath();
}
