/**
 * How many files a process has open, for tests that look for leaks.
 *
 * @module
 */
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { storedPipes } from "../../src/runtime/pipes.ts";

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
