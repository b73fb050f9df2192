/** How much memory a pool's large arguments and results take, as CPython takes it. */

import { ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { switches } from "../../src/runtime/switches.ts";
import { outputOf } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

/**
 * CPython has two of each, in both processes; what else there is shall be small. Bun gives
 * memory back some time after it was freed, and so does Node that of the pieces in which
 * bytes come by a pipe.
 */
const MOST = runtimeName === "bun" || !switches.channel ? 3.6 : 2.6;

const skip = !existsSync("/proc/self/status")
  ? "no /proc on this machine"
  : !("transfer" in ArrayBuffer.prototype) && "this runtime frees no buffer when told";

for (const what of ["argument", "result", "object"]) {
  test(
    `a large ${what} is there twice at most, in the root and in the worker`,
    async () => {
      const stdout = await outputOf("tests/children/large_arguments.ts", [what]);
      const copies = stdout.trim().split(" ").map(Number);
      strictEqual(copies.length, 2);
      for (const count of copies) ok(count < MOST, stdout);
    },
    { skip },
  );
}
