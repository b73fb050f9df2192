/**
 * Which modules a process of another machine may be asked to load: those in the program's
 * folder, whose functions have the same names on both.
 *
 * @module
 */
import { PicklingError } from "../../python/errors.ts";
import { fileUrl } from "../../runtime/mod.ts";
import type { Project } from "./inherited.ts";

/** Checks the references of some work. @throws {PicklingError} if one leads elsewhere */
export function checkPlaces(references: readonly unknown[], { there }: Project): void {
  const root = fileUrl(there.replace(/[\\/]$/, "")) + "/";
  for (const reference of references) {
    if (!Array.isArray(reference) || reference.length < 2) continue;
    const [url, name] = reference as [unknown, unknown];
    if (isWithin(url, root)) continue;
    throw new PicklingError(
      `Can't pickle <function ${String(name)}>: its module ${
        String(url)
      } is not in the ` +
        `folder of the program, ${root}, by which other machines find it: ` +
        "give get_context its `root`",
    );
  }
}

/** Whether a module lies in a folder, also if its address is read otherwise. */
function isWithin(url: unknown, root: string): boolean {
  if (typeof url !== "string" || !url.startsWith(root)) return false;
  return URL.canParse(url) && new URL(url).href === url && !/%2f|%5c/i.test(url);
}
