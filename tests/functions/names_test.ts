/**
 * Functions of every form of declaration are found by their names: in the main module, in a
 * module beside it, in a package, with and without `exported`, each in a program of its own.
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { formsOf, type Project, writeProject } from "../helpers/declaration_forms.ts";
import { withFolder } from "../helpers/folders.ts";
import { runCommand, type RunResult } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

const SELF = new URL("../../mod.ts", import.meta.url).href;
const isTypeScript = SELF.endsWith(".ts");

/** Runs the main module of a folder. */
function runMain(folder: string, project: Project, args: string[]): Promise<RunResult> {
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const flags = runtimeName === "deno" ? ["run", "-A", "--no-check"] : [];
  if (runtimeName === "deno") flags.push("--config", config);
  const main = `${folder}/main.${project.extension}`;
  return runCommand([process.execPath, ...flags, main, ...args], { cwd: folder });
}

function projectIn(place: Project["place"], names: boolean): Project {
  return {
    place,
    names,
    self: SELF,
    extension: isTypeScript ? "ts" : "mjs",
    package: runtimeName === "deno"
      ? "./node_modules/forms-package/forms.js"
      : "forms-package",
  };
}

/** What a project's program prints if all functions arrive. */
function expected(project: Project): string[] {
  return formsOf(project).map((name) => `${name}: ${name} 5`);
}

for (const place of ["main", "work", "package"] as const) {
  for (const names of [false, true]) {
    for (const when of ["later", "top"]) {
      const how = names ? "named by `exported`" : "by their exports";
      const title = when === "top" ? ", awaited at the main module's top level" : "";
      test(`forms of declaration: in ${place}, ${how}${title}`, async () => {
        await withFolder(async (folder) => {
          const project = projectIn(place, names);
          writeProject(folder, project);
          const { stdout, stderr } = await runMain(folder, project, [when]);
          deepStrictEqual([stdout.trimEnd().split("\n"), stderr], [
            expected(project),
            "",
          ]);
        });
      });
    }
  }
}

for (const names of [false, true]) {
  for (const when of ["later", "top"]) {
    const how = names ? "named by `exported`" : "by their exports";
    test(`an inner function of an export's name is refused, ${how}, ${when}`, async () => {
      await withFolder(async (folder) => {
        const project = projectIn("main", names);
        writeProject(folder, project);
        const { stdout } = await runMain(folder, project, [when, "decoy"]);
        const [inner] = stdout.trimEnd().split("\n").slice(-1);
        ok(/^inner function: PicklingError: .*decoy/.test(inner!), stdout);
      });
    });
  }
}

test("copies of a module under other queries are modules of their own", async () => {
  await withFolder(async (folder) => {
    const project = projectIn("work", true);
    const { extension } = project;
    for (const names of [true, false]) {
      writeFileSync(
        `${folder}/work_${names}.${extension}`,
        `import { exported } from ${JSON.stringify(SELF)};
const query = new URL(import.meta.url).search;
export function where() { return query; }
export class Box { query = query; }
if (${names}) exported(import.meta, { where, Box });\n`,
      );
    }
    writeFileSync(
      `${folder}/main.${extension}`,
      `import { is_main, Pool } from ${JSON.stringify(SELF)};
export function pair(make, value) { return [make(), value]; }
if (is_main(import.meta)) {
  const pool = Pool(1);
  for (const names of [true, false]) {
    for (const query of ["", "?v=1", "?v=2"]) {
      const { Box, where } = await import(\`./work_\${names}.${extension}\${query}\`);
      const [said, box] = await pool.apply(pair, [where, new Box()]);
      console.log(names, query === said, box instanceof Box, box.query === query);
    }
  }
  await pool.terminate();
}\n`,
    );
    const { stdout, stderr } = await runMain(folder, project, []);
    const lines = (names: boolean) => `${names} true true true\n`.repeat(3);
    deepStrictEqual([stdout, stderr], [lines(true) + lines(false), ""]);
  });
});
