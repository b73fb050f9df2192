/** What the processes do that tests start on several runtimes at once. */
import type { Queue } from "../../src/queues.ts";
import { SharedMemory } from "../../src/shared_memory.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import type { Synchronized } from "../../src/sharedctypes.ts";
import { runtimeName } from "../suite.ts";

/**
 * Adds to a value under its lock, and tells which runtime has done so, and how often. A
 * process that cannot map memory asks the hub each time, while the others take the lock.
 */
export async function count(
  value: Synchronized<number>,
  done: Queue<[string, number]>,
): Promise<void> {
  const times = canMap() ? 100_000 : 300;
  for (let i = 0; i < times; i++) await value.with(() => value.value += 1);
  await done.put([runtimeName, times]);
}

/** Writes its number all over its own part of a segment, and reads the part before it. */
export function fillPart(name: string, part: number, size: number): number {
  const shm = SharedMemory(name);
  shm.buf.fill(part + 1, part * size, (part + 1) * size);
  const before = part === 0 ? undefined : shm.buf[part * size - 1];
  shm.close();
  return before ?? 0;
}

/** Which runtime this is, and the square of a number. */
export function squareOn(x: number): [string, number] {
  return [runtimeName, x * x];
}
