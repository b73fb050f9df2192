/**
 * Modules in a process on another host, where the program's folders may be elsewhere. On the
 * wire a module has the URL that it has at the root.
 *
 * @module
 */
import { fileUrl } from "../runtime/mod.ts";

/** Folders at the root, and where the same is here: as URLs that end with a slash. */
let places: [there: string, here: string][] = [];

/** Sets the folders, as paths: at the root, and here. */
export function setPlaces(
  folders: readonly (readonly [there: string, here: string])[],
): void {
  const asUrl = (path: string) => fileUrl(path.replace(/\/$/, "")) + "/";
  places = folders.map(([there, here]) => [asUrl(there), asUrl(here)]);
}

/** The URL that a module of the root has here. */
export function toHere(url: string): string {
  const place = places.find(([there]) => url.startsWith(there));
  return place === undefined ? url : place[1] + url.slice(place[0].length);
}

/** The URL that a module of this process has at the root. */
function toRoot(url: string): string {
  const place = places.find(([, here]) => url.startsWith(here));
  return place === undefined ? url : place[0] + url.slice(place[1].length);
}

/** References as this process has them; what is malformed stays as it is. */
export function referencesHere<R extends readonly unknown[]>(references: R): R {
  return translated(references, toHere);
}

/** References as they are sent. */
export function referencesToRoot<R extends readonly unknown[]>(references: R): R {
  return translated(references, toRoot);
}

function translated<R extends readonly unknown[]>(
  references: R,
  translate: (url: string) => string,
): R {
  if (places.length === 0) return references;
  return references.map((reference) => {
    if (!Array.isArray(reference) || reference.length < 2) return reference;
    const [url, ...rest] = reference;
    return [typeof url === "string" ? translate(url) : url, ...rest];
  }) as unknown as R;
}
