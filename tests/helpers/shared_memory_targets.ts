/** What processes run in the tests of shared memory. */
import { type ShareableList, SharedMemory } from "../../src/shared_memory.ts";
import { mapFile } from "../../src/runtime/mapping/mod.ts";

/** Counts in a word of a file, and says whether it could map it. */
export function increment(path: string, times: number): void {
  const mapping = mapFile(path, undefined, { create: false });
  const { buffer } = mapping;
  if (buffer === undefined) throw new Error("it is not mapped");
  const word = new Int32Array(buffer, 0, 1);
  for (let n = 0; n < times; n++) Atomics.add(word, 0, 1);
  mapping.close();
}

/** Writes text into a segment, which is given by its name or itself. */
export function writeText(shm: SharedMemory | string, text: string): void {
  const local = typeof shm === "string" ? SharedMemory(shm) : shm;
  local.buf.set(new TextEncoder().encode(text));
  local.close();
}

/** Doubles the numbers of a list. */
export function double(list: ShareableList<number>): void {
  for (let i = 0; i < list.length; i++) list[i]! *= 2;
  list.shm.close();
}

/** Makes a segment, and leaves it. */
export function makeSegment(name: string, track: boolean): void {
  const shm = SharedMemory(name, true, 16, { track });
  shm.buf[0] = 7;
  shm.close();
}
