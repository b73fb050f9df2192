/**
 * What the pages for users hold: their programs, their headings and their links.
 *
 * A fenced block of code whose first line is a comment with a file name is a program: it is
 * pasted under that name and run, by `tests/tools/pages_test.ts`. Blocks of one page with
 * different names stand in one folder; one that another imports, and a test file, are not
 * run. The next block, if it is `text`, is what the program prints: `…` stands for
 * anything. `<!-- runs on deno, bun -->` before the block says where it runs, if that is
 * not everywhere. Other blocks are fragments: their types must be right
 * (`scripts/check_pages.ts`), unless `ignore` and a reason follow the name of the language.
 *
 * @module
 */
import { filesUnder, ROOT } from "./project.ts";
import { type RuntimeId, RUNTIMES } from "./runtimes.ts";

/** The pages whose programs are run, as paths from the root. */
export const PAGES: string[] = [
  "README.md",
  "examples/README.md",
  ...filesUnder("docs", ".md"),
];

/** Those, and the pages for contributors: their links are checked. */
export const LINKED: string[] = [
  ...PAGES,
  ...["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"],
  "tests/README.md",
];

/** A fenced block of code. */
export interface Block {
  page: string;
  /** The number of its first line, from 1 on. */
  line: number;
  /** What stands behind the fence. */
  info: string;
  /** What stands in the line above. */
  above: string;
  code: string;
}

/** A block that is a file. */
export interface Program extends Block {
  name: string;
  runtimes: RuntimeId[];
  /** What it prints, if the page says so. */
  printed: string | undefined;
  /** The other files of the page. */
  beside: Program[];
}

/** The runtimes that a program runs on unless its page says otherwise. */
const EVERYWHERE: RuntimeId[] = ["deno", "bun", "node24", "node20"];

/** What a page says. */
export function textOf(page: string): string {
  return Deno.readTextFileSync(`${ROOT}/${page}`);
}

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = textOf(page).split("\n");
  for (let i = 0; i < lines.length; i++) {
    const info = /^```(.*)$/.exec(lines[i]!)?.[1];
    if (info === undefined) continue;
    const end = lines.indexOf("```", i + 1);
    if (end === -1) throw new Error(`${page}:${i + 1}: a block without an end`);
    const above = lines.slice(0, i).findLast((line) => line !== "") ?? "";
    const code = lines.slice(i + 1, end).join("\n") + "\n";
    blocks.push({ page, line: i + 2, info, above, code });
    i = end;
  }
  return blocks;
}

/** The programs of a page, in order; modules of theirs and test files are among them. */
export function programsOf(page: string): Program[] {
  const programs: Program[] = [];
  const all = blocksOf(page);
  for (const [i, block] of all.entries()) {
    const name = nameOf(block);
    if (name === undefined) continue;
    const next = all[i + 1];
    const printed = next?.info === "text" ? next.code : undefined;
    const runtimes = runtimesOf(block);
    programs.push({ ...block, name, runtimes, printed, beside: programs });
  }
  return programs;
}

/** The file name in the first line: `// main.ts`, or with more behind a colon. */
function nameOf({ info, code }: Block): string | undefined {
  if (!/^(js|ts)\b/.test(info)) return undefined;
  return /^\/\/ ([\w./-]+\.[cm]?[jt]s)(?:: .*)?\n/.exec(code)?.[1];
}

function runtimesOf({ page, line, above }: Block): RuntimeId[] {
  const list = /^<!-- runs on (.*) -->$/.exec(above)?.[1];
  if (list === undefined) return EVERYWHERE;
  return list.split(", ").map((name) => {
    const id = RUNTIMES.find((one) => one === name);
    if (id === undefined) throw new Error(`${page}:${line}: no runtime ${name}`);
    return id;
  });
}

/** Whether a program is started by itself, and not by another or by a test runner. */
export function isRun({ name, beside }: Program): boolean {
  const isModule = beside.some(({ code }) => code.includes(`from "./${name}"`));
  return !isModule && !/\.test\.\w+$/.test(name);
}

/** The anchors of a page, as GitHub makes them of headings. */
export function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of prose(page).matchAll(/^#+ (.*)$/gm)) {
    const plain = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = plain.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .trim().replaceAll(" ", "-");
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The targets of a page's links and pictures. */
export function linksOf(page: string): string[] {
  const text = prose(page).replaceAll(/`[^`\n]*`/g, "");
  const found = [
    ...text.matchAll(/\]\(<?([^()\s<>]+)>?\)/g),
    ...text.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g),
    ...text.matchAll(/^\[[^\]]+\]: (\S+)$/gm),
  ];
  return found.map(([, target]) => target!);
}

/** A page without its blocks of code. */
function prose(page: string): string {
  return textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, "");
}
