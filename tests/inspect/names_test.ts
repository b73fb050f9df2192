/** Tests of src/inspect/names.ts: the names of what a line makes. */
import { strictEqual } from "node:assert/strict";
import { nameAt } from "../../src/inspect/names.ts";
import { test } from "../suite.ts";

/** The name of what the `nth` call in a text makes; calls are written `Q(`. */
function name(source: string, nth = 0, index = 0): string | null {
  let at = -1;
  for (let i = 0; i <= nth; i++) at = source.indexOf("Q(", at + 1);
  const before = source.slice(0, at);
  const line = before.split("\n").length;
  return nameAt(source, line, at - before.lastIndexOf("\n"), index);
}

test("a variable, field or element gives its name to what it is made of", () => {
  const cases: [source: string, name: string | null, nth?: number, index?: number][] = [
    ["const frames = Q(64);", "frames"],
    ["const frames = new Q(64);", "frames"],
    ["const frames = ctx.Q(64);", "frames"],
    ["let frames: Queue<string> =\n  Q(64);", "frames"],
    ["this.lock = Q();", "lock"],
    ["this.#lock = Q();", "lock"],
    ["  readonly lock = Q();", "lock"],
    ["state.inner.lock ??= Q();", "lock"],
    ["await using pool = Q(4);", "pool"],
    ["const [ours, theirs] = Q();", "ours"],
    ["const [ours, theirs] = Q();", "theirs", 0, 1],
    ["const [a, b] = [Q(), Q()];", "b", 1],
    ["const forks = [Q(), Q()];", "forks[1]", 1],
    ["const forks = Array.from({ length: 5 }, () => Q());", "forks[3]", 0, 3],
    ["const x = { q: Q(), l: Q() };", "l", 1],
    ["queues.push(Q());", "queues[2]", 0, 2],
  ];
  for (const [source, expected, nth, index] of cases) {
    strictEqual(name(source, nth, index), expected, source);
  }
});

test("what has no name gets none", () => {
  for (
    const source of [
      "Q();",
      "return Q();",
      "run(() => Q());",
      "if (a == Q()) stop();",
      "const x = 5\nrun(Q())",
      "// const x =\nQ();",
    ]
  ) strictEqual(name(source), null, source);
  strictEqual(nameAt("one line", 7, 1, 0), null);
});
