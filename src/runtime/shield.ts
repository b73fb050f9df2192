/**
 * A command that a terminal's Ctrl-C does not end: it carries a process on another host, which
 * is to get the signal from the root and go on, as those on this machine do.
 *
 * @module
 */
import { isWindows } from "./posix.ts";

/** What a shell does: a signal that it ignores is ignored by the command, too. */
const SCRIPT = 'trap "" INT QUIT; exec "$@"';

/** The same command, ignoring these signals, where this process may run a shell. */
export function shielded(command: readonly string[]): string[] {
  return mayRunShell() ? ["sh", "-c", SCRIPT, "sh", ...command] : [...command];
}

function mayRunShell(): boolean {
  if (isWindows()) return false;
  if (!("Deno" in globalThis)) return true;
  // Else Deno might ask the user.
  return Deno.permissions.querySync({ name: "run", command: "sh" }).state === "granted";
}
