/**
 * The documentation's remote manager: a client that puts something into the queue.
 *
 * The same program in Python: `python/doc_remote_put.py`; either understands the other one.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and ".../managers"
import process from "node:process";
import { is_main } from "../mod.ts";
import { BaseManager } from "../src/managers.ts";

class QueueManager extends BaseManager {}

QueueManager.register("get_queue");

if (is_main(import.meta)) { // if __name__ == "__main__":
  const port = Number(process.argv[2]); // int(sys.argv[1])
  const m = new QueueManager({
    address: ["127.0.0.1", port],
    authkey: new TextEncoder().encode("abracadabra"), // b"abracadabra"
  });
  await m.connect();
  const queue = await m.get_queue();
  await queue.put("hello");
}
