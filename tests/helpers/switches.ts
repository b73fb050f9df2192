/**
 * For tests of a mechanism that can be turned off, or of what only happens with it.
 */
import process from "node:process";
import { assumeSwitches } from "../../src/runtime/switches.ts";

/**
 * Has all mechanisms on in this file's tests, and in what they start, whatever the
 * environment says: its tests are about some of them.
 */
export function turnAllOn(): void {
  delete process.env.MULTIPROCESSING_PLAIN;
  delete process.env.MULTIPROCESSING_WITHOUT;
  assumeSwitches([]);
}
