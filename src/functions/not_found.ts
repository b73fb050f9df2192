/**
 * The error for a function that has no name: where it is, and what to do about it.
 *
 * @module
 */
import { PicklingError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { type Callable, nameOf, textOf } from "./callable.ts";
import { lostReference } from "./references.ts";
import { sourceOf, SourceSearch } from "./source_search.ts";

/** The error for a function that no module exports. */
export async function notFound(
  callable: Callable,
  urls: readonly string[],
): Promise<PicklingError> {
  const name = nameOf(callable) || "<lambda>";
  const kind = /^class\b/.test(textOf(callable)) ? "class" : "function";
  const lost = lostReference(callable) ?? new SourceSearch(callable).seek(urls, true);
  if (lost !== undefined) {
    const [url, exported] = lost;
    return new PicklingError(
      `Can't pickle <${kind} ${name}>: it's not the same object as ${url}.${exported}`,
    );
  }
  const place = await originOf(callable, urls);
  const module = place?.url ?? urls[0] ?? "__main__";
  const line = place?.line === undefined ? "" : `, line ${place.line}`;
  const where = place === undefined ? "" : ` (it is made in ${place.url}${line})`;
  return new PicklingError(
    `Can't pickle <${kind} ${name}>: attribute lookup ${name} on ${module} failed` +
      where + cure(place !== undefined, module),
  );
}

function cure(isFound: boolean, module: string): string {
  if (isFound || runtime.name !== "deno") {
    return "; add `export` to it, at the top level of a module";
  }
  const flag = runtime.moduleSource(module) === undefined ? "read" : "sys";
  return `; add \`export\` to it, or allow Deno to look for it by --allow-${flag}`;
}

/** The module and the line in which a function was made, as far as they are known. */
async function originOf(
  callable: Callable,
  urls: readonly string[],
): Promise<{ url: string; line?: number } | undefined> {
  const location = await runtime.locate(callable);
  if (location !== undefined) {
    const { url, line, source } = location;
    const text = runtime.moduleSource(url);
    if (text === undefined) return { url };
    // A translation may have moved the lines.
    const isSame = lines(text) === lines(source);
    const found = isSame ? line : lineOf(callable, text);
    return found === undefined ? { url } : { url, line: found };
  }
  const text = textOf(callable);
  for (const url of [...urls, ...runtime.loadedModules(false)]) {
    const found = sourceOf(url)?.text.includes(text);
    // If the runtime does not run the source as it is, only the name can be compared.
    const isCertain = found || runtime.name === "deno";
    const line = isCertain && lineOf(callable, runtime.moduleSource(url) ?? "");
    if (line) return { url, line };
    if (found) return { url };
  }
  return undefined;
}

function lineOf(callable: Callable, text: string): number | undefined {
  const name = nameOf(callable).replace(/\W/g, "\\$&");
  const declaration = name === "" ? -1 : text.search(
    new RegExp(
      String.raw`\b(?:function\s*\*?|class)\s+${name}\b|` +
        String
          .raw`\b(?:const|let|var)\s+${name}\b[^=]*=\s*(?:async|function|class|\(|\w+\s*=>)`,
    ),
  );
  const at = declaration >= 0 ? declaration : text.indexOf(textOf(callable));
  return at < 0 ? undefined : lines(text.slice(0, at));
}

function lines(text: string): number {
  return text.split("\n").length;
}
