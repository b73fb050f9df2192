/**
 * Whatever ends the root, nobody is left: each of its ends, with children in each state at
 * once. `KILL_ROUNDS` and `KILL_SEED` in the environment change how many roots end at
 * random instants, and when.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { left } from "../cpython/helpers/checks.ts";
import { random } from "../kill/items.ts";
import { makerOf } from "../../src/runtime/private_dir.ts";
import { makeSharedDir, removeSharedDir } from "../../src/runtime/shared_file.ts";
import { withFolder } from "../helpers/folders.ts";
import { programCommand } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

/** Signals that can be waited for, and their numbers. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

/** Whether the system ends a computing child whose root is killed; see docs/ends.md. */
const KILLS_ORPHANS = process.platform === "linux" && runtimeName !== "node";

/** A tenth of what other tests kill: each round is a whole program. */
const ROUNDS = Math.ceil(Number(process.env["KILL_ROUNDS"] ?? 300) / 10);
const SEED = Number(process.env["KILL_SEED"] ?? 20260501);

const IDLE = ["sleeps", "waits", "ignores"];
const STATES = [
  ...IDLE,
  "computes",
  "ignores and computes",
  "grandchild",
  "pool",
  "manager",
  "starts",
];

interface Root {
  pid: number;
  /** Its descendants, as far as it knows. */
  pids: number[];
  kill(signal: NodeJS.Signals): void;
  end: Promise<number>;
}

/** Starts ending_root.ts; it is ready when this settles. */
async function start(end: string, states: string[], env = {}): Promise<Root> {
  const [program, ...args] = programCommand("tests/children/ending_root.ts", {
    args: [end, ...states],
  });
  const root = spawn(program!, args, {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<number>((resolve) => {
    root.on("exit", (code, signal) => {
      resolve(code ?? -{ ...SIGNALS, SIGKILL: 9 }[signal as "SIGKILL"]);
    });
  });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    root.stdout.on("data", (bytes) => {
      text += bytes;
      if (text.includes("ready\n")) resolve();
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
  return {
    pid: root.pid!,
    pids: text.split("\n")[0]!.split(" ").map(Number),
    kill: (signal) => void root.kill(signal),
    end: ended,
  };
}

for (const [end, code] of [["exit", 3], ["throw", 1], ["reject", 1]] as const) {
  test(`nobody is left when the root ends by: ${end}`, async () => {
    const root = await start(end, STATES);
    strictEqual(await root.end, code);
    ok(root.pids.length >= STATES.length);
    deepStrictEqual(await left(root.pids), []);
  });
}

for (const [name, number] of Object.entries(SIGNALS)) {
  test(`nobody is left when the root ends by: ${name}`, async () => {
    const root = await start("waiting", STATES);
    root.kill(name as NodeJS.Signals);
    strictEqual(await root.end, -number);
    deepStrictEqual(await left(root.pids), []);
  });
}

for (const name of ["SIGINT", "SIGTERM"] as const) {
  test(`nobody is left when ${name} ends a root that waits for its children`, async () => {
    const root = await start("last line", STATES);
    root.kill(name);
    strictEqual(await root.end, -SIGNALS[name]);
    deepStrictEqual(await left(root.pids), []);
  });
}

test("a second signal ends the root at once", async () => {
  const root = await start("waiting", ["ignores and computes"]);
  root.kill("SIGTERM");
  root.kill("SIGINT");
  ok([-2, -15].includes(await root.end));
  deepStrictEqual(await left(root.pids), []);
});

test("nobody is left when the root is killed, as far as that can be", async () => {
  const root = await start("waiting", KILLS_ORPHANS ? STATES : IDLE);
  root.kill("SIGKILL");
  strictEqual(await root.end, -9);
  deepStrictEqual(await left(root.pids), []);
});

test("a root that computes is killed with its children as well", async () => {
  const root = await start("computing", KILLS_ORPHANS ? STATES : IDLE);
  root.kill("SIGKILL");
  strictEqual(await root.end, -9);
  deepStrictEqual(await left(root.pids), []);
});

test(
  "roots that end at random instants leave no process and no file",
  () =>
    withFolder(async (folder) => {
      const roots = await Promise.all(
        [0, 1].map((i) => killRoots(random(SEED + i), `${folder}/${i}`)),
      );
      deepStrictEqual(inMemory(roots.flat()), []);
    }),
  { timeout: 600 },
);

/** Files that processes have left in memory, after this one has made a folder there itself. */
function inMemory(pids: number[]): string[] {
  const own = makeSharedDir();
  if (own === undefined) return []; // there are no files in memory here
  removeSharedDir(own);
  return readdirSync(dirname(own)).filter((name) =>
    pids.includes(makerOf(name)?.pid ?? -1)
  );
}

/** Half of the rounds, one after the other, in a folder for temporary files of their own. */
async function killRoots(choose: () => number, folder: string): Promise<number[]> {
  mkdirSync(folder);
  const all: number[] = [];
  const names = [...Object.keys(SIGNALS), "SIGKILL"] as NodeJS.Signals[];
  const states = KILLS_ORPHANS ? ["waits", "computes", "starts"] : ["waits", "sleeps"];
  for (let round = 0; round < ROUNDS / 2; round++) {
    const { pid, pids, kill, end } = await start("waiting", states, {
      TMPDIR: folder,
    });
    all.push(pid, ...pids);
    const turns = choose() * 2000;
    for (let i = 0; i < turns; i++) {
      await new Promise((resolve) => void setImmediate(resolve));
    }
    kill(names[round % names.length]!);
    await end;
    deepStrictEqual(await left(pids), []);
  }
  // What a killed root has left, the next one removes.
  const last = await start("exit", ["waits"], { TMPDIR: folder });
  await last.end;
  deepStrictEqual(await left(last.pids), []);
  const litter = readdirSync(folder).filter((name) => name.startsWith("pymp-"));
  deepStrictEqual(litter, []);
  return all;
}
