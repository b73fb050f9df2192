/**
 * Bundles, in which there is no child entry: a child is the program itself, guarded as it
 * should be or not at all; there are never more processes than the program asks for.
 */
import { deepStrictEqual, match } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import * as esbuild from "esbuild";
import { programPath, runCommand } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

/** Bundles the program into a folder; gives the path. */
type Make = (folder: string) => Promise<string>;

const PROGRAM = programPath("tests/children/bundled.ts");
const RUN = [process.execPath, ...runtimeName === "deno" ? ["run", "-A"] : []];

async function byEsbuild(outfile: string, format: "esm" | "cjs") {
  await esbuild.build({
    entryPoints: [PROGRAM],
    outfile,
    format,
    bundle: true,
    platform: "node",
    logLevel: "error",
    // CommonJS has no `import.meta`, which is what is tested.
    logOverride: { "empty-import-meta": "silent" },
  });
  await esbuild.stop();
  return outfile;
}

/** How each kind is made. Those that other tools make are in `tools/`. */
const KINDS: Record<string, Make> = {
  "a module": (folder) => byEsbuild(join(folder, "bundle.mjs"), "esm"),
  "CommonJS": (folder) => byEsbuild(join(folder, "bundle.cjs"), "cjs"),
};

async function runIn(folder: string, command: string[], way: string) {
  const file = join(folder, way);
  const { stdout, stderr, code } = await runCommand([...command, file, way, "x"]);
  const evaluated = readFileSync(file, "utf8").trim().split("\n").length;
  return { stdout, stderr, code, evaluated };
}

for (const [kind, make] of Object.entries(KINDS)) {
  test(`a program that is its own child: ${kind}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "bundle-"));
    try {
      const command = [...RUN, await make(folder)];
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
  }, { leaks: "the service of esbuild", timeout: 120 });
}
