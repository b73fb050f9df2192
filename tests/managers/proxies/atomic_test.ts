/** Helpers of proxies that read and write in one step. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Queue } from "../../../mod.ts";
import { exitcodeOf } from "../../cpython/helpers/checks.ts";
import { countTogether } from "../../helpers/atomic_targets.ts";
import { MANAGER, processFor } from "../../helpers/manager_tests.ts";

const COUNT = 40;
const PROCESSES = 3;

MANAGER.test(
  "processes that increment and add at the same time do not undo each other's",
  async (manager) => {
    const dict = await manager.dict({ a: 5 });
    const value = await manager.Value("i", 1);
    const set = await manager.set<number>();
    const results = Queue<number[]>();
    const processes = await Promise.all(
      Array.from(
        { length: PROCESSES },
        async () => {
          const args = [dict, value, set, COUNT, results];
          const counting = processFor(countTogether, args);
          await counting.start();
          return counting;
        },
      ),
    );
    const firsts: number[] = [];
    for (const _ of processes) firsts.push(...await results.get());
    for (const p of processes) strictEqual(await exitcodeOf(p), 0);
    strictEqual(await dict.get("a"), 5 + PROCESSES * COUNT);
    strictEqual(await value.get(), 1 + PROCESSES * COUNT * 2);
    deepStrictEqual(
      firsts.sort((a, b) => a - b),
      Array.from({ length: COUNT }, (_, i) => i),
    );
  },
);

MANAGER.test("increments and new values, by proxies", async (manager) => {
  const dict = await manager.dict();
  strictEqual(await dict.increment(3), 1);
  strictEqual(await dict.increment(3, 2n ** 53n), 2n ** 53n + 1n);
  await dict.__setitem__("text", "x");
  await rejects(dict.increment("text"), {
    name: "TypeError",
    message: "unsupported operand type(s) for +=: 'str' and 'int'",
  });
  const value = await manager.Value("d", 1.5);
  strictEqual(await value.increment(), 2.5);
  strictEqual(await value.increment(-0.5), 2);
  const set = await manager.set(["a"]);
  deepStrictEqual([await set.add_new("a"), await set.add_new("b")], [false, true]);
  strictEqual(await set.add("c"), null); // as in CPython
});
