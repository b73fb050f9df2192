/**
 * What a child finds around itself: the parent's script, arguments, working directory and
 * environment as at its start, the start method and the key, and a stdin that is at its
 * end. As CPython's, in every generation.
 */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";
import type { Surroundings } from "./helpers/environment_targets.ts";

test("a child and a grandchild find the parent's surroundings", async () => {
  const args = ["-x", "two words", "--three=3"];
  const printed = await outputOf("tests/children/environment.ts", args, {
    env: { INHERITED: "from outside" },
    stdin: "for the root alone",
  });
  const { script, directory, found, exitcode } = JSON.parse(printed) as {
    script: string;
    directory: string;
    found: Surroundings[];
    exitcode: number;
  };
  strictEqual(exitcode, 0);
  strictEqual(found.length, 2);
  match(script, /[\\/]environment\.[jt]s$/);
  for (const one of found) {
    deepStrictEqual(one, {
      script,
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
