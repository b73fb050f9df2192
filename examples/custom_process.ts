/**
 * A class of processes with fields of its own and a run() of its own.
 *
 * The same program in Python: `python/custom_process.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // from time import sleep
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process } from "../mod.ts";

/** Says a word several times, under its own name. */
export class Counter extends Process { // class Counter(Process):
  word: string;
  times: number;

  constructor(word: string, times: number) { // def __init__(self, word, times):
    super();
    this.word = word;
    this.times = times;
  }

  /** What the new process does. */
  override async run(): Promise<void> { // def run(self):
    for (let i = 1; i <= this.times; i++) { // for i in range(1, self.times + 1):
      await delay(10); // sleep(0.01)
      console.log(this.name, "says", this.word, i);
    }
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const p = new Counter("tick", 3);
  console.log("name:", p.name);
  console.log("daemon:", p.daemon);
  console.log("pid before start:", p.pid);
  p.start();
  console.log("has a pid:", p.pid! > 0);
  console.log("alive:", p.is_alive());
  await p.join();
  console.log("alive:", p.is_alive());
  console.log("exitcode:", p.exitcode);
}
