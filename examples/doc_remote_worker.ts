/**
 * The documentation's remote manager: the queue is also used by a process of its own.
 *
 * The same program in Python: `python/doc_remote_worker.py`; either understands the other one.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and ".../managers"
import { is_main, Process, Queue } from "../mod.ts";
import { BaseManager } from "../src/managers.ts";

export class Worker extends Process {
  q: Queue<string>;
  constructor(q: Queue<string>) {
    super();
    this.q = q;
  }
  override async run() {
    await this.q.put("local hello");
  }
}

class QueueManager extends BaseManager {}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const queue = Queue<string>();
  const w = new Worker(queue);
  w.start();
  QueueManager.register("get_queue", { callable: () => queue });
  const m = new QueueManager({
    address: ["127.0.0.1", 0],
    authkey: new TextEncoder().encode("abracadabra"), // b"abracadabra"
  });
  const s = await m.get_server();
  console.log(s.address[1]);
  await s.serve_forever();
}
