/** Stacks without the package's frames, and down to the line that waits. */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Pool, RemoteTraceback } from "../../mod.ts";
import { BaseManager } from "../../src/managers.ts";
import { endAtCaller, ownPlaces, withoutOwnFrames } from "../../src/python/stack.ts";
import { ownUrls, sourcesOf } from "../../src/runtime/own_program.ts";
import { failDeep, Failing } from "../helpers/failing_work.ts";
import { test } from "../suite.ts";

const OWN = ownPlaces(ownUrls(sourcesOf("file:///opt/a%20b/src/bundle/core.js")));

test("the package's own places are known by how its files lie", () => {
  deepStrictEqual(OWN, [
    "file:///opt/a%20b/src/",
    "file:///opt/a%20b/mod.",
    "/opt/a b/src/",
    "/opt/a b/mod.",
  ]);
  const jsr = "https://jsr.io/@a/b/1.0.0/src/runtime/own_program.ts";
  deepStrictEqual(ownPlaces(ownUrls(sourcesOf(jsr))), [
    "https://jsr.io/@a/b/1.0.0/src/",
    "https://jsr.io/@a/b/1.0.0/mod.",
  ]);
  // Where a bundler has put the package and the user's code into one file, none is ours.
  const inside = "file:///home/app/dist/server.js";
  for (const url of [inside, undefined]) {
    deepStrictEqual(ownPlaces(ownUrls(sourcesOf(url))), []);
  }
});

/** Frames as the engines write them: the user's, ours, the runtimes'. */
const HEAD = "RangeError: too far";
const USERS = [
  "    at inner (file:///home/app/src/work.js:2:27)",
  "    at async file:///home/app/main.mjs:1:34",
  "    at work (/home/app/work.ts:7:1)",
  "    at work (/home/opt/a b/src/work.ts:7:1)", // ends like our path, and is not
  "inner@/home/app/work.ts:7:1",
  "    at <anonymous>",
];
const OURS = [
  "    at #run (file:///opt/a%20b/src/bundle/core.js:2318:36)",
  "    at async file:///opt/a%20b/src/bundle/core.js:2318:36",
  "    at new Runner (/opt/a b/src/pool/runner.ts:1:2)",
  "    at /opt/a b/mod.js:1:2",
  "run@/opt/a b/src/pool/runner.ts:1:2",
];
const RUNTIMES = [
  "    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)",
  "    at ext:core/01_core.js:427:7",
  "    at processTicksAndRejections (native:7:39)",
];

test("frames of the package are left out wherever they are", () => {
  for (const ours of OURS) {
    for (const users of USERS) {
      const shown = `${HEAD}\n${users}`;
      strictEqual(withoutOwnFrames(`${shown}\n${ours}`, OWN), shown);
      strictEqual(withoutOwnFrames(`${HEAD}\n${ours}\n${users}`, OWN), shown);
      const between = `${shown}\n${ours}\n${users}`;
      strictEqual(withoutOwnFrames(between, OWN), `${shown}\n${users}`);
    }
  }
});

test("frames of the runtime go with those of the package that they follow", () => {
  for (const runtimes of RUNTIMES) {
    const shown = `${HEAD}\n${USERS[0]}`;
    strictEqual(withoutOwnFrames(`${shown}\n${OURS[0]}\n${runtimes}`, OWN), shown);
    strictEqual(
      withoutOwnFrames(`${shown}\n${runtimes}`, OWN),
      `${shown}\n${runtimes}`,
    );
  }
});

test("a stack that has nothing else, or no frames, stays as it is", () => {
  const own = `${HEAD}\n${OURS.join("\n")}\n${RUNTIMES[0]}`;
  for (const stack of [own, HEAD, ""]) strictEqual(withoutOwnFrames(stack, OWN), stack);
});

test("what is no error, or cannot be changed, ends as it is", () => {
  for (const thrown of [undefined, null, "text", { stack: "text" }]) {
    strictEqual(endAtCaller(thrown), thrown);
  }
  const frozen = Object.freeze(new Error("frozen"));
  strictEqual(endAtCaller(frozen), frozen);
});

/** The stack of the error that `call` ends with, in a function with a name of its own. */
async function caller(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    ok(error instanceof RangeError);
    const { cause } = error;
    ok(cause instanceof RemoteTraceback);
    match(cause.tb, /at failInner|failInner@/);
    ok(!/src\/(pool|managers|bundle|link)\//.test(cause.tb), cause.tb);
    return error.stack!;
  }
  throw new Error("it did not fail");
}

/** That a stack is the other process's down to the function, then the caller's here. */
function checkWhole(stack: string): void {
  const lines = stack.split("\n").slice(1);
  match(lines[0]!, /failInner.*failing_work/);
  ok(lines.some((line) => /at async caller .*stack_test/.test(line)), stack);
  ok(
    lines.every((line) => !/src\/(pool|managers|bundle|link|python)\//.test(line)),
    stack,
  );
}

test("an error of a pool's task ends at the line that waits for the task", async () => {
  const pool = Pool(1);
  const calls: (() => unknown)[] = [
    () => pool.apply(failDeep, [3]),
    () => pool.map(failDeep, [3]),
    () => pool.starmap(failDeep, [[3]]),
    () => pool.apply_async(failDeep, [3]).get(),
    () => pool.apply_async(failDeep, [3]).get(30),
    () => pool.map_async(failDeep, [3]).get(),
    () => pool.imap(failDeep, [3]).next(),
    async () => {
      for await (const _ of pool.imap_unordered(failDeep, [3])) { /* fails at once */ }
    },
  ];
  for (const call of calls) checkWhole(await caller(async () => await call()));
  await pool.terminate();
  await pool.join();
});

test("a result that is asked for twice has one end", async () => {
  const pool = Pool(1);
  const result = pool.apply_async(failDeep, [3]);
  const first = await caller(async () => await result.get());
  strictEqual(await caller(async () => await result.get()), first);
  await pool.terminate();
  await pool.join();
});

test("an error of a managed object's method ends at the line that called it", async () => {
  class Manager extends BaseManager {}
  Manager.register("Failing", Failing);
  const manager = new Manager();
  await manager.start();
  const failing = await manager.Failing();
  checkWhole(await caller(async () => await failing.fail(3)));
  await manager.shutdown();
});
