/** A module that awaits something when it is loaded, and tells what that costs on Node. */
import { executionAsyncId } from "node:async_hooks";
import { Event } from "../../mod.ts";

let release: () => void;

async function wait(): Promise<void> {
  await null;
  await new Promise<void>((resolve) => release = resolve);
}

const waiting = wait();

/** Whether Node calls JavaScript at each step of a promise. */
async function areWatched(): Promise<boolean> {
  const before = executionAsyncId();
  await null;
  return executionAsyncId() !== before;
}

/** Whether it does so while the module waits, and after that. */
export async function whenWatched(): Promise<boolean[]> {
  const before = await areWatched();
  release();
  await waiting;
  await new Promise((resolve) => setImmediate(resolve));
  return [before, await areWatched()];
}

/** What loads an entry of the package. */
export type Entry = typeof Event;
void Event;
