/**
 * The programs of README and of the other pages, as a newcomer has them: pasted into a
 * folder in which the package is installed from its tarball, on each runtime. Programs in
 * TypeScript are run as they are where the runtime reads them, and on Node 20 as the
 * compiler's JavaScript. And README's commands of the installation, in their order.
 *
 * Run in one column, which runs the other runtimes.
 */
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import process from "node:process";
import ts from "typescript";
import { portPrograms } from "../../scripts/charts/drawings.ts";
import { buildForJsr } from "../../scripts/build_jsr.ts";
import { packOnce } from "../../scripts/pack.ts";
import {
  blocksOf,
  isRun,
  PAGES,
  type Program,
  programsOf,
  textOf,
} from "../../scripts/pages.ts";
import { config, mustRun, run } from "../../scripts/project.ts";
import { findRuntime, type RuntimeId } from "../../scripts/runtimes.ts";
import { withFolder } from "../helpers/folders.ts";
import { python, runPythonFile } from "../helpers/python.ts";
import { test } from "../suite.ts";

/** Seconds for one program, or for one command of an installation. */
const TIME = 60;

const place = realpathSync(mkdtempSync(`${tmpdir()}/pystd-pages-`));
process.on("exit", () => rmSync(place, { recursive: true }));

/** The tarball, and a folder in which it is installed; each is made once. */
let made: Promise<string> | undefined;
let project: Promise<string> | undefined;
const tarball = () => made ??= packOnce(place);
const installed = () => project ??= install();

async function install(): Promise<string> {
  const folder = `${place}/project`;
  mkdirSync(folder);
  const quietly = ["--no-audit", "--no-fund", "--ignore-scripts"];
  await mustRun(["npm", "install", ...quietly, await tarball()], { cwd: folder });
  // What a page says to install beside it.
  const target = new URL("../../node_modules/cli-progress", import.meta.url);
  symlinkSync(realpathSync(target), `${folder}/node_modules/cli-progress`);
  return folder;
}

/** Names that a program's file has on Node 20, which reads no TypeScript. */
const asJs = (name: string) => name.replace(/\.ts$/, ".js");

