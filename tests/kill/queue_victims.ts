/**
 * What the processes of queues_test.ts run: the victims, which would go on for ever, and
 * the partners that survive (these also run as tasks of the root).
 */
import { openSync, writeSync } from "node:fs";
import type { Queue, SimpleQueue } from "../../mod.ts";
import { checkItem, type Item, makeItem, MARK, sendCounted } from "./items.ts";

/** More than any victim gets done before it is killed; keeps a slow machine's memory. */
const MOST = 1000;

/** Is not killed. */
export function endAtOnce(): void {}

/** Puts items till it is killed; writes down how many `put` have come back. */
export async function doomedProducer(
  q: Queue<Item>,
  hello: SimpleQueue<number>,
  by: number,
  path: string,
): Promise<void> {
  await sendCounted(by, MOST, path, () => hello.put(by), (item) => q.put(item));
}

/** Takes items till it is killed; writes down each. */
export async function doomedConsumer(
  q: Queue<Item>,
  hello: SimpleQueue<number>,
  by: number,
  path: string,
): Promise<void> {
  const file = openSync(path, "a");
  await hello.put(by);
  while (true) {
    const item = await q.get();
    writeSync(file, Int32Array.of(...checkItem(item)));
  }
}

/** Each order puts so many items; a negative one puts a mark. Null ends it. */
export async function producingPartner(
  q: Queue<Item>,
  orders: SimpleQueue<number | null>,
  by: number,
): Promise<void> {
  let n = 0;
  for (let count = await orders.get(); count !== null; count = await orders.get()) {
    if (count < 0) await q.put(makeItem(MARK, -count));
    for (const end = n + count; n < end; n++) await q.put(makeItem(by, n));
  }
}

/** Each order takes all items up to the next mark, and reports them. Null ends it. */
export async function takingPartner(
  q: Queue<Item>,
  orders: SimpleQueue<true | null>,
  reports: SimpleQueue<[by: number, n: number][]>,
): Promise<void> {
  while (await orders.get() !== null) {
    const taken: [by: number, n: number][] = [];
    do taken.push(checkItem(await q.get(true, 40))); while (taken.at(-1)![0] !== MARK);
    await reports.put(taken);
  }
}
