/** Tests of src/runtime/speed/compile_cache.ts. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { cacheVariable } from "../../../src/runtime/speed/compile_cache.ts";
import { NOBODY, withFolder, withTemporary } from "../../helpers/folders.ts";
import { runProgram } from "../../helpers/run.ts";
import { turnAllOn } from "../../helpers/switches.ts";
import { runtimeName, testsWith } from "../../suite.ts";

turnAllOn();

const skip = runtimeName !== "node" && "only Node keeps what it has compiled";

/** Two scripts of the same length: V8 does not tell what it has compiled of them apart. */
const ONE = "(function f() { return 'one' })()";
const TWO = "(function f() { return 'two' })()";

/** What a script gives in a process of its own, and what is kept after it. */
async function run(
  folder: string,
  script: string,
  name: string,
  { isDisabled = false, life = "longer" } = {},
): Promise<string> {
  const path = join(folder, `${name}.js`);
  fs.writeFileSync(path, script);
  const { stdout, stderr } = await runProgram("tests/children/kept_script.ts", {
    args: [path, name, life],
    env: {
      NODE_COMPILE_CACHE: join(folder, "kept"),
      NODE_DISABLE_COMPILE_CACHE: isDisabled ? "1" : undefined,
    },
  });
  strictEqual(stderr, "");
  return stdout.trim();
}

/** The file that is kept under a name: there is no other one of this name. */
function keptOf(folder: string, name: string): string {
  const found = fs.readdirSync(join(folder, "kept"), {
    recursive: true,
    encoding: "utf8",
  })
    .filter((path) => path.split("/").at(-1)!.startsWith(`${name}-`));
  strictEqual(found.length, 1);
  return join(folder, "kept", found[0]!);
}

/** Tests that have a folder of their own. */
const FOLDER = testsWith<string>({ skip }, withFolder);

/** Puts what is kept of the second script in the place of the first one's. */
async function exchanged(folder: string): Promise<string> {
  strictEqual(await run(folder, ONE, "one"), "one");
  strictEqual(await run(folder, TWO, "two"), "two");
  const file = keptOf(folder, "one");
  fs.copyFileSync(keptOf(folder, "two"), file);
  return file;
}

FOLDER.test("what one process has compiled, the next one runs", async (folder) => {
  await exchanged(folder);
  strictEqual(await run(folder, ONE, "one"), "two");
});

FOLDER.test("what a shorter one has compiled is run until there is a longer one's", async (folder) => {
  const life = "shorter";
  strictEqual(await run(folder, ONE, "one", { life }), "one");
  strictEqual(await run(folder, TWO, "two", { life }), "two");
  const short = keptOf(folder, "one");
  ok(short.endsWith("-short"), short);
  fs.copyFileSync(keptOf(folder, "two"), short);
  const { mtimeMs } = fs.statSync(short);
  strictEqual(await run(folder, ONE, "one", { life }), "two");
  strictEqual(fs.statSync(short).mtimeMs, mtimeMs); // nothing is kept again
  strictEqual(await run(folder, ONE, "one"), "two");
  const long = keptOf(folder, "one");
  strictEqual(`${long}-short`, short);
  fs.writeFileSync(short, "nothing looks there any more");
  strictEqual(await run(folder, ONE, "one", { life }), "two");
  strictEqual(fs.readFileSync(short, "utf8"), "nothing looks there any more");
});

FOLDER.test("a process that waits for its work keeps before what it has compiled", async (folder) => {
  const life = "waiting";
  strictEqual(await run(folder, ONE, "one", { life }), "one");
  strictEqual(keptOf(folder, "one").endsWith("-short"), false);
});

FOLDER.test("what is kept is nobody else's to write, and whole", async (folder) => {
  const file = await exchanged(folder);
  strictEqual(fs.statSync(file).mode & 0o777, 0o600);
  fs.chmodSync(file, 0o620);
  strictEqual(await run(folder, ONE, "one"), "one");
  strictEqual(fs.statSync(keptOf(folder, "one")).mode & 0o777, 0o600);
});

