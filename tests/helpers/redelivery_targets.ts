/** What processes do with a queue that redelivers. */
import { appendFileSync } from "node:fs";
import process from "node:process";
import type { JoinableQueue, Queue } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { forEver } from "../kill/items.ts";

/** Takes so many items, has done so many of them, and hangs. */
export async function takeAndHang(
  q: JoinableQueue<number>,
  taken: Queue<number>,
  count: number,
  done: number,
): Promise<void> {
  const items: number[] = [];
  while (items.length < count) items.push(await q.get());
  for (let n = 0; n < done; n++) await q.task_done();
  for (const item of items) await taken.put(item);
  await forEver();
}

/** Takes five items and says of three that they are done; says what it may not say. */
export async function finishSome(
  q: JoinableQueue<unknown>,
  said: Queue<string>,
): Promise<void> {
  const items: unknown[] = [];
  while (items.length < 5) items.push(await q.get());
  await q.task_done({ item: items[2] });
  await q.task_done({ item: "same" });
  await q.task_done();
  await q.task_done({ item: { n: 1 } }).catch((error) => said.put(String(error)));
  await forEver();
}

/** Takes a connection, and hangs. */
export async function takeConnection(
  q: JoinableQueue<Connection>,
  taken: Queue<string>,
): Promise<void> {
  const conn = await q.get();
  await taken.put(String(conn));
  await forEver();
}

/** Takes a connection that another process had; says what becomes of its use. */
export async function useConnection(
  q: JoinableQueue<Connection>,
  taken: Queue<string>,
): Promise<void> {
  const conn = await q.get();
  const sent = conn.send("hello").then(() => "sent", ({ name }) => name);
  await taken.put(await sent);
  await taken.put(await conn.recv().then(() => "received", ({ name }) => name));
  await q.task_done();
}

/** Takes one item, of which it may die. */
export async function eat(q: JoinableQueue<string>): Promise<void> {
  if (await q.get() === "poison") process.exit(3);
  await q.task_done();
}

/** Deals with all items. */
export async function workAll(
  q: JoinableQueue<number>,
  results: Queue<number>,
): Promise<void> {
  for await (const item of q) {
    await results.put(item);
    await q.task_done();
  }
}

/** Deals with all items until it is killed: writes each down. */
export async function doomedWorker(
  q: JoinableQueue<number>,
  hello: Queue<number>,
  path: string,
  isConcurrent: boolean,
): Promise<void> {
  const work = async () => {
    for await (const item of q) {
      for (let turns = item % 3; turns > 0; turns--) await nextTurn();
      appendFileSync(path, `${item}\n`);
      await q.task_done({ item });
    }
  };
  await hello.put(1);
  await Promise.all(isConcurrent ? [work(), work(), work()] : [work()]);
}
