/**
 * Bundles and executables, in which there is no child entry: a child is the program itself.
 * Each kind is made and run, guarded as it should be or not at all; there are never more
 * processes than the program asks for.
 */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import * as esbuild from "esbuild";
import { programPath, runCommand } from "./helpers/run.ts";
import { runtimeName, test } from "./suite.ts";

/** Makes the program in a folder; gives the command that runs it. */
type Make = (folder: string) => Promise<string[]>;

const PROGRAM = programPath("tests/children/bundled.ts");
const RUN = [process.execPath, ...runtimeName === "deno" ? ["run", "-A"] : []];

async function byEsbuild(outfile: string, format: "esm" | "cjs", banner = "") {
  await esbuild.build({
    entryPoints: [PROGRAM],
    outfile,
    format,
    banner: { js: banner },
    bundle: true,
    platform: "node",
    logLevel: "error",
    // CommonJS has no `import.meta`, which is what is tested.
    logOverride: { "empty-import-meta": "silent" },
  });
  await esbuild.stop();
  return outfile;
}

function mustRun(command: string[]): void {
  const [file, ...args] = command;
  const { status, stderr } = spawnSync(file!, args, { encoding: "utf8" });
  strictEqual(status, 0, stderr);
}

/** What `deno compile` makes, which needs a download: a file that always runs the program. */
async function likeCompiled(folder: string): Promise<string[]> {
  const program = join(folder, "program");
  const bundle = await byEsbuild(
    join(folder, "bundle.mjs"),
    "esm",
    `Object.defineProperty(Deno, "build", { value: { ...Deno.build, standalone: true } });
     Deno.execPath = () => ${JSON.stringify(program)};`,
  );
  const command = [...RUN, bundle].map((part) => `'${part}'`).join(" ");
  writeFileSync(program, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  return [program];
}

/** Node's single executable application. */
async function sea(folder: string): Promise<string[]> {
  const config = join(folder, "sea.json");
  const output = join(folder, "program");
  const main = await byEsbuild(join(folder, "bundle.cjs"), "cjs");
  copyFileSync(process.execPath, output);
  writeFileSync(
    config,
    JSON.stringify({ main, output, disableExperimentalSEAWarning: true }),
  );
  mustRun([process.execPath, "--build-sea", config]);
  return [output];
}

function byBun(folder: string, name: string, ...flags: string[]): string {
  const outfile = join(folder, name);
  mustRun([process.execPath, "build", PROGRAM, ...flags, `--outfile=${outfile}`]);
  return outfile;
}

const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
const canMakeSea = runtimeName === "node" && (major > 25 || major === 25 && minor >= 5);

/** How each kind is made, and why it cannot be made here. */
const KINDS: Record<string, { make: Make; skip?: string | false }> = {
  "esbuild, ESM": {
    make: async (folder) => [
      ...RUN,
      await byEsbuild(join(folder, "bundle.mjs"), "esm"),
    ],
  },
  "esbuild, CommonJS": {
    make: async (folder) => [
      ...RUN,
      await byEsbuild(join(folder, "bundle.cjs"), "cjs"),
    ],
  },
  "bun build": {
    make: (folder) =>
      Promise.resolve([...RUN, byBun(folder, "bundle.js", "--target=bun")]),
    skip: runtimeName !== "bun" && "Bun's",
  },
  "bun build --compile": {
    make: (folder) => Promise.resolve([byBun(folder, "program", "--compile")]),
    skip: runtimeName !== "bun" && "Bun's",
  },
  "as deno compile": { make: likeCompiled, skip: runtimeName !== "deno" && "Deno's" },
  "Node's executable": { make: sea, skip: !canMakeSea && "of Node 25.5 and later" },
};

async function runIn(folder: string, command: string[], way: string) {
  const file = join(folder, way);
  const { stdout, stderr, code } = await runCommand([...command, file, way, "x"]);
  const evaluated = readFileSync(file, "utf8").trim().split("\n").length;
  return { stdout, stderr, code, evaluated };
}

for (const [kind, { make, skip }] of Object.entries(KINDS)) {
  test(`a program that is its own child: ${kind}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "bundle-"));
    try {
      const command = await make(folder);
      for (const way of ["guarded", "frozen"]) {
        deepStrictEqual(await runIn(folder, command, way), {
          stdout: `1 4 9\nexit code 0\nfalse ${way} x\n`,
          stderr: "",
          code: 0,
          evaluated: 4,
        });
      }
      const { stderr, ...rest } = await runIn(folder, command, "unguarded");
      match(
        stderr,
        /before the\s+current process has finished its bootstrapping phase/,
      );
      deepStrictEqual(rest, { stdout: "exit code 1\n", code: 0, evaluated: 2 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, { leaks: "the service of esbuild", timeout: 120, skip });
}
