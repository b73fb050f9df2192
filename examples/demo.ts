/**
 * Counts the primes below five thousand million with a pool of one worker process a
 * processor.
 *
 * The range is cut into pieces; the pool hands them to its workers as these become free
 * and gives back what they found, in whatever order they finish. Whatever the number of
 * workers, the sum must be the number that mathematicians know.
 * @module
 */
import process from "node:process";
// In a program of your own: from "@pystd/multiprocessing" and
// "@pystd/multiprocessing/progress"
import { cpu_count, current_process, is_main, Pool } from "../mod.ts";
import { bar } from "../src/pool/progress.ts";

const LIMIT = 5_000_000_000;
/** How many primes there are below the limit: known, and what the sum is checked with. */
const KNOWN = 234_954_223;
/** Numbers in one piece. Half of them are odd, a byte each: that fits a fast cache. */
const PIECE = 2_000_000;
const PIECES = LIMIT / PIECE;

/** What a worker found in one piece. */
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

/** What each worker makes once: the small primes, and a scratch array for its pieces. */
let small: number[];
let composite: Uint8Array;

/** The pool's initializer. */
export function prepare(): void {
  small = oddPrimesTo(Math.sqrt(LIMIT));
  composite = new Uint8Array(PIECE / 2);
}

/** Sieves the piece that begins with `first`. */
export function sieve(first: number): Found {
  const start = performance.now();
  const primes = countPrimes(first);
  return { worker: current_process().name, primes, busy: performance.now() - start };
}

/** The primes from `first` on, as far as the scratch array (a byte an odd number) goes. */
function countPrimes(first: number): number {
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
  const workers = cpu_count();
  const count = workers === 1 ? "1 process" : `${workers} processes`;
  console.log(`Counting the primes below ${format(LIMIT)} with ${count} …\n`);
  const start = performance.now();

  const pool = Pool(workers, prepare);
  const pieces = Array.from({ length: PIECES }, (_, i) => i * PIECE);
  const quarters = quartersPrinter();
  const progress = process.stderr.isTTY
    ? bar("sieving", { unit: " pieces" })
    : quarters;
  const table = new Map<string, Row>();
  for await (const found of pool.imap_unordered(sieve, pieces, { progress })) {
    const row = table.get(found.worker) ?? { pieces: 0, primes: 0, busy: 0 };
    table.set(found.worker, row);
    row.pieces += 1;
    row.primes += found.primes;
    row.busy += found.busy;
  }
  pool.close();
  await pool.join();
  const seconds = (performance.now() - start) / 1000;

  report(table, seconds);
}

/** Prints who did how much, and whether the sum is right. */
function report(table: Map<string, Row>, seconds: number): void {
  console.log("\n  process               pieces        primes   computed");
  for (const [name, row] of [...table].toSorted()) {
    const busy = `${(row.busy / 1000).toFixed(2)} s`;
    const cells = [String(row.pieces).padStart(6), format(row.primes).padStart(14)];
    console.log(`  ${name.padEnd(21)} ${cells.join("")} ${busy.padStart(10)}`);
  }
  const rows = [...table.values()];
  const total = rows.reduce((sum, row) => sum + row.primes, 0);
  const busy = rows.reduce((sum, row) => sum + row.busy, 0) / 1000;
  console.log(
    `\n${format(total)} primes in ${
      seconds.toFixed(2)
    } s, from the pool's start to its ` +
      `end;\nthe sieving alone was ${busy.toFixed(2)} s of computing.`,
  );
  const isRight = total === KNOWN;
  console.log(
    isRight ? "Correct: this is the known number." : `Wrong: it is ${format(KNOWN)}.`,
  );
  if (!isRight) process.exitCode = 1;
}

/** Where there is no terminal for a bar: a line each quarter. */
function quartersPrinter(): (done: number, total: number | null) => void {
  let told = 0;
  return (done, total) => {
    const quarter = Math.floor(4 * done / (total ?? PIECES));
    if (quarter > told) console.log(`${25 * quarter} %`.padStart(7));
    told = quarter;
  };
}

function format(n: number): string {
  return n.toLocaleString("en-US");
}

if (is_main(import.meta)) {
  await main();
}
