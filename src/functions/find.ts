/**
 * From a function or class to its name, unless its module has told that (exported.ts): by
 * reading sources, at once. Where they do not tell, search.ts goes on, which takes a few
 * turns of the event loop, and is loaded late.
 *
 * Sources come first because main modules usually await this package's calls at their top
 * level: an `import()` of such a module does not settle before its end.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { ownUrls, SOURCES } from "../runtime/own_program.ts";
import type { Callable } from "./callable.ts";
import { knownReference } from "./references.ts";
import { SourceSearch } from "./source_search.ts";
import { fileUrl } from "./urls.ts";

/** The modules that are searched first: the main module, and the callers'. */
export function candidates(): string[] {
  const main = runtime.mainModule;
  const calling = callingModules();
  return main === undefined ? calling : [...new Set([main, ...calling])];
}

/** Finds a function's name without waiting, if sources are enough, and remembers it. */
export function findNow(callable: Callable, urls: () => string[]): void {
  if (knownReference(callable) === undefined) new SourceSearch(callable).find(urls());
}

/** What finds all others, and makes the error for those that it does not find. */
export function loadSearch(): Promise<typeof import("./search.ts")> {
  return import("./search.ts");
}

// --- the calling modules -----------------------------------------------------------

const OWN = ownUrls(SOURCES);

/** Number of frames of the stack that are read. */
const FRAMES = 64;

const FRAME =
  /((?:file|https?|data|blob|jsr|npm):[^\s()]+|(?:[A-Za-z]:[\\/]|\/)[^():]+):\d+(?::\d+)?\)?$/;

/** URLs of the modules on the stack, the nearest first, without those of this package. */
function callingModules(): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const urls = new Set<string>();
  // A program may have replaced the stack by another value.
  for (const line of typeof stack === "string" ? stack.split("\n") : []) {
    const place = FRAME.exec(line.trim())?.[1];
    if (place === undefined) continue;
    const url = /^[a-z]{2,}:/.test(place) ? place : fileUrl(place);
    if (!OWN.some((own) => url.startsWith(own))) urls.add(url);
  }
  return [...urls];
}
