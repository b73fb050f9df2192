// Has five descendants that would run for ever; prints their pids, then "ready".
import process from "node:process";
import { Process, Queue, SimpleQueue } from "../../mod.ts";

/** Waits for an item that does not come. */
export async function waitForItem(
  pids: SimpleQueue<number>,
  empty: Queue<null>,
): Promise<void> {
  await tell(pids);
  await empty.get();
}

/** Waits for room that does not come. */
export async function waitForRoom(
  pids: SimpleQueue<number>,
  full: Queue<null>,
): Promise<void> {
  await tell(pids);
  await full.put(null);
}

/** Has work of its own. */
export async function runTimers(pids: SimpleQueue<number>): Promise<void> {
  setInterval(() => {}, 5);
  await tell(pids);
}

/** Has a child of its own. */
export async function waitForChild(
  pids: SimpleQueue<number>,
  empty: Queue<null>,
): Promise<void> {
  const child = new Process({ target: waitForItem, args: [pids, empty] });
  await child.start();
  await tell(pids);
  await child.join();
}

async function tell(pids: SimpleQueue<number>): Promise<void> {
  await pids.put(process.pid);
}

if (import.meta.main) {
  const pids = SimpleQueue<number>();
  const empty = Queue<null>(), full = Queue<null>(1);
  await full.put(null);
  const children = [
    new Process({ target: waitForItem, args: [pids, empty], daemon: true }),
    new Process({ target: waitForRoom, args: [pids, full] }),
    new Process({ target: runTimers, args: [pids] }),
    new Process({ target: waitForChild, args: [pids, empty] }),
  ];
  for (const p of children) await p.start();
  const all: number[] = [];
  while (all.length < 5) all.push(await pids.get());
  console.log(all.join(" "));
  console.log("ready");
  for (const p of children) await p.join();
}
