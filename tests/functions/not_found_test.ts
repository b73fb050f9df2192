/** Tests of src/functions/not_found.ts: the error names the cure that fits the case. */

import { ok, rejects, strictEqual } from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { dumps, PendingPayload } from "../../src/reduction/mod.ts";
import { withFolder } from "../helpers/folders.ts";
import { runCommand } from "../helpers/run.ts";
import { local, table, Tool, unnamed } from "../helpers/unnamed_work.ts";
import { runtimeName, test } from "../suite.ts";

const tool = new Tool();
const WORK = /unnamed_work\.[jt]s/;

/** What is sent, and what the error must say. */
const CASES: [what: string, value: unknown, cure: RegExp, place?: RegExp][] = [
  ["a static method", Tool.twice, /use `bound\(Tool, "twice"\)` for a method/, WORK],
  [
    "a method",
    tool.plus,
    /use `bound\(object, "plus"\)`, where `object` is an instance of Tool, /,
    WORK,
  ],
  ["an async method", tool.later, /use `bound\(object, "later"\)`, where/, WORK],
  ["a generator method", tool.each, /use `bound\(object, "each"\)`, where/, WORK],
  ["a method of an object", table.method, /use `bound\(object, "method"\)` for/, WORK],
  ["a field", tool.field, /add `export` to it|'field' of a 'Tool' object/, WORK],
  [
    "an instance with a function as a field",
    { deep: [new Tool()] },
    /it is the field 'field' of a 'Tool' object: make it a method, or leave it out by `__getstate__` \(.*\)$/,
    WORK,
  ],
  [
    "an inner function",
    unnamed,
    /; add `export` to it, at the top level of a module, or name it there by `exported\(import\.meta, \{ inner \}\)`( \(.*\))?$/,
    WORK,
  ],
  [
    "a function without a name",
    [() => 1][0],
    /by `exported\(import\.meta, \{ name: it \}\)`$/,
  ],
  ["an instance of such a class", local, /exported\(import\.meta, \{ Local \}\)/, WORK],
  ["a built-in method", [].map, /it belongs to the runtime, .*export a function of/],
  [
    "what bind() makes",
    parseInt.bind(null, "1"),
    /what `\.bind\(\)` makes has no name .* by `exported\(import\.meta, \{ name: it \}\)`/,
  ],
];

for (const [what, value, cure, place] of CASES) {
  test(`the cure for ${what}`, async () => {
    const pending = dumps(value);
    ok(pending instanceof PendingPayload);
    await rejects(pending.resolve(), (error: Error) => {
      ok(error.name === "PicklingError", String(error));
      ok(/^Can't pickle <(function|class) .*: attribute lookup/.test(error.message));
      ok(cure.test(error.message), error.message);
      ok(place === undefined || place.test(error.message), error.message);
      return true;
    });
  });
}

// --- with a package, and with another copy of this one ------------------------------------

const SELF = new URL("../../mod.ts", import.meta.url);
const HOME = fileURLToPath(new URL(".", SELF));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const isTypeScript = SELF.href.endsWith(".ts");

/** Runs a program in a folder that has what the package needs. */
async function runIn(folder: string, source: string): Promise<string> {
  const main = `${folder}/main.${isTypeScript ? "ts" : "mjs"}`;
  writeFileSync(main, source.replaceAll("SELF", JSON.stringify(SELF.href)));
  const flags = runtimeName === "deno" ? ["run", "-A", "--no-check"] : [];
  if (runtimeName === "deno") flags.push("--config", CONFIG);
  const { stdout, stderr } = await runCommand([process.execPath, ...flags, main], {
    cwd: folder,
  });
  return stdout + stderr;
}

/** A program that sends each value to a worker, and prints what comes of that. */
function sendingEach(values: string, imports: string): string {
  return `import { is_main, Pool } from SELF;
${imports}
export function echo(value) { return value; }
if (is_main(import.meta)) {
  const pool = Pool(1);
  for (const value of ${values}) console.log(await pool.apply(echo, [value]).catch(String));
  await pool.terminate();
}\n`;
}

test("the cure for an inner function of a test file is no export", async () => {
  await withFolder(async (folder) => {
    writeFileSync(
      `${folder}/some.test.mjs`,
      `import { test } from "node:test";
export const give = () => function inner() { return 1; };\n`,
    );
    const said = await runIn(
      folder,
      sendingEach("[give()]", 'import { give } from "./some.test.mjs";'),
    );
    ok(/Can't pickle <function inner>/.test(said), said);
    // Deno runs no tests where a module is imported.
    const isTold = runtimeName !== "deno";
    ok(/the module is a test file/.test(said) === isTold, said);
    ok(/add `export`/.test(said) !== isTold, said);
  });
});

test("the cure for what a package keeps to itself", async () => {
  await withFolder(async (folder) => {
    mkdirSync(`${folder}/node_modules/secretive`, { recursive: true });
    writeFileSync(
      `${folder}/node_modules/secretive/index.js`,
      `class Hidden { value = 1 }
export const make = () => new Hidden();
export const give = () => function hidden() { return 1; };\n`,
    );
    const said = await runIn(
      folder,
      sendingEach(
        "[give(), make()]",
        'import { give, make } from "./node_modules/secretive/index.js";',
      ),
    );
    const [hidden, instance] = said.split("\n");
    if (runtimeName === "bun") {
      // Bun does not tell where a function was made.
      ok(/Can't pickle <function hidden>/.test(hidden!), said);
      ok(/Can't pickle <class Hidden>/.test(instance!), said);
      return;
    }
    ok(/secretive\/index\.js, line 3\); it belongs to a package/.test(hidden!), said);
    ok(/export a function of your own that calls it( \(.*\))?$/.test(hidden!), said);
    ok(/it belongs to a package.*`register` of @pystd/.test(instance!), said);
    ok(!/add `export`/.test(said), said);
  });
});

test("the cure for what another copy of this package has made", async () => {
  await withFolder(async (folder) => {
    const copy = `${folder}/copy`;
    cpSync(`${HOME}src`, `${copy}/src`, { recursive: true });
    for (
      const file of isTypeScript ? ["mod.ts", "deno.json"] : ["mod.js", "package.json"]
    ) {
      cpSync(`${HOME}${file}`, `${copy}/${file}`);
    }
    if (isTypeScript) symlinkSync(`${HOME}node_modules`, `${folder}/node_modules`);
    const said = await runIn(
      folder,
      `import { exported, is_main, Pool } from SELF;
import * as other from "./copy/mod.${isTypeScript ? "ts" : "js"}";
export function echo(value) { return value; }
const twice = (x) => 2 * x;
other.exported(import.meta, { twice });
if (is_main(import.meta)) {
  const pool = Pool(1);
  console.log(await pool.apply(twice, [21]));
  const makers = ["Queue", "JoinableQueue", "SimpleQueue", "Lock", "RLock", "Semaphore",
    "BoundedSemaphore", "Event", "Condition"];
  const all = [...makers.map((name) => other[name]()), other.Barrier(2), other.Pipe()[0]];
  for (const made of all) {
    console.log(await pool.apply(echo, [made]).catch(String));
  }
  await pool.terminate();
}\n`,
    );
    const [answer, ...refused] = said.trimEnd().split("\n");
    ok(answer === "42", said); // the copies share the names that modules give
    strictEqual(refused.length, 11, said);
    const cure =
      /PicklingError.*it belongs to another copy of @pystd\/multiprocessing: /;
    for (const line of refused) ok(cure.test(line), line);
  });
});
