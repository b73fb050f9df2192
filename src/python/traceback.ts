/**
 * Mirrors the part of Python's `traceback` that a process needs: an error as text.
 *
 * What differs: the text is JavaScript's stack, newest call first, with the chain of
 * causes below it.
 *
 * @module
 */
import { RemoteTraceback } from "./errors.ts";

/** Number of causes that are followed: a chain may be a ring. */
const MAX_CAUSES = 16;

/** An error, or any thrown value, as text that ends with a line break. */
export function formatException(error: unknown): string {
  const parts: string[] = [];
  for (let depth = 0; depth < MAX_CAUSES; depth++) {
    parts.push(formatOne(error));
    // The stack of another process includes its causes.
    if (!(error instanceof Error) || error instanceof RemoteTraceback) break;
    if (error.cause === undefined) break;
    error = error.cause;
    parts.push("caused by: ");
  }
  return parts.join("");
}

function formatOne(error: unknown): string {
  if (!(error instanceof Error)) return `Uncaught ${describe(error)}\n`;
  const head = error.message === "" ? error.name : `${error.name}: ${error.message}`;
  // A stack of another process is the whole of its error.
  return `${head}\n${error instanceof RemoteTraceback ? "" : frames(error, head)}`;
}

/** The stack without its head, which may be older than the final name and message. */
function frames(error: Error, head: string): string {
  const stack = typeof error.stack === "string" ? error.stack : "";
  // V8 puts the head before the frames, JavaScriptCore gives the frames alone.
  const start = stack.search(/^\s+at |^[^\n]*@/m);
  if (start === -1) return "";
  const lines = stack.slice(start).trimEnd();
  return lines === head ? "" : `${lines}\n`;
}

function describe(value: unknown): string {
  try {
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
