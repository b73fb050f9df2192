/**
 * What the processes of root_with_children.ts run.
 *
 * @module
 */
import process from "node:process";
import { Process, type Queue, type SimpleQueue } from "../../../mod.ts";

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
