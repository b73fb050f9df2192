/** Tests of src/runtime/output.ts. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
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
