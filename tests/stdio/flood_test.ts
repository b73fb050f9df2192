/**
 * Text and messages share a child's stdout: neither may damage the other, whoever
 * writes the text.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { line } from "../children/flood_lines.ts";
import { outputOf, runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

const SOURCES = ["A", "B", "C", "D"];
const LINES = 2500;

test("10 MB of text from four sources, and 20 MB of messages, all whole", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/flood.ts");
  strictEqual(stderr, "20 whole messages, exitcode 0\n");
  strictEqual(code, 0);
  const expected = SOURCES.map((source) =>
    Array.from({ length: LINES }, (_, i) => `${line(source, i)}\n`).join("")
  );
  deepStrictEqual(countCharacters(stdout), countCharacters(expected.join("")));
  for (const [i, source] of SOURCES.entries()) {
    // A subprocess is not in our hands: Node, as one, writes many lines in one call while
    // the pipe is full, and the rest of a call that was cut comes behind other lines.
    if (source === "D" && runtimeName === "node") continue;
    const lines = stdout.match(new RegExp(`${source} \\d{6} ${source}+\n`, "g")) ?? [];
    strictEqual(lines.join(""), expected[i]);
  }
});

test("text without a newline at its end arrives, as do empty lines", async () => {
  const printed = await outputOf("tests/children/odd_text.ts");
  strictEqual(printed, "\n\none\r\n\ttwo \u{1F600} \x00\n\nthree, and no newline");
});

test("bytes that look like the start of a frame are text", async () => {
  const printed = await outputOf("tests/children/odd_text.ts", ["binary"]);
  strictEqual(
    printed.replaceAll("\uFFFD", "?"),
    "before ?\x18Z\x00\x00\x00\x04 after\nnext\n",
  );
});

function countCharacters(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const character of text) counts[character] = (counts[character] ?? 0) + 1;
  return counts;
}
