/** Targets of the cases about the shutdown of queues. */
import {
  type Barrier,
  Empty,
  type Event,
  type JoinableQueue,
  type Queue,
  ShutDown,
} from "../../../mod.ts";

/** What became of a call: what it gave, or `ShutDown`. */
export async function outcome<T>(call: Promise<T>): Promise<T | "ShutDown"> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ShutDown) return "ShutDown";
    throw error;
  }
}

/** Told to, takes an item. */
export async function getOne(
  q: Queue<string>,
  go: Event,
  results: Queue<string>,
): Promise<void> {
  await go.wait();
  await results.put(await outcome(q.get()));
}

/** At once, takes an item. */
export async function getNow(
  q: Queue<string>,
  ready: Queue<string>,
  results: Queue<string>,
): Promise<void> {
  const got = outcome(q.get());
  await ready.put("ready");
  await results.put(await got);
}

/** Told to, takes an item and deals with it. */
export async function getAndFinish(
  q: JoinableQueue<string>,
  go: Event,
  results: Queue<string>,
): Promise<void> {
  await go.wait();
  const item = await outcome(q.get());
  if (item !== "ShutDown") await q.task_done();
  await results.put(item);
}

/** Told to, puts an item. */
export async function putOne(
  q: Queue<string>,
  item: string,
  go: Event,
  results: Queue<string>,
): Promise<void> {
  await go.wait();
  await results.put(await outcome(q.put(item)) ?? "put");
}

/** Waits until all is done. */
export async function join(
  q: JoinableQueue<string>,
  results: Queue<string>,
): Promise<void> {
  await q.join();
  await results.put("joined");
}

/** Puts numbers, half of them before the others are there too, until the queue is shut down. */
export async function write(
  q: Queue<number>,
  count: number,
  start: Barrier,
  over: Event,
  results: Queue<[string, number]>,
): Promise<void> {
  for (let i = 0; i < count / 4; i++) await q.put(i);
  await start.wait();
  for (let i = count / 4;; i++) {
    if (i > count / 2) await over.set();
    // A put may succeed for a while after the shutdown has begun elsewhere.
    if (await outcome(q.put(i)) === "ShutDown") {
      return await results.put(["put", i]);
    }
  }
}

/** Takes what there is until the queue is shut down. */
export async function read(
  q: JoinableQueue<number>,
  start: Barrier,
  results: Queue<[string, number]>,
): Promise<void> {
  let count = 1;
  await q.get();
  await q.task_done();
  await start.wait();
  for (;;) {
    try {
      await q.get(false);
      await q.task_done();
      count++;
    } catch (error) {
      if (error instanceof ShutDown) return await results.put(["got", count]);
      if (!(error instanceof Empty)) throw error;
    }
  }
}

/** Told to, shuts a queue down. */
export async function shutDown(
  q: Queue<number>,
  over: Event,
  immediate: boolean,
): Promise<void> {
  await over.wait();
  await q.shutdown(immediate);
}

/** All items, until the queue is shut down. */
export async function takeAll(
  q: Queue<number>,
  results: Queue<number[]>,
): Promise<void> {
  const items: number[] = [];
  for await (const item of q) items.push(item);
  await results.put(items);
}

/** One item of a loop that is left. */
export async function takeFirst(
  q: Queue<number>,
  results: Queue<number>,
): Promise<void> {
  for await (const item of q) {
    await results.put(item);
    break;
  }
}
