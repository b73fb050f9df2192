/**
 * A host on which the program is in another folder, and one on which there is another version of
 * this package: a copy of what this test runs from.
 */
import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Pool, Process, Queue } from "../../mod.ts";
import type { Host } from "../../src/process.ts";
import { VERSION } from "../../src/runtime/package.ts";
import { exitcodeOf } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { giveFunction, ownUrl, tellPlace } from "../helpers/host_targets.ts";
import { runtimeName, test } from "../suite.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const PACKAGE = "node_modules/@pystd";

/** Copies what the test runs from; the modules of others are where they were. */
function copyTo(folder: string): void {
  for (const name of ["src", "tests/helpers", "tests/suite.ts", "tests/suite.js"]) {
    if (existsSync(`${ROOT}/${name}`)) copy(name);
  }
  for (const name of ["mod.ts", "deno.json", "package.json", "scripts/links"]) {
    if (existsSync(`${ROOT}/${name}`)) copy(name);
  }
  const isInstalled = existsSync(`${ROOT}/${PACKAGE}/multiprocessing/mod.js`);
  if (runtimeName === "deno" && !isInstalled) {
    // It refuses packages behind a link: those of its cache are the same.
    const config = readFileSync(`${ROOT}/deno.json`, "utf8");
    const changed = config.replace(/("nodeModulesDir": )"\w+"/, '$1"none"');
    writeFileSync(`${folder}/deno.json`, changed);
    return;
  }
  mkdirSync(`${folder}/node_modules`);
  for (const name of readdirSync(`${ROOT}/node_modules`)) {
    if (name !== "@pystd" && runtimeName !== "deno") {
      symlinkSync(`${ROOT}/node_modules/${name}`, `${folder}/node_modules/${name}`);
    }
  }
  if (isInstalled) copy(PACKAGE);

  function copy(name: string): void {
    cpSync(`${ROOT}/${name}`, `${folder}/${name}`, { recursive: true });
  }
}

/**
 * Gives every file in a folder that tells this version another one, of another length: by that
 * Node knows that a file is not the one that it has kept compiled.
 */
function changeVersion(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) changeVersion(path);
    else if (/\.(ts|js|cjs|mjs)$/.test(entry.name)) {
      const text = readFileSync(path, "utf8");
      const changed = text.replaceAll(`"${VERSION}"`, '"9.8.7-other"');
      if (changed !== text) writeFileSync(path, changed);
    }
  }
}

function hostIn(folder: string): Host {
  return {
    name: "box",
    command: ["env", "WHERE=box"],
    executable: process.execPath,
    folders: { [ROOT]: folder },
  };
}

test("modules are where the folders are there, and have their names at the root", async () => {
  await withFolder(async (folder) => {
    copyTo(folder);
    const host = hostIn(folder);
    await using pool = Pool({ processes: 1, host });
    const there = await pool.apply(ownUrl);
    strictEqual(
      there.replace(pathToFileURL(folder).href, pathToFileURL(ROOT).href),
      ownUrl(),
    );
    strictEqual(there === ownUrl(), false);
    strictEqual(await pool.apply(giveFunction), ownUrl);
    const told = Queue<[number, string, null, string, string]>();
    const p = new Process({
      target: tellPlace,
      args: [told],
      host,
      env: { GIVEN: "x" },
    });
    await p.start();
    const [pid, where, , given, cwd] = await told.get();
    deepStrictEqual([pid, where, given], [p.pid, "box", "x"]);
    strictEqual(cwd, process.cwd() === ROOT ? folder : process.cwd());
    strictEqual(await exitcodeOf(p), 0);
  });
});

test("another version of the package there is told, and nothing runs", async () => {
  await withFolder(async (folder) => {
    copyTo(folder);
    const place = existsSync(`${folder}/${PACKAGE}`) ? PACKAGE : "src";
    changeVersion(`${folder}/${place}`);
    const host = hostIn(folder);
    const p = new Process({ target: ownUrl, host });
    await p.start();
    strictEqual(await exitcodeOf(p), 1);
    await using pool = Pool({ processes: 1, host });
    await rejects(pool.apply(ownUrl), (error: Error) => {
      strictEqual(error.name, "WorkerLostError");
      match(error.message, /9\.8\.7-other on box cannot work with \S+ of the program/);
      return true;
    });
  });
});

test("a directory that was asked for must be there", async () => {
  const host = { ...hostIn("/no/such"), folders: {} };
  await rejects(new Process({ target: ownUrl, host, cwd: "/no/such" }).start(), {
    name: "OSError",
    message: /^cannot start Process-\d+ on box: there is no folder \/no\/such$/,
  });
});
