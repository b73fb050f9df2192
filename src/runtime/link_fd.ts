/**
 * The descriptor from which a child on Bun or Node reads what the root writes: 3, so that
 * its stdin is empty. Neither runtime hands descriptors above 2 on to its own children.
 *
 * A root on Deno can give a child only stdin, stdout and stderr. There the link is stdin, and
 * is moved to another descriptor before anything else is loaded, so that stdin is empty for
 * this process and all that it starts. Only a pipe can be moved, which is what Deno gives.
 *
 * @module
 */
import { runtimeOf } from "./other_runtime.ts";
import { builtin } from "./posix.ts";
import type { SpawnOptions } from "./types.ts";

/** The descriptor that the root writes to, where it can choose one. */
export const LINK = 3;

const STDIN = 0;

let link: number | undefined;

/** The descriptor to read from, in a child. */
export function linkDescriptor(): number {
  return link ??= findLink();
}

function findLink(): number {
  const stdin = builtin("node:fs").fstatSync(STDIN);
  if (stdin.isSocket()) return STDIN;
  return stdin.isFIFO() ? moveFromStdin() : LINK;
}

/** The next opened file gets the lowest free number: stdin's, once that is closed. */
function moveFromStdin(): number {
  const { closeSync, openSync } = builtin("node:fs");
  let moved: number;
  try {
    moved = openSync(`/dev/fd/${STDIN}`, "r");
  } catch {
    return STDIN; // no such folder here
  }
  closeSync(STDIN);
  openSync("/dev/null", "r");
  return moved;
}

/** Whether a program can be given a descriptor for the link: Deno cannot read one. */
export function takesLink(
  { executable, command }: Pick<SpawnOptions, "executable" | "command">,
): boolean {
  if (command !== undefined) return false;
  const runtime = executable === undefined ? undefined : runtimeOf(executable);
  return executable === undefined || runtime === "node" || runtime === "bun";
}
