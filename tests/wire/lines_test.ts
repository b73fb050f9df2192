/** Tests of src/wire/child_stream.ts. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Lines, MAX_LINE } from "../../src/wire/child_stream.ts";
import { test } from "../suite.ts";
import { concat, repeat, utf8 } from "./support.ts";

/** What comes out for these parts; the end is marked by "end". */
function lines(...parts: string[]): string[] {
  const seen: string[] = [];
  const lines = new Lines((bytes) => seen.push(new TextDecoder().decode(bytes)));
  for (const part of parts) lines.add(utf8(part));
  seen.push("end");
  lines.end();
  return seen;
}

test("Lines: whole lines leave at once, as one byte string", () => {
  deepStrictEqual(lines("one\ntwo\n"), ["one\ntwo\n", "end"]);
  deepStrictEqual(lines("\n"), ["\n", "end"]);
});

test("Lines: the rest of a line waits for its newline or the end", () => {
  deepStrictEqual(lines("one\ntw", "o", "\nthree"), ["one\n", "two\n", "end", "three"]);
  deepStrictEqual(lines("", ""), ["end"]);
});

test("Lines: nothing is lost, whatever the bytes and parts", () => {
  repeat(500, (random) => {
    const text = random.bytes(200).map((byte) => byte % 20);
    const seen: Uint8Array[] = [];
    const lines = new Lines((bytes) => seen.push(bytes));
    for (const part of random.split(text)) lines.add(part);
    const last = seen.findLast(() => true);
    strictEqual(last === undefined || last.at(-1) === 10, true);
    lines.end();
    deepStrictEqual(concat(...seen), text);
  });
});

test("Lines: a line without end is handed on when a mebibyte has piled up", () => {
  const seen: number[] = [];
  const lines = new Lines((bytes) => seen.push(bytes.length));
  const part = new Uint8Array(MAX_LINE / 4);
  for (let i = 0; i < 4; i++) lines.add(part);
  deepStrictEqual(seen, []);
  lines.add(part.subarray(0, 1));
  deepStrictEqual(seen, [MAX_LINE + 1]);
  lines.add(concat(utf8("\n"), new Uint8Array(MAX_LINE + 1)));
  deepStrictEqual(seen, [MAX_LINE + 1, 1, MAX_LINE + 1]);
  lines.end();
  strictEqual(seen.length, 3);
});

test("Lines: the bytes that are handed on belong to whoever gets them", () => {
  const seen: Uint8Array[] = [];
  const lines = new Lines((bytes) => seen.push(bytes));
  const part = utf8("a\nb");
  lines.add(part);
  part.fill(0);
  lines.add(utf8("\n"));
  deepStrictEqual(seen, [utf8("a\n"), utf8("b\n")]);
});
