/** Number of open files of a process, for tests of leaks. */
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { storedPipes } from "../../src/runtime/speed/fifo.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";

/**
 * Open files, but for the pipes that the package keeps for its next processes, and for
 * those by which a runtime waits, of which it makes more when it sees fit.
 */
export function openFiles(): number {
  if (!existsSync("/proc/self/fd")) return 0;
  const open = readdirSync("/proc/self/fd").filter((fd) => !isLoop(fd));
  return open.length - 2 * storedPipes();
}

function isLoop(fd: string): boolean {
  try {
    return /^anon_inode:\[event(poll|fd)\]$/.test(readlinkSync(`/proc/self/fd/${fd}`));
  } catch {
    return false; // it was the listing itself
  }
}

/** Milliseconds that a runtime may take to close what belonged to a process that ended. */
const CLOSING = 5000;

/**
 * As {@linkcode openFiles}, once there are no more than `before`: nobody tells when a
 * runtime has closed the last pipe of a process that has ended, so it is looked for on
 * every turn.
 */
export async function filesLeftOpen(before: number): Promise<number> {
  const end = performance.now() + CLOSING;
  while (openFiles() > before && performance.now() < end) await nextTurn();
  return openFiles();
}
