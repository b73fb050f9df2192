/** Promises of the documentation about errors, kills and limits that no other test checks. */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { Barrier, Process, Queue } from "../../mod.ts";
import { endOf } from "../cpython/helpers/checks.ts";
import { waitAtBarrier } from "../children/throws_with_child.ts";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

test("an error that main throws ends the processes that run, daemons or not", async () => {
  const { stdout, stderr, code } = await runProgram(
    "tests/children/throws_with_child.ts",
  );
  ok(stderr.includes("RangeError") && stderr.includes("thrown by main"), stderr);
  strictEqual(code, 1);
  await endOf(Number(stdout));
});

test("a barrier breaks when one who waits at it is killed", async () => {
  const [ready, barrier] = [Queue<null>(), Barrier(3)];
  const p = new Process({ target: waitAtBarrier, args: [ready, barrier] });
  await p.start();
  await ready.get();
  const waiting = barrier.wait();
  while (await barrier.n_waiting < 2);
  p.kill();
  await rejects(waiting, { name: "BrokenBarrierError" });
  deepStrictEqual([await barrier.broken, await barrier.n_waiting], [true, 0]);
  await p.join();
});

test("values nest 1,000 levels deep, and no deeper", async () => {
  const nested = (depth: number) => {
    let value: unknown = "innermost";
    for (let n = 0; n < depth; n++) value = [value];
    return value;
  };
  const q = Queue();
  await q.put(nested(1000));
  let value = await q.get();
  for (let n = 0; n < 1000; n++) [value] = value;
  strictEqual(value, "innermost");
  await rejects(q.put(nested(1001)), {
    name: "RecursionError",
    message: "maximum recursion depth exceeded while pickling an object",
  });
});
