/**
 * A supervisor and its workers, which crash now and then: each that ends badly is replaced,
 * and what it was at is done by another one. Nothing is lost.
 *
 * The same program in Python: `python/supervisor.py`. Where a line looks different there, the
 * Python line stands behind it. There the supervisor keeps account of what each worker was
 * at; here the queue does, which `redeliver` asks for.
 * @module
 */
import process from "node:process";
// In a program of your own: from "@pystd/multiprocessing" and "@pystd/multiprocessing/connection"
import { is_main, JoinableQueue, Process, SimpleQueue } from "../mod.ts";
import { wait } from "../src/connection.ts";

const TASKS = 12;
const WORKERS = 3;

/** Does tasks until there are no more; some crash it the first time. */
export class Worker extends Process {
  tasks: JoinableQueue<number>;
  crashed: SimpleQueue<number>;
  done: SimpleQueue<number>;

  constructor(
    tasks: JoinableQueue<number>,
    crashed: SimpleQueue<number>,
    done: SimpleQueue<number>,
  ) {
    super();
    this.tasks = tasks;
    this.crashed = crashed;
    this.done = done;
  }

  override async run(): Promise<void> {
    for await (const task of this.tasks) {
      if (task % 5 === 0 && await this.crashed.get() > 0) { // crashes are counted
        process.exit(3);
      }
      await this.done.put(task * task);
      await this.tasks.task_done();
    }
  }
}

/** Replaces each worker that ends badly, until all have ended well; gives how many did not. */
async function supervise(start: () => Worker): Promise<number> {
  const workers = new Set(Array.from({ length: WORKERS }, start));
  let failed = 0;
  while (workers.size > 0) {
    const ready = await wait([...workers].map((worker) => worker.sentinel));
    for (const worker of [...workers].filter((one) => ready.includes(one.sentinel))) {
      await worker.join();
      workers.delete(worker);
      if (worker.exitcode === 0) continue;
      failed++;
      workers.add(start());
    }
  }
  return failed;
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const tasks = JoinableQueue<number>({ redeliver: 3 });
  const crashed = SimpleQueue<number>(), done = SimpleQueue<number>();
  for (const left of [3, 2, 1, 0, 0, 0]) await crashed.put(left);
  for (let task = 0; task < TASKS; task++) await tasks.put(task);
  await tasks.shutdown();
  const failed = await supervise(() => {
    const worker = new Worker(tasks, crashed, done);
    worker.start();
    return worker;
  });
  const results: number[] = [];
  while (!await done.empty()) results.push(await done.get());
  console.log(`${failed} workers have crashed`);
  console.log("done:", ...results.sort((a, b) => a - b));
}
