/** Tests of src/pool/base_pool.ts. */
import { deepStrictEqual } from "node:assert/strict";
import { ThreadPool } from "../../src/pool.ts";
import { Finalize } from "../../src/python/util.ts";
import { test } from "../suite.ts";

test("a pool that was joined is not kept for the program's exit", async () => {
  const cancelled: Finalize[] = [];
  const { cancel } = Finalize.prototype;
  Finalize.prototype.cancel = function () {
    cancelled.push(this);
    cancel.call(this);
  };
  try {
    const pool = ThreadPool(1);
    pool.close();
    await pool.join();
  } finally {
    Finalize.prototype.cancel = cancel;
  }
  deepStrictEqual(cancelled.map((finalizer) => finalizer.still_active()), [false]);
});
