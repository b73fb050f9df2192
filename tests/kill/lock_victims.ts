/**
 * What the processes of locks_test.ts run: survivors, which do what they are told
 * and report, and victims, which would go on for ever.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { setImmediate } from "node:timers";
import type {
  Barrier,
  Condition,
  Event,
  Lock,
  Queue,
  RLock,
  Semaphore,
} from "../../mod.ts";

/** All that can be waited for. */
export interface Things {
  lock: Lock;
  rlock: RLock;
  semaphore: Semaphore;
  condition: Condition;
  event: Event;
  barrier: Barrier;
}

/** The subject of a round. */
export type Kind = keyof Things;

/** What a survivor shall do: how often, and where it is written down. */
export interface Order {
  kind: Kind;
  count: number;
  log: string;
}

/** Does what it is told until it is told null. */
export async function survivor(
  things: Things,
  id: number,
  orders: Queue<Order | null>,
  reports: Queue<unknown>,
): Promise<void> {
  for (let order = await orders.get(); order !== null; order = await orders.get()) {
    const log = openSync(order.log, "a");
    await reports.put(await obey(things, id, order, log));
    closeSync(log);
  }
}

async function obey(
  things: Things,
  id: number,
  { kind, count }: Order,
  log: number,
): Promise<unknown> {
  switch (kind) {
    case "condition":
      return await things.condition.with(() => things.condition.wait());
    case "event":
      return await things.event.wait();
    case "barrier":
      return await things.barrier.wait().catch((error) => error.name);
    default:
      for (let n = 0; n < count; n++) await visit(things[kind], kind, id, log);
      return "done";
  }
}

/** Says that it runs, does something, and does not end by itself. */
export async function victim(
  things: Things,
  kind: Kind,
  id: number,
  path: string,
  hello: Queue<number>,
): Promise<void> {
  const log = openSync(path, "a");
  await hello.put(id);
  if (kind === "condition") {
    await things.condition.acquire();
    await things.condition.wait();
    writeSync(log, `W ${id}\n`);
    await things.condition.release();
  } else if (kind === "event") {
    await things.event.wait();
  } else if (kind === "barrier") {
    await things.barrier.wait().catch(() => {});
  } else {
    while (true) await visit(things[kind], kind, id, log);
  }
  await new Promise(() => setInterval(() => {}, 60_000));
}

/** Is inside for a moment, and writes down when it comes and goes. */
async function visit(
  lock: Lock | RLock | Semaphore,
  kind: Kind,
  id: number,
  log: number,
): Promise<void> {
  const levels = kind === "rlock" ? 2 : 1;
  for (let n = 0; n < levels; n++) await lock.acquire();
  writeSync(log, `E ${id}\n`);
  await new Promise<void>((resolve) => void setImmediate(resolve));
  writeSync(log, `L ${id}\n`);
  for (let n = 0; n < levels; n++) await lock.release();
}
