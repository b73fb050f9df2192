/** Tests of src/last_lines.ts. */

import { ok, strictEqual } from "node:assert/strict";
import { LastLines } from "../src/last_lines.ts";
import { test } from "./suite.ts";
import { repeat, utf8 } from "./wire/support.ts";

test("LastLines: nothing, a line, the last ten", () => {
  strictEqual(new LastLines().text, "");
  const last = new LastLines();
  last.add(utf8("one\n"));
  ok(last.text === "one");
  for (let i = 0; i < 20; i++) last.add(utf8(`line ${i}\n`));
  strictEqual(last.text.split("\n")[0], "line 10");
  strictEqual(last.text.split("\n").length, 10);
});

test("LastLines: chunks may be cut anywhere", () => {
  const text = Array.from({ length: 30 }, (_, i) => `Zeile ${i} ü😀`).join("\n");
  const whole = new LastLines();
  whole.add(utf8(text));
  repeat(50, (random) => {
    const last = new LastLines();
    for (const part of random.split(utf8(text))) last.add(part);
    strictEqual(last.text, whole.text);
  });
});

test("LastLines: a line without end takes no more room than it may", () => {
  const last = new LastLines();
  for (let i = 0; i < 1000; i++) last.add(utf8("x".repeat(1000)));
  ok(last.text.length <= 4096);
});
