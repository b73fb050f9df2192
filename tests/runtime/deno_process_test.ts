/** What a child shows as its program's script: on Deno too, where another module runs. */
import { ok, strictEqual } from "node:assert/strict";
import type { Found } from "../children/script.ts";
import { outputOf } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

test("a child has the program's script, however it asks for `process`", async () => {
  const printed = await outputOf("tests/children/script.ts", []);
  const { script, found } = JSON.parse(printed) as { script: string; found: Found[] };
  strictEqual(found.length, 2);
  for (const { script: own, main } of found) {
    strictEqual(own, script);
    if (runtimeName === "deno") ok(/\/src\/(bundle\/)?child\.[jt]s$/.test(main!), main);
  }
});
