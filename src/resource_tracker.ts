/**
 * Mirrors `multiprocessing/resource_tracker.py`, as far as programs use it: to have a
 * segment of shared memory removed at the end of the program, or not.
 *
 * What differs: there is no process for it. The root removes what is left; where it was
 * killed, its children do, or the next program. Semaphores have no names, so there is
 * nothing to register.
 *
 * @module
 */
import { takes } from "./python/arguments.ts";
import "./link/root.ts";
import "./startup/child_mode.ts";

import { ValueError } from "./python/errors.ts";
import * as segments from "./shared_memory/segments.ts";

const TYPES = ["noop", "dummy", "semaphore", "shared_memory"];

/** The longest message that CPython's tracker takes. */
const LONGEST = 512;

function check(command: string, name: string, rtype: string): void {
  if (`${command}:${name}:${rtype}\n`.length > LONGEST) {
    throw new ValueError("msg too long");
  }
  if (TYPES.includes(rtype)) return;
  throw new ValueError(
    `Cannot register ${name} for automatic cleanup: unknown resource type ${
      String(rtype)
    }`,
  );
}

/**
 * Has a resource removed at the end of the program. CPython:
 * `multiprocessing.resource_tracker.register`.
 *
 * @param name Its name, as `SharedMemory._name` gives it.
 * @param rtype `shared_memory`; other types have nothing to be removed.
 */
export function register(name: string, rtype: string): void {
  takes("ResourceTracker.register", arguments, { most: 2 });
  check("REGISTER", name, rtype);
  if (rtype === "shared_memory") segments.register(name);
}

/**
 * Takes that back. CPython: `multiprocessing.resource_tracker.unregister`.
 *
 * @param name The name.
 * @param rtype `shared_memory`, for one.
 */
export function unregister(name: string, rtype: string): void {
  takes("ResourceTracker.unregister", arguments, { most: 2 });
  check("UNREGISTER", name, rtype);
  if (rtype === "shared_memory") segments.unregister(name);
}

/** Does nothing: no process is needed. */
export function ensure_running(): void {
  takes("ResourceTracker.ensure_running", arguments);
}
