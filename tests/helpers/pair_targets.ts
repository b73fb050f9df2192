/** What a process of one runtime does for a program of another. */
import type { Connection } from "../../src/connection.ts";
import type { Queue } from "../../src/queues.ts";
import type { Lock } from "../../src/synchronize.ts";
import { runtimeName } from "../suite.ts";

/** An instance that crosses, both ways. */
export class Box {
  readonly value: number;
  /** The runtime that has made it. */
  readonly on: string = runtimeName;

  constructor(value: number) {
    this.value = value;
  }

  doubled(): number {
    return 2 * this.value;
  }
}

/** An error of the program's own. */
export class BoxError extends Error {
  override readonly name = "BoxError";
  readonly box: Box;

  constructor(message: string, box: Box) {
    super(message);
    this.box = box;
  }
}

export function increment(x: number): number {
  return x + 1;
}

export function decrement(x: number): number {
  return x - 1;
}

/** What {@linkcode exchange} tells. */
export interface Told {
  on: string;
  isBox: boolean;
  doubled: number;
  called: number;
  box: Box;
  f: (x: number) => number;
}

/** Uses an instance and a function of the root's, and sends some of its own. */
export async function exchange(
  box: Box,
  f: (x: number) => number,
  told: Queue<Told>,
): Promise<void> {
  await told.put({
    on: runtimeName,
    isBox: box instanceof Box && box.on !== undefined,
    doubled: box.doubled(),
    called: f(10),
    box: new Box(21),
    f: decrement,
  });
}

/** Takes numbers till a null, and gives each back with its runtime, under a lock. */
export async function echoLocked(
  lock: Lock,
  tasks: Queue<number | null>,
  results: Queue<[string, number]>,
): Promise<void> {
  for (let x = await tasks.get(); x !== null; x = await tasks.get()) {
    await lock.with(() => results.put([runtimeName, x!]));
  }
}

/** Sends back what comes, till the other end is closed. */
export async function mirror(conn: Connection): Promise<void> {
  try {
    for (;;) await conn.send(await conn.recv());
  } catch (error) {
    if ((error as Error).name !== "EOFError") throw error;
  }
}

/** A box with that number, which may be none. @throws {BoxError} for 13 */
export function boxed(x: number): Box {
  if (x === 13) throw new BoxError("no box for 13", new Box(x));
  return new Box(x);
}

/** Applies a function that comes with its argument. */
export function applied(f: (x: number) => number, x: number): number {
  return f(x);
}

/** What an initializer has left for {@linkcode fromStart}. */
let start = 0;

export function begin(value: number): void {
  start = value;
}

export function fromStart(x: number): [string, number] {
  return [runtimeName, start + x];
}
