/**
 * Programs that a tool has packed: a project is laid in a folder, the tool is run on it, and
 * what it has made is run, to do its work and to show that it starts no chain of processes.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runCommand } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

/** The project that holds these tests; it has the package installed, or is the package. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Whether these tests run the installed package, which is what tools pack. */
export const isInstalled: boolean = !import.meta.url.endsWith(".ts");

/** What the runtime's command line says before a program. */
export const RUN: string[] = [
  process.execPath,
  ...runtimeName === "deno" ? ["run", "-A"] : [],
];

/** What is special about a program whose work module alone is inside. */
export const EXTERNAL = "the package external";

/** A project: a folder with `main.mjs`, `work.mjs`, and what they import. */
export interface Project {
  folder: string;
  /** The path of one of its files. */
  path(name: string): string;
}

/** How programs are made: gives the commands that run them, by what is special about each. */
export type Make = (
  project: Project,
) => Record<string, string[]> | Promise<Record<string, string[]>>;

/** Lays the project. The package is copied, as links lead out of the project. */
function layProject(folder: string): Project {
  const path = (name: string) => join(folder, name);
  const scope = path("node_modules/@pystd");
  mkdirSync(scope, { recursive: true });
  const installed = join(ROOT, "node_modules/@pystd/multiprocessing");
  cpSync(realpathSync(installed), join(scope, "multiprocessing"), { recursive: true });
  mkdirSync(path("node_modules/numbers-of"));
  writeFileSync(
    path("node_modules/numbers-of/package.json"),
    JSON.stringify({ name: "numbers-of", type: "module", exports: "./index.js" }),
  );
  writeFileSync(
    path("node_modules/numbers-of/index.js"),
    "export function clamp(x) {\n  return Math.min(x, 10);\n}\n",
  );
  writeFileSync(path("package.json"), JSON.stringify({ type: "module" }));
  for (const name of ["main.mjs", "work.mjs"]) {
    copyFileSync(join(ROOT, "tests/tools/bundle", name), path(name));
  }
  return { folder, path };
}

/** Runs a tool to its end; gives what it printed. */
export function mustRun(command: string[], cwd?: string): string {
  const [file, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(file!, args, {
    encoding: "utf8",
    cwd,
  });
  strictEqual(status, 0, `${command.join(" ")}: ${error ?? ""}${stdout}${stderr}`);
  return stdout;
}

/** Installs tools into the project from npm. */
export function install(project: Project, ...tools: string[]): void {
  const scope = project.path("tools");
  mkdirSync(scope);
  writeFileSync(join(scope, "package.json"), "{}");
  const flags = ["--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
  mustRun(["npm", "install", ...flags, ...tools], scope);
  for (const tool of [".bin", ...tools.map((tool) => tool.replace(/(.)@.*/, "$1"))]) {
    const place = project.path(`node_modules/${tool}`);
    mkdirSync(join(place, ".."), { recursive: true });
    symlinkSync(join(scope, "node_modules", tool), place);
  }
}

const ANSWERS = {
  "function": 9,
  "method": 7,
  "class instance": "Box 5",
  "builtin": 6,
  "function of an npm package": 10,
};

const BOOTSTRAPPING =
  "RuntimeError An attempt has been made to start a new process before the";

/** The results, and how often the program was evaluated. */
async function runIn(project: Project, command: string[], what: string) {
  const file = project.path(`${what}.pids`);
  const result = await runCommand([...command, file, what], { cwd: project.folder });
  const pids = readFileSync(file, "utf8").trim().split("\n");
  rmSync(file);
  return { ...result, pids };
}

/** Everything that crosses does so, in a pool and in processes. */
async function worksWhole(
  project: Project,
  command: string[],
  what: "guarded" | "frozen",
): Promise<void> {
  const { stdout, stderr, code, pids } = await runIn(project, command, what);
  strictEqual(code, 0, `${what}: ${stdout}${stderr}`);
  deepStrictEqual(JSON.parse(stdout), [
    { ...ANSWERS, error: "RangeError outer, TypeError: inner" },
    { ...ANSWERS, error: 1 },
  ]);
  match(stderr, /^Process [^]*RangeError: outer[^]*TypeError: inner/);
  ok(pids.length <= 9, `${what}: ${pids.length} processes`); // 2 of them in the pool
}

/** Four pools of two workers are asked for by the program itself, and by no other. */
async function startsNoChain(project: Project, command: string[]): Promise<void> {
  const { stdout, pids } = await runIn(project, command, "unguarded");
  const lines = stdout.trim().split("\n");
  deepStrictEqual(
    lines.filter((line) => line !== BOOTSTRAPPING).sort(),
    ["after an await 1 4", "at once 1 4", "immediate 1 4", "timer 1 4"],
  );
  ok(lines.includes(BOOTSTRAPPING), "children have tried nothing");
  ok(pids.length <= 9, `${pids.length} processes`);
}

/** Tests the programs that a tool makes. */
export function testProgram(
  kind: string,
  make: Make,
  skip?: string | false,
): void {
  testPacked(kind, make, async (project, name, command) => {
    await worksWhole(project, command, "guarded");
    // Where there is a child entry, `freeze_support` is no guard, as in Python.
    if (name !== EXTERNAL) await worksWhole(project, command, "frozen");
    await startsNoChain(project, command);
  }, skip);
}

/** Tests that programs, which a tool makes in a wrong way, say what is wrong. */
export function testCure(
  kind: string,
  make: Make,
  cure: RegExp,
  skip?: string | false,
): void {
  testPacked(kind, make, async (project, _name, command) => {
    const { code, stdout, stderr } = await runCommand(command, { cwd: project.folder });
    ok(code !== 0, stdout);
    match(stderr, cure);
  }, skip);
}

function testPacked(
  kind: string,
  make: Make,
  check: (project: Project, name: string, command: string[]) => Promise<void>,
  skip?: string | false,
): void {
  const packed = isInstalled ? skip : "tools pack the installed package";
  test(`packed by a tool: ${kind}`, async () => {
    // Tools follow links, and the URLs of what they make are those of the real files.
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "packed-")));
    try {
      const project = layProject(folder);
      for (const [name, command] of Object.entries(await make(project))) {
        await check(project, name, command);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, { leaks: "tools keep their services", timeout: 240, skip: packed });
}
