/**
 * Where the program is that runs this process.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** The path of Deno, Bun or Node, or of the executable that the program is in. */
export function executablePath(): string {
  return builtin("node:process").execPath; // Deno has it, too
}
