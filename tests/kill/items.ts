/**
 * The items of queues_test.ts, and the rounds and random numbers of all arenas. An item is
 * its producer, its number, and bytes that follow from both, so that its taker sees whether
 * it is whole.
 */
import { Buffer } from "node:buffer";
import { openSync, writeSync } from "node:fs";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { Random } from "../wire/support.ts";

/** Producer, number, bytes. */
export type Item = [by: number, n: number, bytes: Uint8Array];

/** The producer of the items that end a round. */
export const MARK = -1;

/** Sizes below and above what one write to a pipe may hold, and above a pipe's buffer. */
const SIZES = [0, 20, 300, 20, 5000, 20, 40, 300, 40, 20, 4096, 10];

/** Every so many items, a really big one, which goes by a file where it may. */
const BIG = { every: 25, sizes: [100_000, 300_000] };

export function makeItem(by: number, n: number): Item {
  const size = by === MARK ? 0 : sizeOf(by + n);
  return [by, n, new Uint8Array(size).fill((by * 7 + n) & 255)];
}

function sizeOf(n: number): number {
  const { every, sizes } = BIG;
  if (n % every !== 0) return SIZES[n % SIZES.length]!;
  return sizes[n / every % sizes.length]!;
}

/**
 * Hands `count` items of a victim to `send`, and writes down in a file how many calls have
 * come back; then waits for ever. `ready` is called when the file is open.
 */
export async function sendCounted(
  by: number,
  count: number,
  path: string,
  ready: () => Promise<void>,
  send: (item: Item) => Promise<void>,
): Promise<never> {
  const note = new Uint32Array(1);
  const file = openSync(path, "w");
  await ready();
  for (let n = 0; n < count; n++) {
    await send(makeItem(by, n));
    note[0] = n + 1;
    writeSync(file, note, 0, 4, 0);
  }
  return await forEver();
}

/** Never settles, and keeps the process alive. */
export function forEver(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 60_000));
}

/** Throws if an item is not as it was made; gives producer and number. */
export function checkItem(item: Item): [by: number, n: number] {
  const [by, n, bytes] = item;
  const [, , expected] = makeItem(by, n);
  if (Buffer.compare(bytes, expected) !== 0) {
    throw new Error(`item ${n} of producer ${by} is torn`);
  }
  return [by, n];
}

/** A stream of numbers in [0, 1) that a seed determines. */
export function random(seed: number): () => number {
  const numbers = new Random(seed);
  return () => numbers.below(2 ** 32) / 2 ** 32;
}

/** Waits for a random number of turns of the event loop, which may be none. */
export async function randomTurns(random: () => number): Promise<void> {
  const longest = [1, 20, 200][Math.floor(random() * 3)]!;
  for (let turns = Math.floor(random() * longest); turns > 0; turns--) await nextTurn();
}

/** Runs all rounds of an arena; throws at the first fault. */
export async function runRounds(arena: Arena, rounds: number): Promise<void> {
  await arena.open();
  for (let round = 1; round <= rounds; round++) await arena.round(round);
  await arena.close();
}

/** A scene with survivors, in which each round has other victims. */
export interface Arena {
  open(): Promise<void>;
  round(round: number): Promise<void>;
  close(): Promise<void>;
}
