/**
 * What the processes of pipes_test.ts run: most of them go on till they are killed.
 */
import { openSync, writeSync } from "node:fs";
import type { SimpleQueue } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { checkItem, forEver, type Item, makeItem, sendCounted } from "./items.ts";

/** More than a victim gets done before it is killed. */
const MOST = 2000;

/** Sends items; writes down how many times `send` has come back. */
export async function doomedWriter(
  writer: Connection<unknown, Item>,
  hello: SimpleQueue<number>,
  by: number,
  path: string,
): Promise<void> {
  await sendCounted(by, MOST, path, () => hello.put(by), (item) => writer.send(item));
}

/** Receives items; writes down each. Ends at the end. */
export async function doomedReader(
  reader: Connection<Item>,
  hello: SimpleQueue<number>,
  by: number,
  path: string,
): Promise<void> {
  const file = openSync(path, "w");
  await hello.put(by);
  for await (const item of reader) writeSync(file, Int32Array.of(...checkItem(item)));
}

/** Receives ends of pipes, and keeps them. */
export async function doomedKeeper(
  conn: Connection<Connection>,
  hello: SimpleQueue<number>,
  by: number,
): Promise<void> {
  const kept: Connection[] = [];
  await hello.put(by);
  for (;;) kept.push(await conn.recv());
}

/** Sends one end of each of its pipes away, and what it has to say through the others. */
export async function doomedGiver(
  conn: Connection<unknown, Connection>,
  hello: SimpleQueue<number>,
  by: number,
): Promise<void> {
  const { Pipe } = await import("../../mod.ts");
  await hello.put(by);
  for (let n = 0; n < MOST; n++) {
    const [reader, writer] = Pipe<Item>(false);
    await conn.send(reader);
    reader.close();
    await writer.send(makeItem(by, n));
    writer.close();
  }
  await forEver();
}
