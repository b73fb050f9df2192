/**
 * What Linux tells of another process without asking it.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin, readTextSync } from "./posix.ts";

/** The states of processes that do nothing: ended, stopped, traced. */
const IDLE = "ZXxTt";

/** The places of two fields of {@linkcode stateFields}. */
const [STATE, FLAGS] = [0, 6];

/** The flag of a process that ends. */
const EXITING = 0x4;

/** Signals that have been sent, to the thread or to the process, and have done nothing yet. */
const PENDING = /^(?:SigPnd|ShdPnd):\t0*[1-9a-f]/m;

/**
 * The fields of a process's state from the third on, of which the first is one letter: see
 * the manual page `proc_pid_stat(5)`. Throws where there are none.
 */
export function stateFields(pid: number | string): string[] {
  const text = readTextSync(`/proc/${pid}/stat`);
  // The name before them may hold anything.
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Whether a process is there, and neither ends nor is stopped; true where that is unknown. */
export function isRunning(pid: number): boolean {
  const isReadable = !("Deno" in globalThis) || isAllowedAll(); // else Deno asks the user
  if (!isReadable) return true;
  try {
    const fields = stateFields(pid);
    return !IDLE.includes(fields[STATE]!) && (Number(fields[FLAGS]) & EXITING) === 0 &&
      !PENDING.test(readTextSync(`/proc/${pid}/status`));
  } catch {
    return !builtin("node:fs").existsSync("/proc/self/stat");
  }
}
