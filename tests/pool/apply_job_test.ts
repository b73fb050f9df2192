/** Tests of src/pool/apply_job.ts and map_job.ts: what holds the program. */

import { deepStrictEqual } from "node:assert/strict";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const METHODS = ["apply_async", "map_async", "starmap_async"];

/** What each way of being told prints. */
const TOLD: Record<string, string> = {
  callback: "9\n",
  error_callback: "RangeError: RangeError: negative\n",
};

for (const kind of ["Pool", "ThreadPool"]) {
  for (const method of METHODS) {
    for (const [how, expected] of Object.entries(TOLD)) {
      const name =
        `${kind}.${method}: a program that only ${how} tells stays alive for it`;
      test(name, async () => {
        for (const where of ["top", "main"]) {
          const { stdout, stderr, code } = await runProgram(
            "tests/children/callback_only.ts",
            { args: [kind, method, how, where] },
          );
          deepStrictEqual({ where, stdout, stderr, code }, {
            where,
            stdout: expected,
            stderr: "",
            code: 0,
          });
        }
      });
    }
  }
}

test("a callback that will not be called holds the program no longer than its job", async () => {
  const { stdout, code } = await runProgram("tests/children/callback_only.ts", {
    args: ["Pool", "apply_async", "other", "main"],
  });
  deepStrictEqual({ stdout, code }, { stdout: "exit\n", code: 0 });
});
