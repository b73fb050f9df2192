/**
 * The package as other people's tools see it: its package.json in both layouts (that of the
 * tarball, and that of dnt, which puts the modules into `esm/`), its types on several versions
 * of TypeScript, and what JSR is given.
 *
 * dnt itself comes from JSR; what it writes is imitated here.
 */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { buildForJsr } from "../../scripts/build_jsr.ts";
import { BUILT_IN } from "../../scripts/bundle.ts";
import {
  ATTW_OPTIONS,
  CLIENTS,
  completed,
  type PackageJson,
} from "../../scripts/package_json.ts";
import { packOnce } from "../../scripts/pack.ts";
import { config, mustRun, run } from "../../scripts/project.ts";
import { findRuntime } from "../../scripts/runtimes.ts";
import { installed } from "../../scripts/tool_cache.ts";
import { withFolder } from "../helpers/folders.ts";
import { test } from "../suite.ts";

const TOOLS = { "publint": "0.3.25", "@arethetypeswrong/cli": "0.18.5" };

/** The oldest version that README names, one of each number after it, and the newest. */
const TYPESCRIPTS = ["5.7.2", "5.9.3", "6.0.3", "7.0.2"];

/** How modules are found. */
const RESOLUTIONS = { nodenext: "nodenext", esnext: "bundler" };

/** The tarball, which is made once. */
let made: Promise<string> | undefined;
const place = realpathSync(mkdtempSync(`${tmpdir()}/pystd-package-`));
process.on("exit", () => rmSync(place, { recursive: true }));

/** Runs `use` with the package in a folder of its own, and its tarball. */
async function withPackage(
  use: (folder: string, tarball: string) => Promise<void>,
): Promise<void> {
  const tarball = await (made ??= packOnce(place));
  await withFolder(async (folder) => {
    await mustRun(["tar", "-xzf", tarball, "-C", folder]);
    await use(`${folder}/package`, tarball);
  });
}

const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const write = (path: string, value: unknown) =>
  writeFileSync(path, JSON.stringify(value, null, 2));

/** Has tools look at a package. */
async function lint(folder: string): Promise<void> {
  const name = Object.entries(TOOLS).flat().join("-").replaceAll("/", "-");
  const tools = await installed(`package-${name}`, TOOLS);
  const node = await findRuntime("node24");
  const bin = `${tools}/node_modules/.bin`;
  await mustRun([node, `${bin}/publint`, "run", folder, "--strict"]);
  const quietly = [
    "--silent",
    "--ignore-scripts",
    `--pack-destination=${folder}-packed`,
  ];
  mkdirSync(`${folder}-packed`);
  const tarball = (await mustRun(["npm", "pack", ...quietly], { cwd: folder })).trim();
  await mustRun([
    ...[node, `${bin}/attw`, `${folder}-packed/${tarball}`],
    ...ATTW_OPTIONS,
  ]);
}

/** Loads entries by `import` and by `require()`, and has a child run something. */
async function use(folder: string): Promise<void> {
  await withFolder(async (project) => {
    const place = `${project}/node_modules/@pystd`;
    mkdirSync(place, { recursive: true });
    cpSync(folder, `${place}/multiprocessing`, { recursive: true });
    write(`${project}/package.json`, { type: "module" });
    writeFileSync(`${project}/work.mjs`, "export const twice = (x) => 2 * x;\n");
    const run = "const pool = mp.Pool(1);\npool.map(twice, [1, 2]).then((all) => {\n" +
      "  console.log(String(all));\n  return pool.terminate();\n});\n";
    writeFileSync(
      `${project}/module.mjs`,
      'import * as mp from "@pystd/multiprocessing";\n' +
        `import { twice } from "./work.mjs";\nif (mp.is_main(import.meta)) { ${run} }\n`,
    );
    writeFileSync(
      `${project}/script.cjs`,
      'const mp = require("@pystd/multiprocessing");\nif (mp.is_main(module)) ' +
        `import("./work.mjs").then(({ twice }) => { ${run} });\n`,
    );
    for (const runtime of ["node24", "node20"] as const) {
      const node = await findRuntime(runtime);
      for (const main of ["module.mjs", "script.cjs"]) {
        const said = await mustRun([node, `${project}/${main}`], { cwd: project });
        strictEqual(said, "2,4\n", `${runtime} ${main}`);
      }
    }
  });
}

