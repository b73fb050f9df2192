/** `Pool` of the context `redis`: its methods, with workers on this machine. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import "../../../mod.ts";
import { ON_SERVER } from "../server.ts";
import { add, fails, later, pid, square } from "./pool_targets.ts";

ON_SERVER.test("map, apply and the like", async (server) => {
  const mp = server.context();
  const pool = mp.Pool(2);
  strictEqual(String(pool), "<multiprocessing.pool.Pool state=RUN pool_size=2>");
  deepStrictEqual(await pool.map(square, [1, 2, 3, 4, 5]), [1, 4, 9, 16, 25]);
  strictEqual(await pool.apply(add, [1, 2]), 3);
  strictEqual(await pool.apply(later, ["x"]), "x");
  deepStrictEqual(await pool.starmap(add, [[1, 2], [3, 4]]), [3, 7]);
  deepStrictEqual(await Array.fromAsync(pool.imap(square, [1, 2, 3])), [1, 4, 9]);
  ok((await pool.apply(pid)) !== process.pid);
  await pool.apply(fails, [3]).then(() => ok(false), (error) => {
    strictEqual(error.name, "RangeError");
    strictEqual(error.message, "no 3");
    strictEqual(error.cause.name, "RemoteTraceback");
  });
  pool.close();
  await pool.join();
});
