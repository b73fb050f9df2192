/**
 * Four workers take functions with arguments from one queue, answer into another.
 *
 * The same program in Python: `python/doc_mp_workers.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // import time
// In a program of your own: from "@pystd/multiprocessing"
import { current_process, freeze_support, is_main, Process, Queue } from "../mod.ts";

/** A function and its arguments, as they go through the queue. */
export type Task = [func: typeof mul, args: [number, number]];

/** Works on tasks until the word STOP comes. */
export async function worker(
  tasks: Queue<Task | "STOP">,
  answers: Queue<string>,
): Promise<void> {
  let task: Task | "STOP"; // for func, args in iter(tasks.get, "STOP"):
  while ((task = await tasks.get()) !== "STOP") {
    const [func, args] = task;
    await answers.put(await work_out(func, args));
  }
}

/** Calls the function and tells who called it and what came out. */
export async function work_out(func: Task[0], args: Task[1]): Promise<string> {
  const result = await func(...args); // func(*args)
  const name = current_process().name;
  return `${name} says that ${func.name}(${args.join(", ")}) is ${result}`;
}

/** Multiplies, after a short rest. */
export async function mul(a: number, b: number): Promise<number> {
  await delay(20 * Math.random()); // time.sleep(0.02 * random.random())
  return a * b;
}

/** Adds, after a short rest. */
export async function plus(a: number, b: number): Promise<number> {
  await delay(20 * Math.random());
  return a + b;
}

async function main(): Promise<void> {
  const workers = 4;
  const products = Array.from({ length: 20 }, (_, i): Task => [mul, [i, 7]]);
  const sums = Array.from({ length: 10 }, (_, i): Task => [plus, [i, 8]]);
  const task_queue = Queue<Task | "STOP">();
  const done_queue = Queue<string>();

  for (const task of products) {
    await task_queue.put(task);
  }
  for (let i = 0; i < workers; i++) { // for _ in range(workers):
    new Process({ target: worker, args: [task_queue, done_queue] }).start();
  }

  console.log("answers as they come:");
  for (const _ of products) {
    console.log("  ", await done_queue.get());
  }

  for (const task of sums) {
    await task_queue.put(task);
  }
  for (const _ of sums) {
    console.log("  ", await done_queue.get());
  }

  for (let i = 0; i < workers; i++) {
    await task_queue.put("STOP");
  }
  // Python must join the workers here: its queues would end with this function.
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await freeze_support();
  await main();
}
