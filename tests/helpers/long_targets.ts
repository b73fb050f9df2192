/** Targets and messages for shared_channel_test.ts. */
import { Buffer } from "node:buffer";
import type { Queue } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

/** Bytes no part of which is like another one, or like the same part of another number's. */
export function longBytes(length: number, n = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 7 + (i >> 8) * 3 + (i >> 16) + n * 31;
  return bytes;
}

/** Whether these are {@linkcode longBytes}; a failed comparison would print megabytes. */
export function areLongBytes(bytes: Uint8Array, length: number, n = 0): boolean {
  return Buffer.compare(bytes, longBytes(length, n)) === 0;
}

/** Sends back all objects that come, as long as somebody sends some. */
export async function echoObjects(end: Connection): Promise<void> {
  for await (const object of end) await end.send(object);
}

/** Puts all items into another queue, till there is a null. */
export async function echoItems(
  there: Queue<Uint8Array | string | null>,
  back: Queue<Uint8Array | string>,
): Promise<void> {
  for (let item = await there.get(); item !== null; item = await there.get()) {
    await back.put(item);
  }
}

/** Sends two messages back; from then on long ones go by files, where they may. */
async function echoTwo(end: Connection): Promise<void> {
  for (let i = 0; i < 2; i++) await end.send_bytes(await end.recv_bytes());
}

/** Puts so many items, all at once, and ends. */
export async function putAndEnd(
  end: Connection,
  queue: Queue<Uint8Array>,
  count: number,
  length: number,
): Promise<void> {
  await echoTwo(end);
  for (let n = 0; n < count; n++) void queue.put(longBytes(length, n));
}

/** Waits for a message at each of the ends, and sends it back there. */
export async function echoAtAll(end: Connection, ends: Connection[]): Promise<void> {
  await echoTwo(end);
  const received = ends.map((one) => one.recv_bytes());
  await end.send("waiting");
  const messages = await Promise.all(received);
  await Promise.all(ends.map((one, i) => one.send_bytes(messages[i]!)));
}

/** Returns its argument. */
export function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}

/** Returns its argument with other bytes in it. */
export function overwrite(bytes: Uint8Array): Uint8Array {
  return bytes.fill(9);
}

/** The class of its argument, and whether its buffer holds nothing else. */
export function describe(bytes: Uint8Array): [name: string, isAlone: boolean] {
  return [bytes.constructor.name, bytes.buffer.byteLength === bytes.length];
}

/** The same bytes as Node has them. */
export function toBuffer(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes);
}

let end: Connection;
let kept: Uint8Array;

/** Takes so many items at once, and says how many bytes they had. */
export async function takeTogether(
  q: Queue<Uint8Array>,
  back: Queue<number>,
  count: number,
): Promise<void> {
  await back.put((await q.get()).length);
  const items = await Promise.all(Array.from({ length: count }, () => q.get()));
  await back.put(items.reduce((sum, { length }) => sum + length, 0));
}

/** Keeps an end of a pipe for the functions below. */
export function keepEnd(given: Connection): void {
  end = given;
}

/** Receives bytes, keeps them, and returns them. */
export async function receiveAndKeep(_: unknown): Promise<Uint8Array> {
  return kept = await end.recv_bytes();
}

export function newBytes(length: number): Uint8Array {
  return new Uint8Array(length).fill(9);
}

/** Whether what was kept is still what it was. */
export function isUnchanged(): boolean {
  return kept.every((byte) => byte === 1);
}

/** Takes nothing more from its stdin for so many milliseconds, from the second turn on. */
export function beBusy(given: Connection, milliseconds: number): Promise<void> {
  void given.recv(); // so that the message is sent here at once
  void given.send("busy soon");
  return new Promise((resolve) =>
    setTimeout(() => {
      const stop = performance.now() + milliseconds;
      while (performance.now() < stop);
      resolve();
    }, 50)
  );
}
