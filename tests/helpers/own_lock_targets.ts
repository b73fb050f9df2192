/** What a child sees of locks of its own; `STEPS` are Python as well, but for `await`. */
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  exported,
  Lock,
  Process,
  type Queue,
  RLock,
  Semaphore,
} from "../../mod.ts";

const MAKERS = {
  Lock,
  RLock,
  Semaphore,
  BoundedSemaphore,
  Event,
  Condition,
  Barrier,
} as unknown as Record<string, (...args: unknown[]) => AnyLock>;

type AnyLock = Record<string, (...args: unknown[]) => unknown>;

/** A lock, its arguments, and the methods that are called, with the text after each. */
export const STORIES: readonly (readonly [string, number[], string])[] = [
  ["Lock", [], "acquire release acquire release"],
  ["RLock", [], "acquire acquire release release"],
  ["Semaphore", [2], "acquire release release acquire acquire acquire"],
  ["Semaphore", [0], "release acquire"],
  ["BoundedSemaphore", [2], "acquire acquire release release release"],
  ["Event", [], "set wait is_set clear set set clear"],
  ["Condition", [], "acquire notify_all release release"],
  ["Barrier", [1], "wait wait"],
];

/** Tells the texts of all, without addresses. */
export async function tellTexts(q: Queue<string[][]>): Promise<void> {
  const all: string[][] = [];
  for (const [name, args, steps] of STORIES) {
    const lock = MAKERS[name]!(...args);
    const texts = [String(lock)];
    for (const step of steps.split(" ")) {
      await (lock[step]!() as Promise<unknown>).catch(() => {});
      texts.push(String(lock));
    }
    all.push(texts.map((text) => text.replace(/ at 0x[0-9a-f]+/, "")));
  }
  await q.put(all);
}

export function doNothing(..._: unknown[]): void {}

/** Tells texts of locks before and after another process has got them. */
export async function tellShared(q: Queue<string[]>): Promise<void> {
  const locks = [Lock(), Semaphore(3), Event(), Condition(), Barrier(2)] as const;
  const texts = () => locks.map((one) => String(one).replace(/ at 0x[0-9a-f]+/, ""));
  await q.put(texts());
  const child = new Process({ target: doNothing, args: [...locks] });
  await child.start();
  await child.join();
  await q.put(texts());
}

/** Tells how many tasks of this process wait at a condition and a barrier of its own. */
export async function tellWaiters(q: Queue<string[]>): Promise<void> {
  const condition = Condition(), barrier = Barrier(2), told: string[] = [];
  const tell = () =>
    told.push(
      ...[condition, barrier].map((one) => String(one).replace(/ at 0x[0-9a-f]+/, "")),
    );
  const sleep = () => condition.with(() => condition.wait());
  const waits = [sleep(), sleep(), barrier.wait()];
  while (!String(condition).endsWith(", 2)>")) await condition.with(() => {});
  tell();
  await condition.with(() => condition.notify());
  tell();
  await condition.with(() => condition.notify_all());
  await barrier.wait();
  await Promise.all(waits);
  tell();
  await condition.with(() => condition.wait(0));
  await barrier.abort();
  tell();
  await q.put(told);
}

exported(import.meta, { doNothing, tellShared, tellTexts, tellWaiters });
