/**
 * A process before it starts, while it runs, and after it was terminated.
 *
 * The same program in Python: `python/doc_process_methods.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async";
import { constants } from "node:os"; // import signal
// In a program of your own: from "@pystd/multiprocessing"
import * as mp from "../mod.ts"; // import multiprocessing as mp

/** Waits for so many seconds. */
export async function sleep(seconds: number): Promise<void> { // from time import sleep
  await delay(1000 * seconds);
}

if (mp.is_main(import.meta)) { // if __name__ == "__main__":
  const ctx = mp.get_context("spawn");
  const p = new ctx.Process({ target: sleep, args: [1000] }); // args=(1000,)
  console.log(`${p}`, p.is_alive()); // print(p, p.is_alive())
  p.start();
  console.log(`${p}`, p.is_alive());
  p.terminate();
  await p.join();
  console.log(`${p}`, p.is_alive());
  console.log("ended by SIGTERM:", p.exitcode === -constants.signals.SIGTERM);
}
