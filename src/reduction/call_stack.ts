/**
 * Which modules called us.
 *
 * @module
 */

/** The folder of the package's files, and the file beside it that gathers them. */
const OWN = [
  new URL("../", import.meta.url).href,
  new URL("../../mod.", import.meta.url).href,
];

/** How many frames are looked at. */
const FRAMES = 64;

const FRAME =
  /((?:file|https?|data|blob|jsr|npm):[^\s()]+|(?:[A-Za-z]:[\\/]|\/)[^():]+):\d+(?::\d+)?\)?$/;

/** URLs of the modules on the stack, the nearest first, without those of this package. */
export function callingModules(): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const urls = new Set<string>();
  // A program may have made something else of it.
  for (const line of typeof stack === "string" ? stack.split("\n") : []) {
    const place = FRAME.exec(line.trim())?.[1];
    if (place === undefined) continue;
    const url = /^[a-z]{2,}:/.test(place) ? place : fileUrl(place);
    if (!OWN.some((own) => url.startsWith(own))) urls.add(url);
  }
  return [...urls];
}

/** The `file:` URL of an absolute path. */
export function fileUrl(path: string): string {
  const escaped = path.replaceAll("\\", "/").replace(/[%?#]/g, encodeURIComponent);
  return new URL(escaped.startsWith("/") ? `file://${escaped}` : `file:///${escaped}`)
    .href;
}
