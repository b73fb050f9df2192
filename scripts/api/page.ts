/**
 * The table of what CPython has and this package does not, in `docs/differences.md`; it is
 * made of `scripts/api_absent.json`.
 *
 * @module
 */
import absent from "../api_absent.json" with { type: "json" };
import { mustRun, ROOT } from "../project.ts";

const PAGE = "docs/differences.md";
const START = "<!-- What is not there: scripts/api_absent.json -->\n";
const END = "\n<!-- End of what is not there -->";
const UPDATE = "deno run -A scripts/check_api.ts --update";

/** The table, as it is before it is formatted. */
function table(): string {
  const rows = Object.entries(absent.modules).flatMap(([module, list]) =>
    list.map(({ names, group, why }) => {
      const short = module.replace(/^multiprocessing\.?/, "") || "the package";
      return `| ${short} | ${namesText(names)} | ${group} | ${why} |`;
    })
  );
  const groups = Object.entries(absent.groups)
    .map(([name, text]) => `- **${name}**: ${text}`);
  return [
    "",
    ...groups,
    "",
    "| module | not there | group | why |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** The members of a class stand behind its name. */
function namesText(names: string[]): string {
  const classes = new Map<string, string[]>();
  for (const name of names) {
    const [first, member] = name.split(".") as [string, string?];
    const members = classes.get(first) ?? [];
    classes.set(first, member === undefined ? members : [...members, `\`${member}\``]);
  }
  return [...classes].map(([name, members]) => {
    if (name === "*") return "everything";
    return members.length === 0
      ? `\`${name}\``
      : `of \`${name}\` ${members.join(", ")}`;
  }).join(", ");
}

/** The page up to the table, the table, and the rest. */
async function readParts(): Promise<[string, string, string] | undefined> {
  const text = await Deno.readTextFile(`${ROOT}/${PAGE}`);
  const start = text.indexOf(START), end = text.indexOf(END);
  if (start === -1 || end < start) return undefined;
  const from = start + START.length;
  return [text.slice(0, from), text.slice(from, end), text.slice(end)];
}

/** Whether the page has the table; the width of its columns does not matter. */
export async function checkPage(): Promise<string[]> {
  const parts = await readParts();
  if (parts === undefined) return [`${PAGE}: no place for the table: ${START}`];
  const plain = (text: string) => text.replaceAll(/-+/g, "-").replaceAll(/\s+/g, " ");
  return plain(parts[1]).trim() === plain(table()).trim()
    ? []
    : [`${PAGE} does not say what scripts/api_absent.json does: ${UPDATE}`];
}

/** Writes the table anew. */
export async function updatePage(): Promise<void> {
  const parts = await readParts();
  if (parts === undefined) return;
  await Deno.writeTextFile(`${ROOT}/${PAGE}`, parts[0] + table() + parts[2]);
  await mustRun([Deno.execPath(), "fmt", "--quiet", PAGE]);
}
