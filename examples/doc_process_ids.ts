/**
 * Which module and which process is it that runs a function?
 *
 * The same program in Python: `python/doc_process_ids.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import process from "node:process"; // import os
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process } from "../mod.ts";

/** What Python calls this module here: `__main__`, and in a child `__mp_main__`. */
const __name__ = is_main(import.meta) ? "__main__" : "__mp_main__";

/** Prints where it is called. */
export function info(title: string): void {
  console.log(title);
  console.log("module name:", __name__);
  console.log("parent process:", process.ppid); // os.getppid()
  console.log("process id:", process.pid); // os.getpid()
}

/** Prints where it runs, and says hello. */
export function f(name: string): void {
  info("in the child");
  console.log("hello", name);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  info("in the main program");
  const p = new Process({ target: f, args: ["bob"] }); // args=("bob",)
  p.start();
  await p.join();
}
