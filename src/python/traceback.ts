/**
 * Mirrors the part of Python's `traceback` that a process needs: an error as text.
 *
 * What differs: the text is JavaScript's stack, newest call first, without the frames of
 * this package; below it are the errors of an `AggregateError`, and the chain of causes.
 *
 * @module
 */
import { isError } from "../runtime/brands.ts";
import { RemoteTraceback } from "./errors.ts";
import { withoutOwnFrames } from "./stack.ts";

/** Number of causes that are followed: a chain may be a ring. */
const MAX_CAUSES = 16;

/** Number of errors of an `AggregateError` that are shown, and of such errors inside of it. */
const MAX_ERRORS = 8;
const MAX_DEPTH = 3;

/** An error, or any thrown value, as text that ends with a line break. */
export function formatException(error: unknown): string {
  return formatChain(error, 0);
}

function formatChain(error: unknown, depth: number): string {
  const parts: string[] = [];
  for (let length = 0; length < MAX_CAUSES; length++) {
    parts.push(formatOne(error), formatErrors(error, depth));
    // The stack of another process includes its causes.
    if (!isError(error) || error instanceof RemoteTraceback) break;
    if (error.cause === undefined) break;
    error = error.cause;
    parts.push("caused by: ");
  }
  return parts.join("");
}

/** The errors that an `AggregateError` has: Python's sub-exceptions of a group. */
function formatErrors(error: unknown, depth: number): string {
  const { errors } = error instanceof AggregateError ? error : { errors: [] };
  if (!Array.isArray(errors) || depth === MAX_DEPTH) return "";
  const parts = errors.slice(0, MAX_ERRORS).map((error, index) => {
    const lines = formatChain(error, depth + 1).trimEnd().replaceAll("\n", "\n  ");
    return `  error ${index + 1} of ${errors.length}: ${lines}\n`;
  });
  const more = errors.length - parts.length;
  if (more > 0) parts.push(`  and ${more} more\n`);
  return parts.join("");
}

function formatOne(error: unknown): string {
  if (!isError(error)) return `Uncaught ${describe(error)}\n`;
  // A stack of another process is the whole of its error.
  if (error instanceof RemoteTraceback) return `${error.stack}\n`;
  const head = error.message === "" ? error.name : `${error.name}: ${error.message}`;
  return `${head}\n${frames(error, head)}`;
}

/** The stack without its head, which may be older than the final name and message. */
function frames(error: Error, head: string): string {
  const stack = typeof error.stack === "string" ? error.stack : "";
  // V8 puts the head before the frames, JavaScriptCore gives the frames alone.
  const start = stack.search(/^\s+at |^[^\n]*@/m);
  if (start === -1) return "";
  const lines = withoutOwnFrames(stack.slice(start).trimEnd());
  return lines === head ? "" : `${lines}\n`;
}

function describe(value: unknown): string {
  try {
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