FOLDER.test("a damaged file is compiled anew, and mended", async (folder) => {
  const file = await exchanged(folder);
  const whole = fs.readFileSync(file);
  const damages: ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => bytes.subarray(0, 0),
    (bytes) => bytes.subarray(0, 1001),
    (bytes) => bytes.fill(0),
    (bytes) => bytes.fill(0, bytes.length / 4, bytes.length / 2),
    (bytes) => bytes.fill(7, bytes.length - 8),
    (bytes) => bytes.fill(7, 0, 4).fill(7, bytes.length / 2, bytes.length / 2 + 4),
  ];
  for (const damage of damages) {
    fs.writeFileSync(file, damage(new Uint8Array(whole)));
    strictEqual(await run(folder, ONE, "one"), "one");
    strictEqual(fs.readFileSync(file).length, whole.length);
  }
});

FOLDER.test("who wants nothing kept has nothing kept", async (folder) => {
  strictEqual(await run(folder, ONE, "one", { isDisabled: true }), "one");
  strictEqual(fs.existsSync(join(folder, "kept")), false);
});

FOLDER.test("where nothing can be kept, a script runs all the same", async (folder) => {
  fs.writeFileSync(join(folder, "kept"), "no folder");
  strictEqual(await run(folder, ONE, "one"), "one");
});

FOLDER.test("errors name the script that runs, not another one of its text", async (folder) => {
  const script = "(function f() { return new Error().stack.split('\\n')[1]; })()";
  const command = (place: string) => {
    fs.mkdirSync(join(folder, place));
    const path = join(folder, place, "script.js");
    fs.writeFileSync(path, script);
    return runProgram("tests/children/kept_script.ts", {
      args: [path, "same", "longer"],
      env: { NODE_COMPILE_CACHE: join(folder, "kept") },
    });
  };
  for (const place of ["here", "there", "elsewhere"]) {
    const { stdout } = await command(place);
    ok(stdout.includes(`/${place}/script.js`), stdout);
  }
});

// --- where it is kept if nobody says

/** Tests that have a place for temporary files, with the path of the cache in it. */
const PLACE = testsWith<{ place: string; own: string }>(
  { skip },
  (fn) =>
    withFolder((place) => {
      const own = join(place, `node-compile-cache-${process.geteuid!()}`);
      return fn({ place, own });
    }),
);

/** Where a process that a program starts keeps what it compiles, and its environment. */
async function whereKept(place: string): Promise<[folder: string, variable: string]> {
  const { stdout, stderr } = await runProgram("tests/children/where_compiled.ts", {
    env: { TMPDIR: place, NODE_COMPILE_CACHE: undefined },
  });
  strictEqual(stderr, "");
  return stdout.split("\n") as [string, string];
}

/** What there is in a folder and its folders. */
function filesIn(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
}

/** Runs a script as a root with this environment; gives what it prints. */
async function runAsRoot(
  place: string,
  script: string,
  env: Record<string, string> = {},
  life = "longer",
): Promise<string> {
  const path = join(place, "script.js");
  fs.writeFileSync(path, script);
  const { stdout, stderr } = await runProgram("tests/children/kept_script.ts", {
    args: [path, "script", life, "root"],
    env: { TMPDIR: place, NODE_COMPILE_CACHE: undefined, ...env },
  });
  strictEqual(stderr, "");
  return stdout.trim();
}

/** The kept scripts in a folder, which may not be there. */
function keptIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return filesIn(folder).filter((path) => path.includes("script-"));
}

PLACE.test("a root keeps a script where its children will, by a name of its own", async ({ place, own }) => {
  for (const life of ["shorter", "longer"]) {
    strictEqual(await runAsRoot(place, ONE, {}, life), "one");
    const [kept, ...others] = keptIn(own);
    deepStrictEqual(others, []);
    ok(kept!.startsWith("script-root-"), kept);
    strictEqual(kept!.endsWith("-short"), life === "shorter");
  }
  strictEqual(await runAsRoot(place, TWO), "one"); // V8 does not tell these two apart
});

