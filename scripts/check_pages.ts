/**
 * Checks the pages for users: that each relative link leads to a file, and each anchor to a
 * heading; that the types of all programs and fragments are right. That programs run is
 * tested by `tests/tools/pages_test.ts`.
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
} from "./pages.ts";
import { ROOT, run } from "./project.ts";

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

const problems = [...brokenLinks(), ...unreasonedBlocks(), ...await wrongTypes()];
for (const problem of problems) console.log(problem);
if (problems.length > 0) Deno.exit(1);
