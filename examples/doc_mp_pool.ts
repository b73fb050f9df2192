/**
 * A pool in all its ways: results in order and as they come, errors, limits of time,
 * callbacks, the end.
 *
 * The same program in Python: `python/doc_mp_pool.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // import time
// In a program of your own: from "@pystd/multiprocessing"
import {
  current_process,
  freeze_support,
  is_main,
  Pool,
  StopIteration,
  TimeoutError,
  ZeroDivisionError,
} from "../mod.ts";

/** A function and its arguments. */
export type Task = [func: typeof mul, args: [number, number]];

/** Calls the function, and tells what came out; the name of the worker is chance. */
export async function work_out(func: Task[0], args: Task[1]): Promise<string> {
  const result = await func(...args); // func(*args)
  const who = current_process().name.replace(/\d+$/, "N");
  return `${who} says that ${func.name}(${args.join(", ")}) is ${result}`;
}

/** The same with a task as its one argument. */
export function work_out_task([func, args]: Task): Promise<string> {
  return work_out(func, args); // work_out(*task)
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

/** Fails for 5, as Python's `1 / (x - 5)` does. */
export function f(x: number): number {
  if (x === 5) throw new ZeroDivisionError("division by zero");
  return 1 / (x - 5);
}

/** The third power. */
export function pow3(x: number): number {
  return x ** 3;
}

/** Does nothing with it. */
export function noop(_: unknown): void {}

async function main(): Promise<void> {
  const workers = 4;
  console.log("a pool of", workers);
  await using pool = Pool(workers); // with Pool(workers) as pool:
  console.log(`${pool}`); // print(pool)

  const products = Array.from({ length: 10 }, (_, i): Task => [mul, [i, 7]]);
  const sums = Array.from({ length: 10 }, (_, i): Task => [plus, [i, 8]]);
  const tasks = [...products, ...sums];

  const results = tasks.map((task) => pool.apply_async(work_out, task));
  const in_order = pool.imap(work_out_task, tasks);
  const as_they_come = pool.imap_unordered(work_out_task, tasks);

  console.log("by apply_async:");
  for (const result of results) {
    console.log("  ", await result.get());
  }
  console.log("by imap:");
  for await (const text of in_order) {
    console.log("  ", text);
  }
  console.log("by imap_unordered, sorted:");
  const texts: string[] = [];
  for await (const text of as_they_come) {
    texts.push(text);
  }
  for (const text of texts.toSorted()) {
    console.log("  ", text);
  }
  console.log("by map, which waits for all:");
  for (const text of await pool.map(work_out_task, tasks)) {
    console.log("  ", text);
  }

  console.log("errors:");
  try {
    console.log(await pool.apply(f, [5]));
  } catch (error) { // except ZeroDivisionError:
    console.log("   apply raises", (error as Error).name);
  }
  const ten = Array.from({ length: 10 }, (_, i) => i); // range(10)
  try {
    console.log(await pool.map(f, ten));
  } catch (error) {
    console.log("   map raises", (error as Error).name);
  }
  try {
    for await (const _ of pool.imap(f, ten)); // list(pool.imap(f, ten))
  } catch (error) {
    console.log("   a loop over imap raises", (error as Error).name);
  }
  const it = pool.imap(f, ten);
  for (let i = 0; i <= 10; i++) { // for i in range(11):
    try {
      await it.next(); // next(it)
    } catch (error) { // except ZeroDivisionError:
      if (error instanceof ZeroDivisionError) {
        console.log("   next raises it at", i);
      } else if (error instanceof StopIteration) {
        console.log("   and goes on up to", i);
      } else {
        throw error;
      }
    }
  }

  console.log("get and next with a limit:");
  const late = pool.apply_async(work_out, [mul, [6, 7]]);
  for (;;) { // while True:
    try {
      console.log("  ", await late.get(0.002));
      break;
    } catch (error) { // except TimeoutError:
      if (!(error instanceof TimeoutError)) throw error;
    }
  }
  const some = pool.imap(work_out_task, products);
  for (;;) {
    try {
      console.log("  ", await some.next(0.002));
    } catch (error) {
      if (error instanceof StopIteration) break;
      if (!(error instanceof TimeoutError)) throw error;
    }
  }

  console.log("callbacks:");
  const seen: number[] = [];
  const r1 = pool.map_async(pow3, ten, {
    callback: (values) => seen.push(...values), // callback=seen.extend
  });
  await r1.wait();
  const r2 = pool.apply_async(pow3, [10], {
    callback: (value) => seen.push(value), // callback=seen.append
  });
  await r2.wait();
  console.log("  ", ...seen); // print("  ", *seen)

  console.log("many:");
  const many = Array.from({ length: 10_000 }, (_, i) => i);
  console.log("  ", (await pool.map(noop, many, 1000)).length);
  const powers = await pool.map(pow3, many);
  console.log("  ", powers[0], powers[9999]); // powers[-1]

  console.log("the end:");
  console.log("   nothing is left to do:", pool._cache.size === 0); // pool._cache == {}
  pool.close();
  try {
    pool.apply_async(pow3, [1]);
  } catch (error) { // except ValueError as error:
    console.log("  ", (error as Error).message); // print("  ", error)
  }
  await pool.join();
  console.log("  ", pool._state);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await freeze_support();
  await main();
}
