/** Tests of what children of Node need not compile. */
import { strictEqual } from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

const skip = runtimeName !== "node" && "only Node keeps what it has compiled";

/** Two scripts of the same length: V8 does not tell what it has compiled of them apart. */
const ONE = "(function f() { return 'one' })()";
const TWO = "(function f() { return 'two' })()";

/** What a script gives in a process of its own, and what is kept after it. */
async function run(
  folder: string,
  script: string,
  name: string,
  isDisabled = false,
): Promise<string> {
  const path = join(folder, `${name}.js`);
  fs.writeFileSync(path, script);
  const { stdout, stderr } = await runProgram("tests/children/kept_script.ts", {
    args: [path, name],
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

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(join(tmpdir(), "kept-"));
  try {
    await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Puts what is kept of the second script in the place of the first one's. */
async function exchanged(folder: string): Promise<string> {
  strictEqual(await run(folder, ONE, "one"), "one");
  strictEqual(await run(folder, TWO, "two"), "two");
  const file = keptOf(folder, "one");
  fs.copyFileSync(keptOf(folder, "two"), file);
  return file;
}

test(
  "what one process has compiled, the next one runs",
  () =>
    inFolder(async (folder) => {
      await exchanged(folder);
      strictEqual(await run(folder, ONE, "one"), "two");
    }),
  { skip },
);

test(
  "what is kept is nobody else's to write, and whole",
  () =>
    inFolder(async (folder) => {
      const file = await exchanged(folder);
      strictEqual(fs.statSync(file).mode & 0o777, 0o600);
      fs.chmodSync(file, 0o620);
      strictEqual(await run(folder, ONE, "one"), "one");
      strictEqual(fs.statSync(keptOf(folder, "one")).mode & 0o777, 0o600);
    }),
  { skip },
);

test("a damaged file is compiled anew, and mended", () =>
  inFolder(async (folder) => {
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
  }), { skip });

test("who wants nothing kept has nothing kept", () =>
  inFolder(async (folder) => {
    strictEqual(await run(folder, ONE, "one", true), "one");
    strictEqual(fs.existsSync(join(folder, "kept")), false);
  }), { skip });

test(
  "where nothing can be kept, a script runs all the same",
  () =>
    inFolder(async (folder) => {
      fs.writeFileSync(join(folder, "kept"), "no folder");
      strictEqual(await run(folder, ONE, "one"), "one");
    }),
  { skip },
);
