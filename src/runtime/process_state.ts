/**
 * Whether another process runs, as far as Linux tells without asking it.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin } from "./posix.ts";

/** The states of processes that do nothing: ended, stopped, traced. */
const IDLE = "ZXxTt";

/** The places of what is read, behind the name: see the manual page `proc_pid_stat(5)`. */
const [STATE, FLAGS] = [0, 6];

/** The flag of a process that ends. */
const EXITING = 0x4;

/** Signals that have been sent, to the thread or to the process, and have done nothing yet. */
const PENDING = /^(?:SigPnd|ShdPnd):\t0*[1-9a-f]/m;

/** Whether a process is there, and neither ends nor is stopped; true where that is unknown. */
export function isRunning(pid: number): boolean {
  const isReadable = !("Deno" in globalThis) || isAllowedAll(); // else Deno asks the user
  if (!isReadable) return true;
  try {
    const text = read(pid, "stat");
    // The name before it may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return !IDLE.includes(fields[STATE]!) && (Number(fields[FLAGS]) & EXITING) === 0 &&
      !PENDING.test(read(pid, "status"));
  } catch (error) {
    return !hasProc() || (error as { code?: string }).code !== "ENOENT";
  }
}

function read(pid: number, what: string): string {
  return builtin("node:fs").readFileSync(`/proc/${pid}/${what}`, "latin1");
}

function hasProc(): boolean {
  return builtin("node:fs").existsSync("/proc/self/stat");
}
