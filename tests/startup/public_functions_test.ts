/** Tests of src/startup/public_functions.ts: this package's own functions as targets. */

import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  active_children,
  cpu_count,
  get_start_method,
  parent_process,
  Pool,
} from "../../mod.ts";
import { echo, nameOfResult } from "../helpers/own_functions_work.ts";
import { test } from "../suite.ts";

test("the package's own functions run in a child, and see that child's state", async () => {
  await using pool = Pool(1);
  deepStrictEqual(await pool.apply(active_children, []), []);
  strictEqual(await pool.apply(cpu_count, []), cpu_count());
  strictEqual(await pool.apply(get_start_method), "spawn");
  // Called by a function of the program: the same function, not another copy's.
  strictEqual(await pool.apply(nameOfResult, [parent_process]), "MainProcess");
});

test("the package's own functions are named by a process's parent only", async () => {
  await using pool = Pool(1);
  await rejects(pool.apply(echo, [active_children]), {
    name: "UnpicklingError",
    message:
      "'multiprocessing:active_children' may be named by a process's parent only",
  });
});
