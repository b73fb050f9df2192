/**
 * Mirrors `multiprocessing/process.py`: `Process`, and who we are among processes.
 *
 * What differs: `join` is awaited; `start` gives a promise that settles when the
 * process has been launched (in the root the pid is there at once). Exits are events:
 * `is_alive()` and `exitcode` change when the event loop turns. Private `#fields` of a
 * subclass do not travel to the child; ordinary fields do.
 *
 * @module
 */
import "./link/root.ts";
import "./deferred.ts";

export type {
  PathPermission,
  Permission,
  PermissionLists,
  PermissionsOption,
} from "./process/permissions.ts";
export { _ParentProcess, parent_process } from "./process/parent.ts";
export { BaseProcess } from "./process/base.ts";
export { active_children, current_process } from "./process/current.ts";
export type {
  CommonProcessOptions,
  JoinOptions,
  KeywordProcessOptions,
  ProcessOptions,
  Target,
  Work,
} from "./process/arguments.ts";
export { _MainProcess, Process, SpawnProcess } from "./process/classes.ts";
