/** What a managed object prints arrives before the answer of the call that printed it. */

import { strictEqual } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";

test("a managed object's prints come before the answer, for the root, a child, both protocols", async () => {
  const stdout = await outputOf("tests/children/printing_objects.ts");
  const lines = stdout.split("\n").filter((line) =>
    line !== "" && !line.startsWith("-")
  );
  strictEqual(lines.length, 2 * 3 * 5 * 10);
  const isOver = new Set<string>();
  for (const line of lines.reverse()) {
    if (line.endsWith(" is over")) isOver.add(line);
    else strictEqual(isOver.has(`${line} is over`), true, line);
  }
});