test("the tarball: publint and attw have nothing to say, and its fields are there", async () => {
  await withPackage(async (folder) => {
    await lint(folder);
    const written = read(`${folder}/package.json`);
    for (const field of ["repository", "homepage", "bugs", "sideEffects", "engines"]) {
      strictEqual(field in written, true, field);
    }
    strictEqual(written.dependencies, undefined);
    for (const library of Object.keys(written.peerDependencies)) {
      strictEqual(written.peerDependenciesMeta[library].optional, true, library);
    }
    for (const client of CLIENTS) ok(client in written.peerDependencies, client);
    // Where the package is shown there are no other pages.
    const readme = readFileSync(`${folder}/README.md`, "utf8");
    const links = [...readme.matchAll(/\]\((?!#)([^)\s]+)\)/g)].map(([, link]) =>
      link!
    );
    ok(links.length > 10);
    for (const link of links) match(link, /^https:/);
    const entries = Object.keys(config.exports);
    deepStrictEqual(Object.keys(written.exports), [...entries, "./package.json"]);
  });
});

/** Imports all entries but one, then that one: how many files with a text does that load? */
const LOADED = `
import { registerHooks } from "node:module";
const [text, entry, ...others] = process.argv.slice(2);
let found = 0;
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (String(loaded.source).includes(text)) found++;
    return loaded;
  },
});
for (const other of others) await import(other);
console.log(found);
await import(entry);
console.log(found);
`;

/** Uses a server without a client library, which is loaded as it is needed. */
const WITHOUT_CLIENT = `.get_context("redis", { url: "redis://127.0.0.1:1" })
  .Lock().acquire().catch((error) => console.log(String(error)));
`;

test("only ./redis loads what is on a server, and it says what it lacks", async () => {
  await withPackage(async (folder) => {
    const project = `${folder}-project`;
    const modules = `${project}/node_modules`;
    cpSync(folder, `${modules}/@pystd/multiprocessing`, { recursive: true });
    mkdirSync(`${modules}/cli-progress`); // which ./progress loads at once
    writeFileSync(`${modules}/cli-progress/index.js`, "exports.SingleBar = class {};");
    writeFileSync(`${project}/loaded.mjs`, LOADED);
    const entry = `${config.name}/redis`;
    const others = Object.keys(config.exports).map((name) =>
      config.name + name.slice(1)
    ).filter((name) =>
      ![entry, `${config.name}/agent`, `${config.name}/child`].includes(name)
    );
    const node = await findRuntime("node24");
    const said = await mustRun(
      [node, "loaded.mjs", "disableOfflineQueue", entry, ...others],
      { cwd: project },
    );
    strictEqual(said, "0\n1\n");
    writeFileSync(
      `${project}/module.mjs`,
      `(await import("${entry}"))${WITHOUT_CLIENT}`,
    );
    writeFileSync(`${project}/script.cjs`, `require("${entry}")${WITHOUT_CLIENT}`);
    for (const runtime of ["node24", "node20", "bun"] as const) {
      for (const main of ["module.mjs", "script.cjs"]) {
        const command = [await findRuntime(runtime), main];
        match(
          await mustRun(command, { cwd: project }),
          /^ModuleNotFoundError: No module named '@redis\/client': .*npm i @redis\/client/,
          `${runtime} ${main}`,
        );
      }
    }
  });
});

/** What dnt writes, as far as it is not replaced. */
function byDnt(): PackageJson {
  const exports = Object.entries(config.exports).map(([name, path]) =>
    [name, { import: path.replace("./", "./esm/").replace(/\.ts$/, ".js") }] as const
  );
  return {
    module: "./esm/mod.js",
    types: "./esm/mod.d.ts",
    name: config.name,
    version: "1.2.3",
    exports: Object.fromEntries(exports),
    scripts: {},
    dependencies: { [BUILT_IN]: "^1.6.8", "cli-progress": "^3.12.0" },
    _generatedBy: "dnt@0.43.2",
  };
}

test("the package by dnt: publint and attw have nothing to say, and it loads", async () => {
  await withPackage(async (folder) => {
    // The same modules, where dnt and what build_npm.ts does afterwards put them.
    renameSync(folder, `${folder}-esm`);
    mkdirSync(folder);
    renameSync(`${folder}-esm`, `${folder}/esm`);
    for (const name of ["README.md", "LICENSE"]) {
      renameSync(`${folder}/esm/${name}`, `${folder}/${name}`);
    }
    rmSync(`${folder}/esm/package.json`);
    const written = completed(byDnt(), "./esm");
    strictEqual(written.version, "1.2.3");
    strictEqual(written.dependencies, undefined);
    write(`${folder}/package.json`, written);
    await lint(folder);
    await use(folder);
  });
});

test("a build that exports something else is refused", () => {
  const { "./pool": _, ...exports } = byDnt().exports;
  throws(() => completed({ ...byDnt(), exports }, "./esm"), {
    message: /^the build exports .* deno\.json /,
  });
});

/** Uses of the types, beside all entries. */
const USES = `
import { Pool, Process, Queue } from "@pystd/multiprocessing";
const q = Queue<number>();
export const n: Promise<number> = q.get();
export const all: Promise<number[]> = Pool(2).map((x: number) => 2 * x, [1]);
new Process({ target: (a: number, b: string) => [a, b], args: [1, "b"] });
// @ts-expect-error: the target takes a number
new Process({ target: (a: number) => a, args: ["b"] });
`;

/** Mistakes with `Process`, and what the compiler says of each. */
const MISTAKES = `
import { Process } from "@pystd/multiprocessing";
function two(_a: number, _b: string) {}
new Process({ target: two, args: ["a", "b"] });
new Process({ target: two, args: [1, "b"], deamon: true });
new Process({ target: two });
`;
const SAID = [
  /^user\.ts\(4,35\): error TS2322: Type 'string' is not assignable to type 'number'\.$/,
  /^user\.ts\(5,44\): error TS2561: .*Did you mean to write 'daemon'\?$/,
  /^user\.ts\(6,13\): error TS2345: .*\n +Property 'args' is missing in type .*$/,
];

for (const version of TYPESCRIPTS) {
  test(`the types: TypeScript ${version}, with nothing left out`, async () => {
    const compiler = await installed(`typescript-${version}`, { typescript: version });
    const node = await findRuntime("node24");
    await withPackage(async (folder) => {
      const user = `${folder}-user`;
      mkdirSync(`${user}/node_modules/@pystd`, { recursive: true });
      cpSync(folder, `${user}/node_modules/@pystd/multiprocessing`, {
        recursive: true,
      });
      write(`${user}/package.json`, { type: "module" });
      // One of them is a program, not a module, and exports nothing.
      const entries = Object.keys(config.exports).map((name) =>
        `import "${config.name}${name.slice(1)}";\n`
      );
      writeFileSync(`${user}/user.ts`, entries.join("") + USES);
      for (const [module, moduleResolution] of Object.entries(RESOLUTIONS)) {
        const compilerOptions = {
          ...{ target: "es2022", lib: ["esnext", "dom"], module, moduleResolution },
          ...{ strict: true, noEmit: true, skipLibCheck: false, types: [] },
        };
        write(`${user}/tsconfig.json`, { compilerOptions, files: ["user.ts"] });
        await mustRun([node, `${compiler}/node_modules/.bin/tsc`, "-p", user]);
      }
      // No list of overloads.
      writeFileSync(`${user}/user.ts`, MISTAKES);
      const tsc = [node, `${compiler}/node_modules/.bin/tsc`, "-p", "."];
      const { stdout } = await run([...tsc, "--pretty", "false"], { cwd: user });
      const errors = stdout.trimEnd().split(/\n(?! )/);
      strictEqual(errors.length, SAID.length, stdout);
      for (const [i, text] of SAID.entries()) match(errors[i]!, text);
    });
  });
}

test("JSR: what is built may be published from inside the clone", async () => {
  await withPackage(async (folder, tarball) => {
    const clone = `${folder}-clone`;
    mkdirSync(clone);
    await mustRun(["git", "init", "--quiet", clone]);
    cpSync(new URL("../../.gitignore", import.meta.url), `${clone}/.gitignore`);
    await buildForJsr(tarball, `${clone}/jsr`);
    const deno = await findRuntime("deno");
    await mustRun([deno, "publish", "--dry-run", "--allow-dirty", "--quiet"], {
      cwd: `${clone}/jsr`,
    });
    const entries = Object.values(config.exports).map((path) =>
      path.replace(/\.ts$/, ".js")
    );
    await mustRun([deno, "doc", "--lint", ...entries], { cwd: `${clone}/jsr` });
    for (const [entry, path] of Object.entries(config.exports)) {
      const types = path.replace(/\.ts$/, ".d.ts");
      const text = readFileSync(`${clone}/jsr/${types}`, "utf8");
      match(text, /^\/\*\*[\s\S]*?@module/, `${entry}: ${types}`);
    }
  });
});