PLACE.test("a root keeps nothing if its user wants it otherwise", async ({ place, own }) => {
  const folder = join(place, "named");
  const wishes: Record<string, string>[] = [
    { NODE_DISABLE_COMPILE_CACHE: "1" },
    { MULTIPROCESSING_PLAIN: "1" },
    { MULTIPROCESSING_WITHOUT: "cache" },
    { NODE_COMPILE_CACHE: folder },
  ];
  for (const env of wishes) {
    strictEqual(await runAsRoot(place, ONE, env), "one");
    deepStrictEqual(keptIn(own), []);
    strictEqual(keptIn(folder).length, env["NODE_COMPILE_CACHE"] === undefined ? 0 : 1);
  }
});

PLACE.test(
  "what is kept is in a folder of this user's, which is used again",
  async ({ place, own }) => {
    for (let i = 0; i < 2; i++) {
      const [folder, variable] = await whereKept(place);
      ok(folder === "unknown" || folder.startsWith(`${own}/`), folder);
      strictEqual(variable, ""); // what the child starts is not told of it
      strictEqual(fs.lstatSync(own).mode & 0o777, 0o700);
      ok(filesIn(own).length > 0);
    }
  },
);

/** What others may have put in the place of our folder; each keeps files in `kept`. */
const FOREIGN: Record<string, (own: string, kept: string) => void> = {
  "a link": (own, kept) => fs.symlinkSync(kept, own),
  "a folder that others may look into": (own) => {
    fs.mkdirSync(own);
    fs.chmodSync(own, 0o755);
  },
  "a folder that others may write": (own) => {
    fs.mkdirSync(own);
    fs.chmodSync(own, 0o777);
  },
  "a file": (own) => fs.writeFileSync(own, ""),
};
if (process.getuid?.() === 0) {
  FOREIGN["another user's folder"] = (own) => {
    fs.mkdirSync(own, 0o700);
    fs.chownSync(own, NOBODY, NOBODY);
  };
}

for (const [what, make] of Object.entries(FOREIGN)) {
  PLACE.test(
    `nothing is kept in ${what} of that name, nor run from there`,
    async ({ place, own }) => {
      const kept = join(place, "kept");
      fs.mkdirSync(kept, 0o700);
      make(own, kept);
      const [folder] = await whereKept(place);
      ok(folder === "unknown" || folder === "", folder);
      strictEqual(filesIn(kept).length, 0);
      if (fs.lstatSync(own).isDirectory()) strictEqual(filesIn(own).length, 0);
    },
  );
}

PLACE.test(
  "nothing is kept where others can put theirs in the place of our folder",
  async ({ place, own }) => {
    for (const mode of [0o777, 0o770]) {
      fs.chmodSync(place, mode);
      const [folder] = await whereKept(place);
      ok(folder === "unknown" || folder === "", folder);
      strictEqual(fs.existsSync(own), false);
    }
  },
);

PLACE.test("another user's cached code is not run", async ({ place, own }) => {
  // The cache that a program would find by the name of its script, made of another one.
  await withFolder(async (folder) => {
    await exchanged(folder);
    fs.cpSync(join(folder, "kept"), own, { recursive: true });
    strictEqual(await run(folder, ONE, "one"), "two"); // so it would be, were it trusted
    for (const path of [own, ...filesIn(own).map((name) => join(own, name))]) {
      fs.chownSync(path, NOBODY, NOBODY);
    }
    withTemporary(place, () => {
      deepStrictEqual(cacheVariable({}), {});
      fs.rmSync(own, { recursive: true });
      deepStrictEqual(cacheVariable({}), { NODE_COMPILE_CACHE: `${own}/` });
      deepStrictEqual(cacheVariable({ NODE_COMPILE_CACHE: "/mine" }), {});
      deepStrictEqual(cacheVariable({ NODE_DISABLE_COMPILE_CACHE: "1" }), {});
    });
  });
}, {
  skip: process.getuid?.() !== 0 && "only the superuser can make another's folder",
});
