/** Targets of the queue tests. */
import {
  Empty,
  get_start_method,
  type JoinableQueue,
  Pool,
  Process,
  Queue,
  type SimpleQueue,
} from "../../../mod.ts";

/** Told to, takes six items and says so. */
export async function takeSix(
  queue: Queue<number>,
  start: Queue<null>,
  done: Queue<null>,
): Promise<void> {
  await start.get();
  for (let i = 0; i < 6; i++) await queue.get();
  await done.put(null);
}

/** Told to, puts 2 to 5 and says so. */
export async function putFour(
  queue: Queue<number>,
  start: Queue<null>,
  done: Queue<null>,
): Promise<void> {
  await start.get();
  for (const i of [2, 3, 4, 5]) await queue.put(i);
  await done.put(null);
}

/** Puts 10 to 19. */
export async function putTen(queue: Queue<number>): Promise<void> {
  for (let i = 10; i < 20; i++) await queue.put(i);
}

/** Does tasks until there is a null. */
export async function work(
  queue: JoinableQueue<number | null>,
  seen: Queue<number>,
): Promise<void> {
  for (let task = await queue.get(); task !== null; task = await queue.get()) {
    await seen.put(task);
    await queue.task_done();
  }
}

/** Told to, puts what `empty()` says, twice. */
export async function putEmpty(
  queue: SimpleQueue<boolean>,
  start: Queue<null>,
  done: Queue<null>,
): Promise<void> {
  await start.get();
  await queue.put(await queue.empty());
  await queue.put(await queue.empty());
  await done.put(null);
}

/** Makes a queue and a daemon that finds it empty. */
export async function queueInProcess(said: Queue<string>): Promise<void> {
  const queue = Queue<number>();
  const child = new Process({ target: findEmpty, args: [queue, said] });
  child.daemon = true;
  await child.start();
  await child.join();
}

/** Finds a queue empty. */
export async function findEmpty(
  queue: Queue<number>,
  said: Queue<string>,
): Promise<void> {
  try {
    await queue.get(false);
  } catch (error) {
    if (!(error instanceof Empty)) throw error;
    await said.put("empty");
  }
}

export function square(x: number): number {
  return x * x;
}

/** Has a pool of four square seven numbers. */
export async function poolInProcess(results: Queue<number[]>): Promise<void> {
  const pool = Pool({ processes: 4 });
  await results.put(await pool.map(square, [1, 2, 3, 4, 5, 6, 7]));
  pool.close();
  await pool.join();
}

/** Puts 1. */
export async function putOne(queue: Queue<unknown>): Promise<void> {
  await queue.put(1);
}

/** Puts 2 and hands the queue on to a child of its own. */
export async function putTwoAndNest(queue: Queue<unknown>): Promise<void> {
  await queue.put(2);
  const child = new Process({ target: putOne, args: [queue] });
  await child.start();
  await child.join();
}

export async function tellStartMethod(q: Queue<string>): Promise<void> {
  await q.put(String(get_start_method()));
}
