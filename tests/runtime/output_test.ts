/** Tests of src/runtime/output.ts: noticing prints, and text that no other writer cuts. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { lineStream, wholeLines } from "../../src/runtime/output.ts";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

test("watchPrints: notices what is printed, which is printed all the same", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/prints.ts");
  strictEqual(
    stderr.trimEnd().split("\n").at(-1),
    "log true, info true, write true, error false",
  );
  deepStrictEqual([stdout, code], ["a 1\nb\nc\n", 0]);
});

const PIPE_BUF = 4096;

function divide(text: string): string[] {
  const decoder = new TextDecoder("latin1");
  return [...wholeLines(new TextEncoder().encode(text))].map((part) =>
    decoder.decode(part)
  );
}

test("what fits into one write is not divided", () => {
  deepStrictEqual(divide(""), []);
  deepStrictEqual(divide("one\ntwo"), ["one\ntwo"]);
  const full = "x".repeat(PIPE_BUF);
  deepStrictEqual(divide(full), [full]);
});

test("longer text is divided behind its lines, as late as possible", () => {
  const line = "x".repeat(999) + "\n";
  deepStrictEqual(divide(line.repeat(10)), [
    line.repeat(4),
    line.repeat(4),
    line.repeat(2),
  ]);
});

test("a line that is longer than a write is divided anywhere, and nothing is lost", () => {
  const long = "y".repeat(2 * PIPE_BUF + 10) + "\nend\n";
  const parts = divide(long);
  strictEqual(parts.join(""), long);
  deepStrictEqual(parts.map((part) => part.length), [PIPE_BUF, PIPE_BUF, 15]);
});

test("the stream has written when write() returns, and passes errors on", async () => {
  let written = "";
  let isBroken = false;
  const error = new Error("EPIPE");
  const stream = lineStream((bytes) => {
    if (isBroken) throw error;
    written += new TextDecoder().decode(bytes);
  });
  stream.write("one\n");
  strictEqual(written, "one\n");
  const failed = new Promise((resolve) => stream.on("error", resolve));
  isBroken = true;
  stream.write("two\n");
  strictEqual(await failed, error);
  strictEqual(written, "one\n");
});
