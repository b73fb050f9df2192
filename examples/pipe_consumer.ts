/**
 * A consumer is given both ends of a pipe, closes the one it does not use, and takes
 * until nobody is left who could send: `EOFError` ends its loop.
 *
 * The same program in Python: `python/pipe_consumer.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { EOFError, is_main, Pipe, Process } from "../mod.ts";
import type { Connection } from "../src/connection.ts"; // "@pystd/multiprocessing/connection"

/** Takes until the other end is closed. */
export async function consumer(
  p: [Connection, Connection],
  name: string,
): Promise<void> {
  const [left, right] = p; // left, right = p
  left.close();
  while (true) {
    try {
      const roll = await right.recv();
      console.log(`${name} got roll ${roll}`);
    } catch (error) { // except EOFError:
      if (!(error instanceof EOFError)) throw error;
      right.close();
      break;
    }
  }
}

/** Sends all there is, then closes its end. */
async function producer(
  seq: Iterable<number>,
  p: [Connection, Connection],
): Promise<void> {
  const [left, right] = p;
  right.close();
  for (const i of seq) await left.send(i);
  left.close();
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const [left, right] = Pipe();
  const c1 = new Process({ target: consumer, args: [[left, right], "c1"] });
  c1.start();
  const seq = Array.from({ length: 10 }, (_, i) => i); // (i for i in range(10))
  await producer(seq, [left, right]);
  right.close();
  left.close();
  await c1.join();
  console.log("the main process ends");
}
