/**
 * `TestFlags` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: the flags are the runtime's.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

/** Unusual ones, and what tells that they are there. */
const FLAGS = {
  deno: { given: ["-A", "--deny-net"], seen: "net denied" },
  bun: { given: ["--smol"], seen: "--smol" },
  node: { given: ["--no-warnings", "--stack-size=900"], seen: "--stack-size=900" },
}[runtimeName];

test("TestFlags.test_flags", async () => {
  const printed = await outputOf("tests/children/flags.ts", [], { flags: FLAGS.given });
  const [child, grandchild] = JSON.parse(printed) as [string[], string[]];
  ok(child.includes(FLAGS.seen), printed);
  deepStrictEqual(grandchild, child);
});
