/**
 * The numbers in a block of shared memory as a typed array.
 *
 * Where the runtime maps memory, `new Float64Array(shm.buf.buffer)` is all that it takes:
 * the array is the shared memory itself. Where it does not, the array is a copy, and what was
 * changed in it has to be put back. A program that is to run everywhere does as this file.
 *
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing/shared_memory"
import type { SharedMemory } from "../../src/shared_memory.ts";

/** All numbers of a block, whose size is a multiple of eight. */
export function numbersOf(shm: SharedMemory): Float64Array<ArrayBuffer> {
  const memory = shm.buf.buffer as ArrayBuffer | undefined;
  return new Float64Array(memory ?? shm.buf.slice().buffer as ArrayBuffer);
}

/** Puts the numbers from `start` to `stop` back, if they are a copy. */
export function putBack(
  shm: SharedMemory,
  numbers: Float64Array<ArrayBuffer>,
  start: number,
  stop: number,
): void {
  if (numbers.buffer === shm.buf.buffer) return;
  const bytes = new Uint8Array(numbers.buffer, start * 8, (stop - start) * 8);
  shm.buf.set(bytes, start * 8);
}