/** What Node 20 runs: no types, and `using` in other words. */
function compiled(code: string): string {
  const target = ts.ScriptTarget.ES2022;
  const compilerOptions = { target, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText
    .replaceAll(/(from "\.\/[\w.-]+)\.ts"/g, '$1.js"');
}

/** Writes a page's programs into a folder of their own; gives the path of one. */
async function lay(program: Program, runtime: RuntimeId): Promise<string> {
  const folder = `${await installed()}/${runtime}-${program.line}-` +
    program.page.replaceAll("/", "-");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "type": "module" }\n');
  const isCompiled = runtime === "node20";
  for (const { name, code } of [...program.beside, program]) {
    const path = `${folder}/${isCompiled ? asJs(name) : name}`;
    mkdirSync(dirname(path), { recursive: true });
    const isTypeScript = name.endsWith(".ts");
    writeFileSync(path, isCompiled && isTypeScript ? compiled(code) : code);
  }
  return `${folder}/${isCompiled ? asJs(program.name) : program.name}`;
}

async function command(runtime: RuntimeId): Promise<string[]> {
  const path = await findRuntime(runtime);
  return runtime === "deno" ? [path, "run", "-A"] : [path];
}

/** Whether text is as a page says, whose `…` stands for anything. */
function checkText(text: string, expected: string): void {
  const parts = expected.trim().split("…").map((part) =>
    part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  );
  // Runtimes show arrays and objects with more or with fewer spaces.
  const plain = text.trim().replaceAll(/([[{]) | ([\]}])/g, "$1$2");
  const pattern = parts.join(".*").replaceAll(/(\\[[{]) | (\\[\]}])/g, "$1$2");
  ok(new RegExp(`^${pattern}$`).test(plain), `\n${plain}\n-- is not\n${expected}`);
}

for (const page of PAGES) {
  for (const program of programsOf(page)) {
    if (!isRun(program)) continue;
    const { name, line, runtimes, printed } = program;
    for (const runtime of runtimes) {
      test(`${page}:${line}: ${name} on ${runtime}`, async () => {
        const path = await lay(program, runtime);
        const { code, output, stdout } = await run(
          [...await command(runtime), path],
          { cwd: dirname(path), timeout: TIME, env: { NO_COLOR: "1" } },
        );
        strictEqual(code, 0, output);
        if (printed !== undefined) checkText(stdout, printed);
      });
    }
  }
}

/** The table of what Deno wants: flags, and the program that is run with them. */
const FLAGS = /^\|[^|]*\| `(-[^`]*)` +\| \[`(.*?)`\]\(.*?\) +\|$/gm;

for (const [, list, name] of textOf("docs/permissions.md").matchAll(FLAGS)) {
  test(`what Deno wants: ${name} with ${list}`, async () => {
    const program = PAGES.flatMap(programsOf).find((one) => one.name === name)!;
    const path = await lay(program, "deno");
    const flags = list!.split(" ");
    const start = async (given: string[]) =>
      await run([await findRuntime("deno"), "run", "--no-prompt", ...given, path], {
        ...{ cwd: dirname(path), timeout: TIME, env: { NO_COLOR: "1" } },
      });
    const { code, output, stdout } = await start(flags);
    strictEqual(code, 0, output);
    checkText(stdout, program.printed!);
    for (const flag of flags) {
      const less = await start(flags.filter((one) => one !== flag));
      notStrictEqual(less.code, 0, `${flag} is not needed`);
    }
  });
}

/** Programs in Python, which print what the page says of the next block of text. */
for (const page of PAGES) {
  const all = blocksOf(page);
  for (const [i, { info, line, code }] of all.entries()) {
    if (info !== "python") continue;
    const printed = all.slice(i).find((block) => block.info === "text")!.code;
    test(`${page}:${line}: in Python`, async () => {
      await withFolder(async (folder) => {
        writeFileSync(`${folder}/main.py`, code);
        const { code: exitCode, stdout, stderr } = await runPythonFile(
          `${folder}/main.py`,
        );
        strictEqual(exitCode, 0, stderr);
        checkText(stdout, printed);
      });
    }, { skip: python === undefined && "no python3" });
  }
}

test("the programs of the picture of a port print the same", async () => {
  const [inPython, ours] = portPrograms();
  const folder = `${await installed()}/port`;
  mkdirSync(folder);
  writeFileSync(`${folder}/main.mjs`, ours);
  writeFileSync(`${folder}/main.py`, inPython);
  const printed = await mustRun([await findRuntime("node24"), `${folder}/main.mjs`]);
  strictEqual(printed, "1\n4\n9\n");
  if (python === undefined) return;
  strictEqual((await runPythonFile(`${folder}/main.py`)).stdout, printed);
});

/** README's table of the installation: a runtime, what installs, what runs. */
const ROW = /^\| (Deno|Bun|Node) .*?\| +`(.*?)` +\| +`(.*?)` +\|$/gm;

/** The programs of the walk, by what README calls them. */
const WALKERS = { Deno: ["deno"], Bun: ["bun"], Node: ["node24", "node20"] } as const;

test("the pages have their programs and their tables", () => {
  const counts = PAGES.map((page) => [page, programsOf(page).filter(isRun).length]);
  ok(Object.fromEntries(counts)["README.md"]! >= 2, JSON.stringify(counts));
  const names = [...textOf("README.md").matchAll(ROW)].map(([, name]) => name);
  deepStrictEqual(names, Object.keys(WALKERS));
  ok([...textOf("docs/permissions.md").matchAll(FLAGS)].length >= 5);
});

for (const [, name, install, start] of textOf("README.md").matchAll(ROW)) {
  for (const runtime of WALKERS[name as keyof typeof WALKERS]) {
    test(`README's way from an empty folder to a program that runs: ${runtime}`, async () => {
      const [first] = programsOf("README.md");
      await withFolder(async (folder) => {
        // The commands find the runtime under its own name.
        const bin = `${place}/bin-${runtime}`;
        mkdirSync(bin, { recursive: true });
        symlinkSync(await findRuntime(runtime), `${bin}/${name!.toLowerCase()}`);
        const env = { PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1" };
        const began = Date.now();
        if (name === "Deno") await addFromFolder(folder, install!);
        else {
          const line = install!.replace(config.name, await tarball());
          ok(line !== install);
          await mustRun(["sh", "-c", line], { cwd: folder, env, timeout: TIME });
        }
        writeFileSync(`${folder}/${first!.name}`, first!.code);
        const text = await mustRun(["sh", "-c", start!], {
          ...{ cwd: folder, env, timeout: TIME },
        });
        checkText(text, first!.printed!);
        ok(Date.now() - began < TIME * 1000, "under a minute");
      });
    });
  }
}

/** What `deno add jsr:…` leaves behind, with a folder in place of JSR. */
async function addFromFolder(folder: string, install: string): Promise<void> {
  strictEqual(install, `deno add jsr:${config.name}`);
  await buildForJsr(await tarball(), `${folder}/jsr`);
  writeFileSync(
    `${folder}/deno.json`,
    JSON.stringify({
      imports: { [config.name]: `jsr:${config.name}@^${config.version}` },
      links: ["./jsr"],
    }),
  );
}
