/**
 * Paths of files as this system writes them.
 *
 * @module
 */
import { isWindows } from "./posix.ts";

/** The path of a `file:` URL; `windows` tells whose paths. */
export function pathOf(url: URL | string, windows: boolean = isWindows()): string {
  const { hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname);
  if (!windows) return path;
  const turned = path.replaceAll("/", "\\");
  return hostname === ""
    ? turned.replace(/^\\(?=[A-Za-z]:)/, "")
    : `\\\\${hostname}${turned}`;
}

/** The `file:` URL of an absolute path, whichever system has written it. */
export function fileUrl(path: string): string {
  const escaped = path.replaceAll("\\", "/").replace(/[%?#]/g, encodeURIComponent);
  if (escaped.startsWith("//")) return new URL(`file:${escaped}`).href; // a share
  return new URL(escaped.startsWith("/") ? `file://${escaped}` : `file:///${escaped}`)
    .href;
}
