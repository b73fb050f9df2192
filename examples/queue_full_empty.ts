/**
 * What a queue of three places says when it is full, and how to empty it.
 *
 * The same program in Python: `python/queue_full_empty.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { Full, is_main, Queue } from "../mod.ts"; // from queue import Full

if (is_main(import.meta)) { // if __name__ == "__main__":
  const q = Queue<string>(3);
  await q.put("parcel 1");
  await q.put("parcel 2");
  console.log("full:", await q.full());
  await q.put("parcel 3");
  console.log("full:", await q.full());
  try {
    await q.put("parcel 4", true, 0.2);
  } catch (error) { // except Full:
    if (!(error instanceof Full)) throw error;
    console.log("still full after a while, it holds", await q.qsize());
  }
  try {
    await q.put_nowait("parcel 4");
  } catch (error) { // except Full:
    if (!(error instanceof Full)) throw error;
    console.log("full at once, it holds", await q.qsize());
  }
  if (!await q.full()) { // if not q.full():
    await q.put_nowait("parcel 4");
  }
  if (!await q.empty()) { // if not q.empty():
    const size = await q.qsize();
    for (let i = 0; i < size; i++) { // for _ in range(q.qsize()):
      console.log("took", await q.get_nowait());
    }
  }
  console.log("left:", await q.qsize());
}
