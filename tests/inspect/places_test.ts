/** Tests of src/inspect/places.ts: the lines of stacks. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parseFrame, placeHere, placeOf } from "../../src/inspect/places.ts";
import { test } from "../suite.ts";

test("a frame is read as all engines write it", () => {
  const at = { file: "file:///a b/w.ts", line: 3, column: 73 };
  const cases: [frame: string, func: string | null][] = [
    ["    at async consumer (file:///a b/w.ts:3:73)", "consumer"],
    ["    at new Box (file:///a b/w.ts:3:73)", "Box"],
    ["    at async file:///a b/w.ts:3:73", null],
    ["    at file:///a b/w.ts:3:73", null],
    ["    at <anonymous> (file:///a b/w.ts:3:73)", null],
    ["    at module code (file:///a b/w.ts:3:73)", null],
    ["    at async Box.run [as go] (file:///a b/w.ts:3:73)", "Box.run [as go]"],
  ];
  for (const [frame, func] of cases) {
    deepStrictEqual(parseFrame(frame), { ...at, func });
  }
  strictEqual(parseFrame("    at new Box (unknown:1:28)"), null);
  strictEqual(parseFrame("Error: at file:1"), null);
});

test("the first frame of the program is taken, none of the runtime", () => {
  const stack = "Error\n    at fs.read (node:fs:1:2)\n    at async f (/w.ts:3:4)";
  deepStrictEqual(placeOf(stack), { file: "/w.ts", line: 3, column: 4, func: "f" });
  strictEqual(placeOf("Error"), null);
  strictEqual(placeOf(undefined), null);
});

test("the place here is in this file, and the limit of stacks is as before", () => {
  const limit = (Error as { stackTraceLimit?: number }).stackTraceLimit;
  const [place] = (function named() {
    return [placeHere()]; // not the call itself: that has no frame on Bun
  })();
  ok(place!.file.includes("places_test"), place!.file);
  strictEqual(place!.func, "named");
  strictEqual((Error as { stackTraceLimit?: number }).stackTraceLimit, limit);
});
