/**
 * The smallest example of a process.
 *
 * The same program in Python: `python/doc_process.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process } from "../mod.ts";

/** Says hello. */
export function f(name: string): void {
  console.log("hello", name);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const p = new Process({ target: f, args: ["bob"] }); // args=("bob",)
  p.start();
  await p.join();
}
