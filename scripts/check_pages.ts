/**
 * Checks the pages for users: that each relative link leads to a file, and each anchor to a
 * heading; that the commands which they name are there; that the types of all programs and
 * fragments are right. That programs run is tested by `tests/tools/pages_test.ts`.
 *
 * @module
 */
import { dirname, normalize } from "node:path/posix";
import {
  anchorsOf,
  type Block,
  blocksOf,
  LINKED,
  linksOf,
  PAGES,
  programsOf,
  textOf,
} from "./pages.ts";
import denoJson from "../deno.json" with { type: "json" };
import { filesUnder, ROOT, run } from "./project.ts";

/** In the repository, so that the package has its own name there; git does not see it. */
const PLACE = `${ROOT}/.pages`;

/** Relative links that lead nowhere, a line for each. */
function brokenLinks(): string[] {
  return LINKED.flatMap((page) => {
    const broken = linksOf(page).filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !leadsSomewhere(page, link));
    return broken.map((link) => `${page}: nothing is at ${link}`);
  });
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(`${dirname(page)}/${path}`);
  if (!isThere(`${ROOT}/${target}`)) return false;
  return anchor === undefined || !target.endsWith(".md") ||
    anchorsOf(target).has(anchor);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Tasks, scripts and parts of the tests that pages name and nobody has. */
function unknownCommands(): string[] {
  const tasks = Object.keys(denoJson.tasks);
  const tests = filesUnder("tests", "_test.ts");
  return LINKED.flatMap((page) => {
    const text = textOf(page);
    const unknown = [
      ...text.matchAll(/`[^`\n]*(?<![\w/])(scripts\/[\w/]+\.(?:ts|py|json|txt))/g),
    ]
      .map(([, path]) => path!).filter((path) => !isThere(`${ROOT}/${path}`));
    for (
      const [, task, part] of text.matchAll(
        /`deno task ([\w:]+)(?: ([a-z]\w*\/?\w*))?/g,
      )
    ) {
      if (!tasks.includes(task!)) unknown.push(`deno task ${task}`);
      const isPart = /^test(:|$)/.test(task!) && part !== undefined;
      if (isPart && !tests.some((path) => path.includes(part))) {
        unknown.push(`deno task ${task} ${part}`);
      }
    }
    return unknown.map((name) => `${page}: there is no ${name}`);
  });
}

/** Blocks that are left out without a reason. */
function unreasonedBlocks(): string[] {
  return PAGES.flatMap(blocksOf)
    .filter(({ info }) => /^\w+ ignore$/.test(info))
    .map(({ page, line }) => `${page}:${line}: say why it is ignored`);
}

/** What the compiler says of the programs and fragments. */
async function wrongTypes(): Promise<string[]> {
  await Deno.mkdir(PLACE, { recursive: true });
  try {
    const files = PAGES.flatMap(layPage);
    const command = [Deno.execPath(), "check", "--quiet", ...files];
    const { code, output } = await run(command, { env: { NO_COLOR: "1" } });
    return code === 0 ? [] : [output.trimEnd()];
  } finally {
    await Deno.remove(PLACE, { recursive: true });
  }
}

/** Writes the code of a page into folders; gives the files that the compiler is to read. */
function layPage(page: string): string[] {
  const folder = `${PLACE}/${page.replace(/\.md$/, "").replaceAll("/", "-")}`;
  const files = programsOf(page).filter(({ info }) => /^(js|ts)$/.test(info))
    .map((program) => [program, program.name] as const);
  const named = new Set(files.map(([{ line }]) => line));
  const fragments = blocksOf(page)
    .filter(({ info, line }) => /^(js|ts)$/.test(info) && !named.has(line))
    .map((block) => [block, `fragment.${block.info}`] as const);
  const written = new Map<string, Block>();
  for (const [block, name] of [...files, ...fragments]) {
    // Programs of one name, and fragments, have folders of their own.
    let path = `${folder}/${name}`;
    if (written.has(path) || !files.some(([one]) => one === block)) {
      path = `${folder}-${block.line}/${name}`;
    }
    written.set(path, block);
    Deno.mkdirSync(dirname(path), { recursive: true });
    const lines = "\n".repeat(block.line - 1); // errors then tell the page's line
    Deno.writeTextFileSync(path, lines + block.code);
  }
  return [...written.keys()];
}

const problems = [
  ...brokenLinks(),
  ...unknownCommands(),
  ...unreasonedBlocks(),
  ...await wrongTypes(),
];
for (const problem of problems) console.log(problem);
if (problems.length > 0) Deno.exit(1);
