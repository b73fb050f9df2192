/** Kills a child that has a pool, and waits for the end of the pool's worker. */
import { is_main, Process, Queue } from "../../mod.ts";
import { endOf } from "../cpython/helpers/checks.ts";
import { openPoolForEver } from "../helpers/pool_work.ts";

if (is_main(import.meta)) {
  const q = Queue<number>();
  const p = new Process({ target: openPoolForEver, args: [q] });
  await p.start();
  const pid = await q.get();
  p.kill();
  await p.join();
  await endOf(pid);
  console.log("gone");
}
