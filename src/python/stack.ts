/**
 * Stacks as a user wants to read them: without the frames of this package, and, for an error
 * from another process, down to the line here that waited for it. Pure, but for the errors that
 * it makes.
 *
 * @module
 */

import { isError } from "../runtime/brands.ts";
import { ownUrls, SOURCES } from "../runtime/own_program.ts";
import { pathOf } from "../runtime/paths.ts";

/** A class that an error's stack is written for, on V8. */
const errors = Error as { stackTraceLimit?: number };

/**
 * An error made here, for its stack: with so many frames, as above those of the program there
 * may be many of this package.
 */
export function errorHere(frames = 32): Error {
  const before = errors.stackTraceLimit;
  errors.stackTraceLimit = frames;
  const error = new Error();
  if (before === undefined) delete errors.stackTraceLimit;
  else errors.stackTraceLimit = before;
  return error;
}

let known: string[] | undefined;

/** What the frames of this package have: the URL of a file, or its path. */
function own(): string[] {
  return known ??= ownPlaces(ownUrls(SOURCES));
}

/** A frame of V8 or JavaScriptCore, and one of the runtime's own code. */
const FRAME = /^\s+at |^[^\n]*@/;
const RUNTIME =
  /\((?:node|ext|bun|native|internal):|^\s+at (?:async )?(?:node|ext):|\(native/;

/** A frame of a function that waits. */
const WAITING = /^\s+at async /;

/** Errors whose stacks are as the user is to see them. */
const ended = new WeakSet<Error>();

/** What begins the places of files with such URLs: Bun names files by their paths. */
export function ownPlaces(urls: readonly string[]): string[] {
  return [
    ...urls,
    ...urls.filter((url) => url.startsWith("file:")).map((url) => pathOf(url)),
  ];
}

/** Whether a line of a stack is a frame, and neither of this package nor of the runtime. */
export function isUsersFrame(line: string): boolean {
  return FRAME.test(line) && !RUNTIME.test(line) && !isOwn(line, own());
}

/** Whether a line of a stack is a frame of this package. */
function isOwn(line: string, places: readonly string[]): boolean {
  return FRAME.test(line) &&
    places.some((place) => {
      const at = line.indexOf(place);
      return at > 0 && /[\s(@]/.test(line[at - 1]!);
    });
}

/**
 * A stack without the frames of this package, and without those of the runtime below the
 * last one that is left. A stack that has no others stays as it is.
 */
export function withoutOwnFrames(
  stack: string,
  places: readonly string[] = own(),
): string {
  const lines = stack.split("\n");
  const left = lines.filter((line) => !isOwn(line, places));
  if (left.length === lines.length) return stack;
  while (left.length > 0 && RUNTIME.test(left.at(-1)!)) left.pop();
  return left.some((line) => FRAME.test(line)) ? left.join("\n") : stack;
}

/**
 * Has the stack of an error that a call ended with end at the lines that wait for the call.
 * To be called by an async function that the caller waits for, once it has waited itself:
 * then the engine knows who waits, at no cost to calls that do not fail.
 *
 * @returns The error.
 */
export function endAtCaller(error: unknown): unknown {
  if (!isError(error) || ended.has(error)) return error;
  ended.add(error);
  const { stack } = error;
  const { stack: here } = new Error();
  if (typeof stack !== "string" || typeof here !== "string") return error;
  const callers = here.split("\n")
    .filter((line) => WAITING.test(line) && !isOwn(line, own()));
  const shown = withoutOwnFrames(stack).trimEnd();
  if (callers.length === 0 || shown.includes(callers[0]!)) return error;
  const value = `${shown}\n${callers.join("\n")}`;
  // A frozen error stays as it is.
  Reflect.defineProperty(error, "stack", { value, writable: true, configurable: true });
  return error;
}
