/**
 * How every program of the benchmark runs its cases: unmeasured first, so that what is
 * compiled and loaded once does not count, and then once for the figure. `scripts/bench.ts`
 * starts each program several times, the runtimes in turn, and takes the medians.
 * `report.py` does the same for the programs in Python.
 *
 * @module
 */

import { median } from "./table.ts";

/** What is measured, by name; each gives a rate: the higher the better. */
export type Cases = Record<string, () => Promise<number>>;

/** Measures every case and prints the rates as one line of JSON. */
export async function report(cases: Cases): Promise<void> {
  const rates: Record<string, number> = {};
  for (const [name, measure] of Object.entries(cases)) {
    await measure();
    rates[name] = await measure();
  }
  print(rates);
}

/** The same by the median of so many times, as `peers.ts` measures other packages. */
export async function reportMedians(cases: Cases, times: number): Promise<void> {
  const rates: Record<string, number> = {};
  for (const [name, measure] of Object.entries(cases)) {
    const all: number[] = [];
    for (let i = 0; i < times; i++) all.push(await measure());
    rates[name] = median(all);
  }
  print(rates);
}

/** So many times a second, of what took so many milliseconds `count` times. */
export function perSecond(count: number, milliseconds: number): number {
  return count / milliseconds * 1000;
}

/** How often a second `run` does one of the `count` things it does. */
export async function rate(count: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return perSecond(count, performance.now() - start);
}

/** The same for the second time that `run` does them all. */
export async function warmRate(
  count: number,
  run: () => Promise<void>,
): Promise<number> {
  await run();
  return await rate(count, run);
}

/** How often everything is done where it is {@linkcode warmRate} that measures it. */
export const TIMES = 2;

/** Prints rates that have been measured as one line of JSON. */
export function print(rates: Record<string, number>): void {
  console.log(JSON.stringify(rates));
}

/** How many calls are under way at a time where a case has many in flight. */
const IN_FLIGHT = 100;

/** Makes `count` calls, a hundred at a time. */
export async function inFlight(
  count: number,
  call: (i: number) => Promise<unknown>,
): Promise<void> {
  for (let done = 0; done < count; done += IN_FLIGHT) {
    const calls: Promise<unknown>[] = [];
    const end = Math.min(done + IN_FLIGHT, count);
    for (let i = done; i < end; i++) calls.push(call(i));
    await Promise.all(calls);
  }
}
