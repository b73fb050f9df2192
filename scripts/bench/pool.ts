/**
 * Pools, for one JavaScript runtime: prints rates as one line of JSON. `pool.py` beside it
 * is the same program in Python, `peers.ts` the same for other packages.
 *
 * @module
 */
import { cpu_count, is_main, Pool } from "../../mod.ts";
import { MIXED_LONG, MIXED_LONG_EVERY, mixedWork, same, square } from "./pool_work.ts";
import { perSecond, rate, reportMedians } from "./report.ts";

/**
 * Calls one after the other, and calls that are all made before the first result. A few
 * thousand of the former would measure how soon a runtime has compiled what they take.
 */
const CALLS = 10_000;
const BURST = 10_000;

/** Elements of the cases that map. */
const ELEMENTS = 100_000;

/** Maps with default chunks, each of which takes a few milliseconds. */
const MAPS = 20;

/** Calls of mixed lengths. */
const MIXED = 1_000;

/** Calls with a large argument and result, and its bytes. */
const LARGE_CALLS = 200;
const LARGE = 1_000_000;

/** How often each case is measured. */
const ROUNDS = 5;

const elements = Array.from({ length: ELEMENTS }, (_, i) => i);
const large = new Uint8Array(LARGE).fill(7);

async function apply(pool: Pool): Promise<void> {
  for (let i = 0; i < CALLS; i++) await pool.apply(square, [i]);
}

async function applyAsync(pool: Pool): Promise<void> {
  const results = [];
  for (let i = 0; i < BURST; i++) results.push(pool.apply_async(square, [i]));
  for (const result of results) await result.get();
}

async function map(pool: Pool): Promise<void> {
  for (let i = 0; i < MAPS; i++) await pool.map(square, elements);
}

async function mapSingly(pool: Pool): Promise<void> {
  await pool.map(square, elements, 1);
}

async function imapUnordered(pool: Pool): Promise<void> {
  for await (const _ of pool.imap_unordered(square, elements)) { /* that is all */ }
}

/** Calls of which some take long: how near to the least time that takes. */
async function mixed(pool: Pool): Promise<number> {
  const start = performance.now();
  const results = [];
  for (let i = 0; i < MIXED; i++) results.push(pool.apply_async(mixedWork, [i]));
  for (const result of results) await result.get();
  const ideal = MIXED / MIXED_LONG_EVERY * MIXED_LONG / cpu_count();
  return ideal / (performance.now() - start);
}

async function largeData(pool: Pool): Promise<void> {
  for (let i = 0; i < LARGE_CALLS; i++) await pool.apply(same, [large]);
}

/** Pools a second, each from its making to its first result; their ends do not count. */
async function firstResult(): Promise<number> {
  const start = performance.now();
  const pool = Pool(cpu_count());
  await pool.apply(square, [3]);
  const milliseconds = performance.now() - start;
  await pool.terminate();
  await pool.join();
  return perSecond(1, milliseconds);
}

if (is_main(import.meta)) {
  const pool = Pool(cpu_count());
  await pool.map(square, elements); // all workers are there
  await reportMedians({
    poolApply: () => rate(CALLS, () => apply(pool)),
    poolApplyAsync: () => rate(BURST, () => applyAsync(pool)),
    poolMap: () => rate(MAPS * ELEMENTS, () => map(pool)),
    poolMapSingly: () => rate(ELEMENTS, () => mapSingly(pool)),
    poolImapUnordered: () => rate(ELEMENTS, () => imapUnordered(pool)),
    poolMixed: () => mixed(pool),
    poolLarge: () => rate(LARGE_CALLS, () => largeData(pool)),
    poolFirstResult: firstResult,
  }, ROUNDS);
  await pool.terminate();
}
