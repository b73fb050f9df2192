/**
 * `_TestFinalize` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: an object is collected when the collector is asked to, not as soon as nothing
 * refers to it.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Pipe } from "../../mod.ts";
import { test } from "../suite.ts";
import { exitcodeOf, started } from "./helpers/checks.ts";
import { finalize } from "./helpers/finalize_targets.ts";

test("_TestFinalize.test_finalize", async () => {
  const [conn, childConn] = Pipe<string>();
  const p = await started(finalize, [childConn], { daemon: true });
  strictEqual(await exitcodeOf(p), 0);
  const said: string[] = [];
  for (let name = await conn.recv(); name !== "STOP"; name = await conn.recv()) {
    said.push(name);
  }
  deepStrictEqual(said, ["a", "b", "d10", "d03", "d02", "d01", "e"]);
});
