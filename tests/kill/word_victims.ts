/**
 * What the processes of words_test.ts run. The lock guards a file: the number of the
 * process that is inside, and how often some process was.
 */
import { openSync, readSync, writeSync } from "node:fs";
import type { Queue } from "../../mod.ts";
import { type Acquirable, nextTurn, warm } from "../helpers/word_targets.ts";
import { random } from "./items.ts";

/** Visits after which a process gives others a turn, on average. */
const RARELY = 20;

/** A process inside the lock. */
export class Visitor {
  readonly #file: number;
  readonly #me: number;
  readonly #random: () => number;
  readonly #number = new Uint32Array(1);

  constructor(path: string, me: number) {
    this.#file = openSync(path, "r+");
    this.#me = me;
    this.#random = random(me);
  }

  /** Gives the process that was killed inside; 0 if none was. */
  async visit(lock: Acquirable): Promise<number> {
    await lock.acquire();
    const before = this.#read(0);
    this.#write(0, this.#me);
    const count = this.#read(4);
    if (this.#random() < 1 / RARELY) await nextTurn();
    this.#write(4, count + 1);
    const now = this.#read(0);
    if (now !== this.#me) throw new Error(`${now} came while ${this.#me} was inside`);
    if (this.#read(4) !== count + 1) throw new Error("another one has counted");
    this.#write(0, 0);
    await lock.release();
    return before;
  }

  #read(at: number): number {
    readSync(this.#file, this.#number, 0, 4, at);
    return this.#number[0]!;
  }

  #write(at: number, value: number): void {
    this.#number[0] = value;
    writeSync(this.#file, this.#number, 0, 4, at);
  }
}

/** Visits as often as it is told; reports who was killed inside. */
export async function survivor(
  lock: Acquirable,
  path: string,
  me: number,
  orders: Queue<number>,
  reports: Queue<number[] | string>,
): Promise<void> {
  const visitor = new Visitor(path, me);
  for (let count = await orders.get(); count >= 0; count = await orders.get()) {
    const found: number[] = [];
    try {
      for (let n = 0; n < count; n++) {
        const dead = await visitor.visit(lock);
        if (dead !== 0) found.push(dead);
      }
      await reports.put(found);
    } catch (error) {
      await reports.put((error as Error).message);
    }
  }
}

/** Says whether it has the lock's word, and visits for ever. */
export async function victim(
  lock: Acquirable,
  path: string,
  me: number,
  hello: Queue<boolean>,
): Promise<void> {
  await hello.put(await warm(lock));
  const visitor = new Visitor(path, me);
  const away = random(me + 1);
  while (true) {
    await visitor.visit(lock);
    if (away() < 1 / RARELY) await nextTurn();
  }
}
