/**
 * Kills workers of a pool now and then, from a timer, as an operator or a system that is
 * short of memory does.
 */
import { clearInterval, setInterval } from "node:timers";
import type { Pool } from "../../mod.ts";

/** See {@linkcode killWorkers}. */
export interface Killer {
  /** How many workers it has killed. */
  readonly count: number;
  stop(): void;
}

/**
 * Sends SIGKILL to a worker every so many milliseconds, but not before something was done
 * since the last time: on a busy machine none would live to do anything.
 *
 * @param hasMoved Whether something was done since it was asked last.
 * @param choose An index below its argument: which worker is next.
 */
export function killWorkers(
  pool: Pool,
  milliseconds: number,
  hasMoved: () => boolean,
  choose: (below: number) => number,
): Killer {
  let count = 0;
  const timer = setInterval(() => {
    const alive = pool._pool.filter(({ exitcode }) => exitcode === null);
    if (alive.length === 0 || !hasMoved()) return;
    alive[choose(alive.length)]!.kill();
    count++;
  }, milliseconds);
  return {
    get count() {
      return count;
    },
    stop: () => clearInterval(timer),
  };
}
