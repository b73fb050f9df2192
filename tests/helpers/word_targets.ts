/** Targets of synchronize/words_test.ts and kill/words_test.ts. */
import { openSync, readSync, writeSync } from "node:fs";
import { setImmediate } from "node:timers";
import type {
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Queue,
  RLock,
  Semaphore,
} from "../../mod.ts";
import { assumeSwitches } from "../../src/runtime/switches.ts";

/** What can be acquired. */
export type Acquirable = Lock | RLock | Semaphore | BoundedSemaphore;

/** Uses after which a process surely has the word, if there is one. */
const MANY_USES = 400;

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Whether a text shows what is in a word. */
export function isKnown(thing: object): boolean {
  return !String(thing).includes("unknown");
}

/** Uses a lock until this process has its word; tells whether it has. */
export async function warm(lock: Acquirable | Event): Promise<boolean> {
  for (let i = 0; i < MANY_USES && !isKnown(lock); i++) {
    if ("is_set" in lock) await lock.is_set();
    else {
      await lock.acquire();
      await lock.release();
    }
    await nextTurn();
  }
  return isKnown(lock);
}

/** Counts in the first four bytes of a file, which another process may do as well. */
export class FileCounter {
  readonly #file: number;
  readonly #count = new Uint32Array(1);

  constructor(path: string) {
    this.#file = openSync(path, "r+");
  }

  add(): void {
    readSync(this.#file, this.#count, 0, 4, 0);
    this.#count[0]!++;
    writeSync(this.#file, this.#count, 0, 4, 0);
  }
}

/** Adds to the counter under the lock; tells whether it had the word. */
export async function count(
  lock: Acquirable,
  path: string,
  times: number,
  answers: Queue<boolean>,
): Promise<void> {
  const counter = new FileCounter(path);
  const isThin = await warm(lock);
  for (let i = 0; i < times; i++) {
    await lock.acquire();
    counter.add();
    await lock.release();
  }
  await answers.put(isThin);
}

/** The same in a process that cannot map memory. */
export async function countUnmapped(
  lock: Acquirable,
  path: string,
  times: number,
  answers: Queue<boolean>,
): Promise<void> {
  assumeSwitches(["mapping"]);
  await count(lock, path, times, answers);
}

/** Takes and gives back, and uses an event, until the file says so; tells how often. */
export async function useWhile(
  lock: Lock,
  event: Event,
  path: string,
  answers: Queue<unknown>,
): Promise<void> {
  const isThin = await warm(lock) && await warm(event);
  const file = openSync(path, "r");
  const state = new Uint8Array(1);
  const look = () => {
    readSync(file, state, 0, 1, 0);
    return state[0];
  };
  await answers.put(isThin);
  while (look() === 0) await nextTurn();
  let uses = 0;
  while (isThin && look() === 1) {
    for (let i = 0; i < 10; i++) {
      await lock.acquire();
      await lock.release();
      if (await event.wait()) uses++;
    }
  }
  await answers.put(uses);
}

/** What a lock says that this process has, that another one has, and that is free. */
export async function describe(
  lock: Acquirable,
  orders: Queue<string>,
  answers: Queue<unknown>,
): Promise<void> {
  await answers.put(await warm(lock));
  for (let order = await orders.get(); order !== "end"; order = await orders.get()) {
    if (order === "acquire") await answers.put(await lock.acquire());
    else if (order === "try") await answers.put(await lock.acquire(false));
    else if (order === "time") await answers.put(await lock.acquire(true, 0.01));
    else if (order === "abort") {
      const signal = AbortSignal.timeout(10);
      await answers.put(
        await lock.acquire({ signal }).catch((error: Error) => error.name),
      );
    } else if (order === "release") {
      await answers.put(
        await lock.release().then(() => "released", ({ message }) => message),
      );
    } else if (order === "release and try") {
      const releasing = lock.release();
      await answers.put(await lock.acquire(false));
      await releasing;
    } else if (order === "value") {
      await answers.put("get_value" in lock ? await lock.get_value() : "none");
    } else await answers.put([String(lock), await lock.locked()]);
  }
}

/** Waits for its turn in a condition again and again, and gives the turn to the next. */
export async function takeTurns(
  condition: Condition,
  path: string,
  me: number,
  parties: number,
  turns: number,
): Promise<void> {
  const file = openSync(path, "r+");
  const turn = new Uint8Array(1);
  for (let i = 0; i < turns; i++) {
    await condition.with(async () => {
      await condition.wait_for(() => {
        readSync(file, turn, 0, 1, 0);
        return turn[0] === me;
      });
      turn[0] = (me + 1) % parties;
      writeSync(file, turn, 0, 1, 0);
      await condition.notify_all();
    });
  }
}

/** Sets one event for each time that the other one is set. */
export async function answerEvent(
  ping: Event,
  pong: Event,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    await ping.wait();
    await ping.clear();
    await pong.set();
  }
}

/** Waits for a lock that others take all the time; tells the longest wait in ms. */
export async function starve(
  lock: Lock,
  times: number,
  answers: Queue<number>,
): Promise<void> {
  await warm(lock);
  let longest = 0;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await lock.acquire();
    longest = Math.max(longest, performance.now() - start);
    await lock.release();
    await nextTurn();
  }
  await answers.put(longest);
}

/** Takes the lock and gives it back, for ever. */
export async function hog(lock: Lock, ready: Queue<boolean>): Promise<never> {
  await ready.put(await warm(lock));
  while (true) {
    await lock.acquire();
    await lock.release();
  }
}
