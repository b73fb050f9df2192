/**
 * The documentation's remote manager: a server for a queue. It prints its port.
 *
 * The same program in Python: `python/doc_remote_server.py`; either understands the other one.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and ".../managers"
import { is_main } from "../mod.ts";
import { BaseManager, SyncManager } from "../src/managers.ts";

class QueueManager extends BaseManager {}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using local = new SyncManager();
  await local.start();
  const queue = await local.Queue(); // queue = Queue() of Python's module queue
  QueueManager.register("get_queue", { callable: () => queue });
  const m = new QueueManager({
    address: ["127.0.0.1", 0],
    authkey: new TextEncoder().encode("abracadabra"), // b"abracadabra"
  });
  const s = await m.get_server();
  console.log(s.address[1]);
  await s.serve_forever();
}
