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
