/**
 * Mirrors `multiprocessing/process.py`: `Process`, and the present process and its relatives.
 *
 * What differs: `join` is awaited; `start` gives a promise that settles when the process
 * has been launched (in the root, `pid` is set at once). Exits are events: `is_alive()` and
 * `exitcode` change when the event loop turns. Private `#fields` of a subclass are not sent
 * to the child; ordinary fields are.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";
import "./process/start_options.ts";

export type {
  PathPermission,
  Permission,
  PermissionLists,
  PermissionsOption,
} from "./process/permissions.ts";
export type { ExitMessage, ProcessMessage } from "./process/announce.ts";
export type { Host, HostOption } from "./process/hosts.ts";
export type { PlaceOptions, StartOptions } from "./process/start_options.ts";
export { _ParentProcess, parent_process } from "./process/parent.ts";
export { AuthenticationString } from "./process/authkey.ts";
export { BaseProcess } from "./process/base.ts";
export { active_children, current_process } from "./process/current.ts";
export type {
  AllButLast,
  ArgumentsOnly,
  CommonProcessOptions,
  GivenArguments,
  JoinOptions,
  Last,
  ProcessOptions,
  Target,
  WithKeywords,
  Work,
} from "./process/arguments.ts";
export type { Sentinel } from "./process/popen.ts";
export { ORIGINAL_DIR } from "./process/original_dir.ts";
export { _MainProcess, Process, SpawnProcess } from "./process/classes.ts";
