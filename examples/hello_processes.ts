/**
 * Three processes say hello; the parent waits for all of them.
 *
 * The same program in Python: `python/hello_processes.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process } from "../mod.ts";

/** Says hello. */
export function greet(name: string): void {
  console.log("hello", name);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const processes: Process[] = [];
  for (const name of ["Ada", "Grace", "Linus"]) {
    const p = new Process({ target: greet, args: [name] }); // args=(name,)
    processes.push(p); // processes.append(p)
    p.start();
  }
  for (const p of processes) await p.join();
  console.log("all said hello");
}
