/**
 * Two methods of one object, each in its own process, joined by a queue.
 *
 * The same program in Python: `python/work_send_receive.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { bound, is_main, JoinableQueue, Process } from "../mod.ts";

/** Sends and receives over a queue of its own; it travels to both processes. */
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
  send.start();
  receive.start();
  await send.join();
  await queue.join(); // what was sent is printed: now the endless loop may be ended
  receive.terminate();
  await receive.join();
  console.log("exitcodes", send.exitcode, receive.exitcode);
}
