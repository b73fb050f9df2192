/**
 * What a child finds around itself: the parent's arguments, working directory and
 * environment as at its start, the start method and the key, and a stdin that is at its
 * end. As CPython's, in every generation.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";
import type { Surroundings } from "./helpers/environment_targets.ts";

test("a child and a grandchild find the parent's surroundings", async () => {
  const args = ["-x", "two words", "--three=3"];
  const printed = await outputOf("tests/children/environment.ts", args, {
    env: { INHERITED: "from outside" },
    stdin: "for the root alone",
  });
  const { directory, found, exitcode } = JSON.parse(printed) as {
    directory: string;
    found: Surroundings[];
    exitcode: number;
  };
  strictEqual(exitcode, 0);
  strictEqual(found.length, 2);
  for (const one of found) {
    deepStrictEqual(one, {
      args,
      cwd: directory,
      inherited: "from outside",
      setBeforeStart: "yes",
      stdin: "",
      startMethod: "spawn",
      key: found[0]!.key,
      main: false,
    });
  }
});
