/**
 * Two senders of one object, a single message and twenty, and one receiver.
 *
 * The same program in Python: `python/work_send_all.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // from time import sleep
// In a program of your own: from "@pystd/multiprocessing"
import { bound, is_main, JoinableQueue, Process } from "../mod.ts";

/** Sends and receives over a queue of its own; it travels to the three processes. */
export class Work {
  queue: JoinableQueue<string>;

  constructor(queue: JoinableQueue<string>) { // def __init__(self, queue):
    this.queue = queue;
  }

  /** Sends a text as it is, anything else as JSON. */
  async send(message: unknown): Promise<void> {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    await this.queue.put(text);
  }

  /** Sends twenty texts, with a little rest after each. */
  async send_all(): Promise<void> {
    for (let i = 0; i < 20; i++) { // for i in range(20):
      await this.queue.put(`round ${i}, message ${i}`);
      await delay(10); // sleep(0.01)
    }
  }

  /** Prints what comes, for ever. */
  async receive(): Promise<void> {
    while (true) {
      const result = await this.queue.get();
      let message: unknown;
      try {
        message = JSON.parse(result); // json.loads(result)
      } catch { // except ValueError:
        message = result;
      }
      console.log("received", message); // print("received", message, flush=True)
      await this.queue.task_done();
    }
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const queue = JoinableQueue<string>();
  const work = new Work(queue);
  const send = new Process({ // Process(target=work.send, args=({...},))
    target: bound(work, "send"),
    args: [{ message: "just a test" }],
  });
  const receive = new Process({ target: bound(work, "receive") }); // target=work.receive
  const send_all = new Process({ target: bound(work, "send_all") });
  send_all.start();
  send.start();
  receive.start();
  await send_all.join();
  await send.join();
  await queue.join(); // what was sent is printed: now the endless loop may be ended
  receive.terminate();
  await receive.join();
  console.log("exitcodes", send.exitcode, send_all.exitcode, receive.exitcode);
}
