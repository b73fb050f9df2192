import { deepStrictEqual } from "node:assert/strict";
import { Process } from "../../src/process.ts";
import { SimpleQueue } from "../../src/queues.ts";
import { LIFELESS, LIVELY, tell } from "../helpers/life_targets.ts";
import { test } from "../suite.ts";

test("a process knows whether anything but its waits may still happen in it", async () => {
  const answers = SimpleQueue<[string, boolean | null]>();
  const child = new Process({ target: tell, args: [answers] });
  child.start();
  const expected = [
    ...Object.keys(LIFELESS).map((name) => [name, false]),
    ...Object.keys(LIVELY).map((name) => [name, true]),
  ];
  const told: unknown[] = [];
  for (const _ of expected) told.push(await answers.get());
  deepStrictEqual(told, expected);
  await child.join();
});
