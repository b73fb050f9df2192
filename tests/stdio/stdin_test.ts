/**
 * A child's stdin is empty, for itself and for all that it starts; what the root writes to
 * it goes another way.
 */
import { strictEqual } from "node:assert/strict";
import { runProgram } from "../helpers/run.ts";
import { DENO } from "../helpers/groups.ts";
import { test } from "../suite.ts";

test("100 programs with a child's stdin read nothing and meet its end", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/stdin_readers.ts", {
    // What the root itself could read is not for the children.
    stdin: "for the root\n",
  });
  strictEqual(stderr, "");
  strictEqual(stdout, '["0",0,true]\n'.repeat(4) + "0\n".repeat(4));
  strictEqual(code, 0);
});

DENO.test(
  "a child that reads its messages by stdin keeps it from what it starts",
  async () => {
    const { stdout, stderr, code } = await runProgram(
      "tests/children/restricted_stdin.ts",
      { flags: ["--allow-read", "--allow-run", "--allow-env"] },
    );
    strictEqual(stderr, "");
    strictEqual(stdout, "told, and cat has read 0 and 0 bytes\n0\n");
    strictEqual(code, 0);
  },
);
