/**
 * Counts the primes below two thousand million with one worker process a processor.
 *
 * The parent cuts the range into pieces and puts them into one queue; the workers take
 * pieces as they become free, sieve them and put what they found into another queue.
 * Whatever the number of workers, the sum must be the number that mathematicians know.
 * @module
 */
import process from "node:process";
// In a program of your own: from "@pystd/multiprocessing"
import { cpu_count, current_process, is_main, Process, Queue } from "../mod.ts";

const LIMIT = 2_000_000_000;
/** How many primes there are below the limit: known, and what the sum is checked with. */
const KNOWN = 98_222_287;
/** Numbers in one piece. Half of them are odd, a byte each: that fits a fast cache. */
const PIECE = 2_000_000;
const PIECES = LIMIT / PIECE;

/** What a worker tells about one piece. */
export interface Found {
  worker: string;
  primes: number;
  /** Milliseconds that the worker computed. */
  busy: number;
}

/** What one worker did altogether; `busy` in milliseconds. */
interface Row {
  pieces: number;
  primes: number;
  busy: number;
}

/** Sieves pieces, each named by its first number, until `null` comes. */
export async function worker(
  pieces: Queue<number | null>,
  answers: Queue<Found>,
): Promise<void> {
  const { name } = current_process();
  const small = oddPrimesTo(Math.sqrt(LIMIT));
  const composite = new Uint8Array(PIECE / 2);
  let first: number | null;
  while ((first = await pieces.get()) !== null) {
    const start = performance.now();
    const primes = countPrimes(first, composite, small);
    await answers.put({ worker: name, primes, busy: performance.now() - start });
  }
}

/** The primes from `first` on, as far as the scratch array (a byte an odd number) goes. */
function countPrimes(first: number, composite: Uint8Array, small: number[]): number {
  const end = first + 2 * composite.length;
  composite.fill(0);
  for (const p of small) {
    if (p * p >= end) break;
    // The first odd multiple in this piece; smaller factors have crossed those below p².
    let multiple = Math.max(p * p, Math.ceil(first / p) * p);
    if (multiple % 2 === 0) multiple += p;
    for (let i = (multiple - first - 1) / 2; i < composite.length; i += p) {
      composite[i] = 1;
    }
  }
  let primes = composite.length;
  for (let i = 0; i < composite.length; i++) primes -= composite[i]!;
  return primes; // in the first piece the number 1 is counted, and 2 is not
}

function oddPrimesTo(limit: number): number[] {
  const found: number[] = [];
  for (let n = 3; n <= limit; n += 2) {
    let divisor = 3;
    while (divisor * divisor <= n && n % divisor !== 0) divisor += 2;
    if (divisor * divisor > n) found.push(n);
  }
  return found;
}

async function main(): Promise<void> {
  const workers = Array.from({ length: cpu_count() }, (_, i) => `worker ${i + 1}`);
  const count = workers.length === 1 ? "1 process" : `${workers.length} processes`;
  console.log(`Counting the primes below ${format(LIMIT)} with ${count} …\n`);
  const start = performance.now();

  const pieces = Queue<number | null>();
  const answers = Queue<Found>();
  const processes = workers.map((name) =>
    new Process({ target: worker, name, args: [pieces, answers] })
  );
  for (const p of processes) p.start();
  for (let i = 0; i < PIECES; i++) await pieces.put(i * PIECE);
  for (const _ of processes) await pieces.put(null);

  const table = new Map<string, Row>();
  for (const name of workers) table.set(name, { pieces: 0, primes: 0, busy: 0 });
  for (let done = 1; done <= PIECES; done++) {
    const found = await answers.get();
    const row = table.get(found.worker)!;
    row.pieces += 1;
    row.primes += found.primes;
    row.busy += found.busy;
    if (done % (PIECES / 100) === 0) showProgress(done / (PIECES / 100));
  }
  for (const p of processes) await p.join();
  const seconds = (performance.now() - start) / 1000;

  report(table, seconds);
}

/** Prints who did how much, and whether the sum is right. */
function report(table: Map<string, Row>, seconds: number): void {
  console.log("\n  process      pieces        primes   computed");
  for (const [name, row] of table) {
    const busy = `${(row.busy / 1000).toFixed(2)} s`;
    const cells = [String(row.pieces).padStart(6), format(row.primes).padStart(14)];
    console.log(`  ${name.padEnd(10)} ${cells.join("")} ${busy.padStart(10)}`);
  }
  const rows = [...table.values()];
  const total = rows.reduce((sum, row) => sum + row.primes, 0);
  const busy = rows.reduce((sum, row) => sum + row.busy, 0) / 1000;
  console.log(
    `\n${format(total)} primes in ${
      seconds.toFixed(2)
    } s, from the first start to the ` +
      `last end;\nthe sieving alone was ${busy.toFixed(2)} s of computing.`,
  );
  const isRight = total === KNOWN;
  console.log(
    isRight ? "Correct: this is the known number." : `Wrong: it is ${format(KNOWN)}.`,
  );
  if (!isRight) process.exitCode = 1;
}

/** A growing bar on a terminal; a line each quarter where output goes to a file. */
function showProgress(percent: number): void {
  const text = `${percent} %`.padStart(5);
  if (process.stdout.isTTY) {
    const bar = "█".repeat(0.4 * percent).padEnd(40, "░");
    process.stdout.write(`\r  ${bar} ${text}${percent === 100 ? "\n" : ""}`);
  } else if (percent % 25 === 0) {
    console.log(`  ${text}`);
  }
}

function format(n: number): string {
  return n.toLocaleString("en-US");
}

if (is_main(import.meta)) {
  await main();
}
