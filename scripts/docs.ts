/**
 * Writes the reference of all public names as HTML into `reference/`, which git does not
 * see: `deno task docs`. Then checks that each of its links leads to a page and to a place
 * on it; `--check` does nothing else, and leaves nothing behind.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";
import { config, filesUnder, mustRun, ROOT } from "./project.ts";

/** Where it is written, as a path from the root. */
const FOLDER = "reference";

/** A parameter of a mapped type, `[K in keyof T]`, which Deno links but gives no place. */
const WITHOUT_PLACE = /^type_param_/;

/** Links of the reference that lead nowhere, a line for each. */
export function brokenLinks(folder: string): string[] {
  const pages = new Map(
    filesUnder("", ".html", folder).map((
      path,
    ) => [path, readPage(`${folder}/${path}`)]),
  );
  const all = new Set(filesUnder("", "", folder));
  const problems = new Set<string>();
  for (const [page, { links }] of pages) {
    for (const link of links) {
      if (/^([a-z]+:|\/\/|#$)/.test(link)) continue;
      const [path = "", anchor] = link.split("#");
      const target = path === ""
        ? page
        : join(dirname(page), decodeURI(path), path.endsWith("/") ? "index.html" : "");
      const ids = pages.get(target)?.ids;
      if (!all.has(target)) problems.add(`${page}: nothing is at ${link}`);
      else if (anchor && !WITHOUT_PLACE.test(anchor) && ids?.has(anchor) === false) {
        problems.add(`${page}: no place ${link}`);
      }
    }
  }
  return [...problems].sort();
}

/** A page's links, and the names of its places. */
function readPage(path: string): { links: string[]; ids: Set<string> } {
  const html = Deno.readTextFileSync(path);
  const of = (attribute: RegExp) =>
    [...html.matchAll(attribute)].map(([, value]) => unescaped(value!));
  return {
    links: of(/\s(?:href|src)="([^"]*)"/g),
    ids: new Set(of(/\sid="([^"]*)"/g)),
  };
}

function unescaped(text: string): string {
  const names: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  return text.replaceAll(/&(?:#x?([\da-f]+)|(\w+));/gi, (whole, code, name) => {
    if (name !== undefined) return names[name] ?? whole;
    return String.fromCodePoint(parseInt(code, whole[2] === "x" ? 16 : 10));
  });
}

/** Writes the reference into a folder, which is made anew. */
export async function writeReference(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const entries = Object.values(config.exports);
  await mustRun([
    ...[Deno.execPath(), "doc", "--html", "--quiet"],
    ...[`--name=${config.name}`, `--output=${folder}`, ...entries],
  ]);
}

if (import.meta.main) {
  const isCheck = Deno.args.includes("--check");
  const folder = isCheck
    ? await Deno.makeTempDir({ prefix: "reference-" })
    : `${ROOT}/${FOLDER}`;
  await writeReference(folder);
  const problems = brokenLinks(folder);
  for (const problem of problems) console.log(problem);
  const { length } = filesUnder("", ".html", folder);
  if (isCheck) await Deno.remove(folder, { recursive: true });
  else console.log(`${FOLDER}/index.html and ${length - 1} pages more`);
  if (problems.length > 0) Deno.exit(1);
}
