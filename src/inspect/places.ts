/**
 * Lines of the program, as stacks have them. Pure, but for the making of an error.
 *
 * @module
 */
import { errorHere, isUsersFrame } from "../python/stack.ts";
import { isError } from "../runtime/brands.ts";
import type { Place } from "./snapshot.ts";

/** `at async new f (file:1:2)`, `at file:1:2`; Bun's are the same. */
const FRAME = /^\s+at (?:async )?(?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/;

/** What engines call functions without a name, and the top level of a module. */
const NAMELESS =
  /^(?:<anonymous>|module code|global code|Object\.<anonymous>|unknown)$/;

/** The line where an error was made. */
export function placeOfError({ stack }: Error): Place | null {
  return placeOf(stack);
}

/** A line of the program, or that where an error was made. */
export function asPlace(where: Place | Error): Place | null {
  return isError(where) ? placeOfError(where) : where;
}

/** The line of the program that has led here; null if the engine does not know it. */
export function placeHere(): Place | null {
  return placeOfError(errorHere());
}

/** The first line of a stack that is the program's. */
export function placeOf(stack: string | undefined): Place | null {
  for (const line of stack?.split("\n") ?? []) {
    if (!isUsersFrame(line)) continue;
    const place = parseFrame(line);
    if (place !== null) return place;
  }
  return null;
}

/** One frame; null if it has no line. */
export function parseFrame(frame: string): Place | null {
  const match = FRAME.exec(frame);
  // Bun's of constructors that a class does not write itself.
  if (match === null || match[2] === "unknown") return null;
  const [, func = "", file, line, column] = match;
  const name = func.replace(/^(?:async|new) /, "").trim();
  return {
    file: file!.replace(/^async /, ""),
    line: Number(line),
    column: Number(column),
    func: name === "" || NAMELESS.test(name) ? null : name,
  };
}
