/**
 * Tests of the start method `forkserver`: src/forkserver.ts, src/context/ahead.ts and what
 * they lead to. What waits is looked at in programs of their own: Deno's tests must leave
 * nothing behind, so there processes that wait end with the last process of a test.
 */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import * as context from "../src/context.ts";
import * as forkserver from "../src/forkserver.ts";
import { left } from "./cpython/helpers/checks.ts";
import { noList } from "./helpers/children_of.ts";
import { pidOf, square } from "./helpers/pool_work.ts";
import { outputOf, runProgram, startProgram } from "./helpers/run.ts";
import { test, testsWith } from "./suite.ts";

const PROGRAM = "tests/children/ahead.ts";
const LISTED = testsWith({ skip: noList });

const WITH_TWO = { wasAhead: true };

/** What each case of the program says. */
const CASES: Record<string, unknown> = {
  "quiet": 0, // a program that does not ask for it has none
  "ensured": true,
  "taken": {
    before: 0, // none before the first process is started
    names: ["ForkServerProcess-1", "ForkServerProcess-2", "ForkServerProcess-3"],
    wasAhead: [true, true],
    args: ["taken"],
  },
  "directory": {
    isThere: true,
    wasAhead: false,
    areOthers: true,
    isBack: true,
    wasAheadThere: false,
  },
  "environment": { values: ["set", "own", "set"], wasAhead: [false, false, false] },
  "killed": { wasReplaced: true, tookStopped: false, left: [] },
  "killed at once": { tookKilled: false },
  "bound": [5, 0, 1, 1],
  "burst": { count: 12, left: 2 },
  "asking": {
    told: { name: "asked", parent: "MainProcess", isMain: false, came: "through" },
    exitcode: 0,
    ...WITH_TWO,
  },
  "inner": {
    names: ["ForkServerProcess-2:1", "ForkServerProcess-2"],
    wereAhead: [true, true],
  },
  "pool": {
    tookAhead: true,
    names: ["ForkServerPoolWorker-N", "ForkServerPoolWorker-N"],
    squares: [1, 4, 9],
  },
  // The worker that follows another one was started ahead as well.
  "recycled": { wereAhead: [true, true] },
  "idle": { wereAhead: [true, true] },
  "default": { name: "Process-1", ...WITH_TWO },
};

for (const [name, expected] of Object.entries(CASES)) {
  LISTED.test(`forkserver: ${name}`, async () => {
    deepStrictEqual(JSON.parse(await outputOf(PROGRAM, [name])), expected);
  });
}

LISTED.test("forkserver: a module that cannot be imported is told of", async () => {
  const { stdout, stderr, code } = await runProgram(PROGRAM, { args: ["missing"] });
  deepStrictEqual([stdout, code], ['"ForkServerProcess-1"\n', 0]);
  match(
    stderr,
    /^set_forkserver_preload: cannot import file:.*no_such_module\.[jt]s\n/,
  );
});

for (const [end, code] of [["exit", 3], ["throw", 1], ["last line", 0]] as const) {
  LISTED.test(`forkserver: no process is left when the root ends by: ${end}`, async () => {
    const result = await runProgram(PROGRAM, { args: [end] });
    strictEqual(result.code, code);
    const pids = JSON.parse(result.stdout) as number[];
    strictEqual(pids.length, 2);
    deepStrictEqual(await left(pids), []);
  });
}

for (const signal of ["SIGTERM", "SIGINT", "SIGKILL"] as const) {
  LISTED.test(`forkserver: no process is left when the root ends by: ${signal}`, async () => {
    const root = startProgram(PROGRAM, { args: ["waiting"] });
    await root.waitForOutput("\n");
    const pids = JSON.parse(root.stdout) as number[];
    root.kill(signal);
    ok((await root.finished).code < 0);
    deepStrictEqual(await left(pids), []);
  });
}

test("forkserver: a test of this runtime leaves nothing behind", async () => {
  const ctx = context.get_context("forkserver");
  for (let n = 0; n < 3; n++) {
    const q = ctx.Queue<number>();
    const p = new ctx.Process({ target: pidOf, args: [n] });
    p.start();
    await p.join();
    strictEqual(p.exitcode, 0);
    q.close();
  }
  const pool = ctx.Pool(2);
  deepStrictEqual(await pool.map(square, [1, 2]), [1, 4]);
  pool.close();
  await pool.join();
});

test("forkserver: contexts and names", () => {
  const ctx = context.get_context("forkserver");
  ok(ctx instanceof context.ForkServerContext);
  strictEqual(ctx.get_start_method(), "forkserver");
  strictEqual(new ctx.Process().name.replace(/\d+/, "N"), "ForkServerProcess-N");
  match(
    String(ctx),
    /^<multiprocessing\.context\.ForkServerContext object at 0x[0-9a-f]+>$/,
  );
  strictEqual(forkserver.set_forkserver_preload, context.set_forkserver_preload);
  deepStrictEqual(context.get_all_start_methods(), ["spawn", "forkserver"]);
});

test("set_forkserver_preload: wrong arguments", () => {
  const set = forkserver.set_forkserver_preload as (...args: unknown[]) => void;
  throws(() => set([1]), {
    name: "TypeError",
    message: "module_names must be a list of strings",
  });
  for (const spares of [-1, 65, 1.5, "2", NaN]) {
    throws(() => set([], { spares }), {
      name: "ValueError",
      message: "spares must be an integer from 0 to 64",
    });
  }
  throws(() => set([], { spare: 1 }), { name: "TypeError" });
  throws(() => (forkserver.ensure_running as (n: number) => void)(1), {
    name: "TypeError",
    message: "ForkServer.ensure_running() takes 1 positional argument but 2 were given",
  });
});
