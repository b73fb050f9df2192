/**
 * Text and messages share a child's stdout: neither may damage the other, whoever
 * writes the text.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { line } from "./children/flood_lines.ts";
import { runProgram } from "./helpers/run.ts";
import { test } from "./suite.ts";

test("10 MB of text from four sources, and 20 MB of messages, all whole", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/flood.ts");
  strictEqual(stderr, "20 whole messages, exitcode 0\n");
  strictEqual(code, 0);
  const lines = stdout.split("\n");
  strictEqual(lines.pop(), "");
  const seen: Record<string, number> = { A: 0, B: 0, C: 0, D: 0 };
  for (const text of lines) {
    const source = text[0] ?? "";
    strictEqual(text, line(source, seen[source]!++));
  }
  deepStrictEqual(seen, { A: 2500, B: 2500, C: 2500, D: 2500 });
});

test("text without a newline at its end arrives, as do empty lines", async () => {
  const { stdout, code } = await runProgram("tests/children/odd_text.ts");
  strictEqual(stdout, "\n\none\r\n\ttwo \u{1F600} \x00\n\nthree, and no newline");
  strictEqual(code, 0);
});

test("bytes that look like the start of a frame are text", async () => {
  const { stdout, code } = await runProgram("tests/children/odd_text.ts", {
    args: ["binary"],
  });
  strictEqual(
    stdout.replaceAll("\uFFFD", "?"),
    "before ?\x18Z\x00\x00\x00\x04 after\nnext\n",
  );
  strictEqual(code, 0);
});
