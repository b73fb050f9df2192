/**
 * A child's stdin is empty, for itself and for all that it starts; what the root writes to
 * it goes another way.
 */
import { strictEqual } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { DENO } from "../helpers/groups.ts";
import { test } from "../suite.ts";

test("100 programs with a child's stdin read nothing and meet its end", async () => {
  // What the root itself could read is not for the children.
  const stdin = { stdin: "for the root\n" };
  const printed = await outputOf("tests/children/stdin_readers.ts", [], stdin);
  strictEqual(printed, '["0",0,true]\n'.repeat(4) + "0\n".repeat(4));
});

DENO.test(
  "a child that reads its messages by stdin keeps it from what it starts",
  async () => {
    const flags = ["--allow-read", "--allow-run", "--allow-env"];
    const printed = await outputOf("tests/children/restricted_stdin.ts", [], { flags });
    strictEqual(printed, "told, and cat has read 0 and 0 bytes\n0\n");
  },
);
