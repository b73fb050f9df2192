/**
 * The product of two matrices by four processes: each computes a band of rows. The three
 * matrices are one array of numbers in shared memory; nothing is sent but its name.
 *
 * The same program in Python: `python/matrix_bands.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and, below, its "/shared_memory"
import { is_main, Process } from "../mod.ts";
import { SharedMemory } from "../src/shared_memory.ts";
import { numbersOf, putBack } from "./helpers/numbers.ts";

/** Rows and columns of each matrix, and how many numbers it has. */
const N = 48;
const SIZE = N * N;
const PROCESSES = 4;

/** Computes the rows from `first` to `last` of the third matrix. */
function multiply(numbers: Float64Array, first: number, last: number) {
  for (let row = first; row < last; row++) {
    for (let column = 0; column < N; column++) {
      let sum = 0;
      for (let k = 0; k < N; k++) {
        sum += numbers[row * N + k]! * numbers[SIZE + k * N + column]!;
      }
      numbers[2 * SIZE + row * N + column] = sum;
    }
  }
}

export function band(name: string, first: number, last: number) {
  const shm = SharedMemory(name);
  const numbers = numbersOf(shm); // numbers = shm.buf.cast("d")
  multiply(numbers, first, last);
  putBack(shm, numbers, 2 * SIZE + first * N, 2 * SIZE + last * N);
  shm.close();
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const shm = SharedMemory({ create: true, size: 3 * SIZE * 8 });
  const given = numbersOf(shm);
  for (let i = 0; i < SIZE; i++) {
    given[i] = i % 7 - 3;
    given[SIZE + i] = i % 11 - 5;
  }
  putBack(shm, given, 0, 2 * SIZE);
  const alone = given.slice();
  const processes = [];
  for (let i = 0; i < PROCESSES; i++) {
    const [first, last] = [i * N / PROCESSES, (i + 1) * N / PROCESSES];
    processes.push(new Process({ target: band, args: [shm.name, first, last] }));
  }
  for (const p of processes) p.start();
  for (const p of processes) await p.join();
  const product = numbersOf(shm).slice(2 * SIZE);
  multiply(alone, 0, N);
  const isSame = product.every((number, i) => number === alone[2 * SIZE + i]);
  console.log("first row:", product.slice(0, 8).join(" "));
  console.log("last row:", product.slice(-8).join(" "));
  console.log("as one process computes it:", isSame);
  shm.close();
  shm.unlink();
}
