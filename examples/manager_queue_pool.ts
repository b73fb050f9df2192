/**
 * A pool's workers share a queue of a manager: a plain `Queue` could not be sent to them.
 *
 * The same program in Python: `python/manager_queue_pool.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Manager, Pool } from "../mod.ts";
import type { QueueProxy } from "../src/managers.ts";

export async function reader(q: QueueProxy<string>) { // def reader(q):
  const size = await q.qsize();
  for (let i = 0; i < size; i++) { // for i in range(q.qsize()):
    console.log("reader got " + await q.get(true));
  }
}

export async function writer(q: QueueProxy<string>) { // def writer(q):
  for (const letter of "dongGe") await q.put(letter);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  console.log("start");
  const q = await Manager().Queue<string>();
  const po = Pool(2);
  await po.apply(writer, [q]);
  await po.apply(reader, [q]);
  po.close();
  await po.join();
  console.log("end");
}
