import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  durationText,
  indexOf,
  listText,
  memoryText,
  objectText,
  placeTextOf,
  plain,
  processText,
  short,
  waitText,
} from "../../src/inspect/wording.ts";
import type { Place, Snapshot } from "../../src/inspect/snapshot.ts";
import { join, pool, process, queue, snapshot, wait } from "../helpers/snapshots.ts";
import { test } from "../suite.ts";

test("plain() leaves readable text alone", () => {
  for (const text of ["", "a b", "Größe", "日本語", "🦊", "a\u0301"]) {
    strictEqual(plain(text), text);
  }
});

test("plain() escapes all that a terminal may take for a command", () => {
  const cases: Record<string, string> = {
    "\x1b[31m": "\\x1b[31m",
    "a\nb\r\t\0": "a\\x0ab\\x0d\\x09\\x00",
    "\x7f\x9b2J": "\\x7f\\x9b2J",
    "\u202eabc\u2066": "\\u202eabc\\u2066",
    "\u2028\u200b\ufeff": "\\u2028\\u200b\\ufeff",
    "\ud800x": "\\ud800x",
  };
  for (const [text, escaped] of Object.entries(cases)) {
    strictEqual(plain(text), escaped);
  }
});

test("short() cuts whole characters", () => {
  strictEqual(short("abcdef", 6), "abcdef");
  strictEqual(short("abcdefg", 6), "abcde…");
  strictEqual(short("🦊".repeat(10), 4), "🦊🦊🦊…");
  strictEqual(short("x".repeat(1e6), 5), "xxxx…");
});

test("durations and sizes", () => {
  deepStrictEqual([0, 1.25, 99.9, 99.96, 185, 7440, NaN].map(durationText), [
    ...["0.0 s", "1.3 s", "99.9 s", "1 min 40 s", "3 min 5 s", "2 h 4 min", "? s"],
  ]);
  deepStrictEqual([1.4e6, 132e6, 1.24e9].map(memoryText), ["1 MB", "132 MB", "1.2 GB"]);
});

test("processes and objects are called by their names", () => {
  strictEqual(
    processText(process(3, [], { host: "far" })),
    "Process-3 (pid 103 on far)",
  );
  strictEqual(objectText(queue(7, "q", [])), "Queue “q”");
  strictEqual(objectText(queue(7, "q", [], { name: null })), "Queue 7");
});

test("long lists say how many more there are", () => {
  strictEqual(listText([1, 2, 3], String, 2), "1, 2, 3");
  strictEqual(listText([1, 2, 3, 4], String, 2), "1, 2 and 2 others");
});

/** A snapshot with waits in these files. */
function files(...files: string[]): Snapshot {
  return snapshot({
    processes: files.map((file, i) => {
      const place = { file, line: 1, column: 2, func: null };
      return process(i, [wait("get", 1, { place })]);
    }),
  });
}

test("places have the part of the path in which files differ", () => {
  const cases: [string[], string[]][] = [
    [["file:///a/b/c.ts"], ["c.ts"]],
    [["file:///a/b/c.ts", "file:///a/d/c.ts"], ["b/c.ts", "d/c.ts"]],
    [["file:///a/bc.ts", "file:///a/bd.ts"], ["bc.ts", "bd.ts"]],
    [["C:\\a\\c.ts", "C:\\a\\d.ts"], ["c.ts", "d.ts"]],
    [["/a/c.ts", "https://x.test/c.ts"], ["/a/c.ts", "https://x.test/c.ts"]],
  ];
  for (const [given, shown] of cases) {
    const place = placeTextOf(files(...given));
    const at = (file: string): Place => ({ file, line: 11, column: 3, func: null });
    deepStrictEqual(
      given.map((file) => place(at(file))),
      shown.map((s) => `${s}:11:3`),
    );
  }
});

test("waits say what they are in and for", () => {
  const seen = snapshot({
    processes: [process(1, [])],
    objects: [queue(5, "q", [])],
    pools: [pool(1, []), pool(2, [], { name: null })],
  });
  const cases: [ReturnType<typeof wait>, string][] = [
    [wait("get", 5), "waits in get() of Queue “q”"],
    [wait("get", 6), "waits in get() of object 6"],
    [join(1), "joins Process-1 (pid 101)"],
    [join(2), "joins process 2"],
    [wait("result", null, { pool: 1 }), "waits for a result of Pool “pool”"],
    [wait("join", null, { pool: 2 }), "waits for the end of a pool"],
    [wait("accept", null), "waits in accept()"],
    [wait("get", null, { process: 1 }), "waits in get() for Process-1 (pid 101)"],
  ];
  for (const [one, text] of cases) {
    strictEqual(waitText(one, indexOf(seen), placeTextOf(seen)), `${text} for 3.0 s`);
  }
});
