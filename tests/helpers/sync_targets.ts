/** Targets of synchronize_test.ts. */
import { existsSync } from "node:fs";
import process from "node:process";
import { setImmediate } from "node:timers";
import {
  type Barrier,
  type Condition,
  type Event,
  Lock,
  Process,
  type Queue,
  type RLock,
  type Semaphore,
} from "../../mod.ts";

/** Takes what it is given and keeps it till it is killed. */
export async function holdForEver(
  lock: Lock | RLock | Semaphore,
  ready: Queue<unknown>,
): Promise<void> {
  await lock.acquire();
  await ready.put("held");
  await forEver();
}

/** Waits for something, and tells what came of it. */
export async function tell(
  wait: "acquire" | "event" | "barrier" | "condition",
  object: never,
  ready: Queue<unknown>,
): Promise<void> {
  const it = object as Lock & Event & Barrier & Condition;
  if (wait === "condition") await it.acquire();
  await ready.put("ready");
  try {
    await ready.put(await (wait === "acquire" ? it.acquire() : it.wait()));
  } catch (error) {
    await ready.put((error as Error).name);
  }
  if (wait === "condition") await it.release();
}

/** Whether a promise settles before the event loop turns. */
export async function isQuick(promise: Promise<unknown>): Promise<boolean> {
  let turned = false;
  setImmediate(() => turned = true);
  await promise;
  return !turned;
}

/** Tells whether a release waits for an answer: of what is held, and of what is not. */
export async function releaseTwice(
  lock: Lock,
  other: Lock,
  said: Queue<unknown>,
): Promise<void> {
  await lock.acquire();
  await said.put(await isQuick(lock.release()));
  await said.put(await isQuick(other.release()));
}

/** Acquires, waits until another one has released it, and releases it again. */
export async function releaseWhatWasReleased(
  lock: Lock,
  gate: Queue<null>,
  said: Queue<unknown>,
): Promise<void> {
  await lock.acquire();
  await said.put("held");
  await gate.get();
  await said.put(await outcome(lock.release()));
  await said.put(await outcome(lock.release()));
}

/** Releases, without looking at what has come, when there is a sign from outside. */
export async function releaseBlindly(
  lock: Lock,
  sign: string,
  gate: Queue<null>,
  said: Queue<unknown>,
): Promise<void> {
  process.on("unhandledRejection", (error) => void said.put(`${error}`));
  await lock.acquire();
  await said.put("held");
  while (!existsSync(sign));
  await lock.release();
  await gate.get();
}

/** Tells how shared objects look from here, and whether the lock is the condition's. */
export async function describe(
  said: Queue<unknown>,
  lock: Lock,
  condition: Condition,
  others: unknown[],
): Promise<void> {
  const free = [lock, condition, ...others].map(String);
  await condition.acquire();
  await said.put([free, String(lock), String(condition)]);
  await condition.release();
}

/** A lock of the user's own, with a method that others do not have. */
export class NamedLock extends Lock {
  readonly isNamed: boolean = true;

  hello(): string {
    return `hello from ${this}`;
  }
}

/** Tells that the class has come along. */
export async function greet(lock: NamedLock, said: Queue<unknown>): Promise<void> {
  await said.put([lock instanceof NamedLock, lock.isNamed, lock.hello()]);
}

/** Hands a lock on to a process of its own. */
export async function handOn(lock: Lock, ready: Queue<unknown>): Promise<void> {
  const child = new Process({ target: holdForEver, args: [lock, ready] });
  await child.start();
  await ready.put(child.pid);
  await forEver();
}

/** Told to, tries the lock, puts into the queue and sets the event. */
export async function wakeUp(
  gate: Queue<null>,
  lock: Lock,
  q: Queue<unknown>,
  event: Event,
): Promise<void> {
  await gate.get();
  await q.put(await lock.acquire(false));
  await event.set();
}

/** An action that fails. */
export function failToAct(): never {
  throw new RangeError("out of range");
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    return `${await promise}`;
  } catch (error) {
    return `${error}`;
  }
}

function forEver(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 60_000));
}
