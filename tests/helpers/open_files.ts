/**
 * How many files a process has open, for tests that look for leaks.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { storedPipes } from "../../src/runtime/pipes.ts";

/** Open files, but for the pipes that the package keeps for its next processes. */
export function openFiles(): number {
  if (!existsSync("/proc/self/fd")) return 0;
  return readdirSync("/proc/self/fd").length - 2 * storedPipes();
}
