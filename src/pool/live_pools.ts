/**
 * The pools of this process that have not ended, for those who look inside. A pool that nobody
 * refers to is not kept by that.
 *
 * @module
 */
import { sources } from "../link/observed.ts";
import type { PoolStats, PoolStatsOptions } from "./stats.ts";

/** A pool, as others see it. */
export interface LivePool {
  /** How it is doing. */
  stats(options?: PoolStatsOptions): PoolStats;
}

const pools = new Map<number, WeakRef<LivePool>>();
let last = 0;

/** A number for a new pool. */
export function newPool(): number {
  return ++last;
}

/** A pool has begun. */
export function rememberPool(number: number, pool: LivePool): void {
  for (const [number, ref] of pools) {
    if (ref.deref() === undefined) pools.delete(number);
  }
  pools.set(number, new WeakRef(pool));
}

/** A pool has ended. */
export function forgetPool(number: number): void {
  pools.delete(number);
}

/** The pools and their numbers, which tell them apart in this process. */
export function livePools(): Map<number, LivePool> {
  const found = new Map<number, LivePool>();
  for (const [number, ref] of pools) {
    const pool = ref.deref();
    if (pool !== undefined) found.set(number, pool);
  }
  return found;
}

sources.pools = livePools;
