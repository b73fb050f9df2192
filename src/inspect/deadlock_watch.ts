/**
 * Looks for deadlocks again and again, and tells each once. Pure: it is given snapshots.
 *
 * The parts of a snapshot are of slightly different times: what a process says of itself is
 * older than what the hub knows. So a process may seem to wait for something that it has
 * just got. Those who are in a deadlock are in it ever after: so it counts when two
 * snapshots have it, of which the second was begun after all reports of the first had come.
 *
 * @module
 */
import { findRings, type Ring } from "./finder.ts";
import type { Deadlock, Snapshot } from "./snapshot.ts";

/** Seconds that a wait must have lasted to be told of. */
const OLD = 1;
/** The same at the look before. */
const SUSPECT = 0.4;
/** Seconds between two looks, so that every process has reported anew. */
const APART = 0.4;

/** What a look has found. */
export interface Sight {
  /** All that there are now. */
  readonly deadlocks: readonly Deadlock[];
  /** Those that are new. */
  readonly news: readonly Deadlock[];
}

const NOTHING: Sight = { deadlocks: [], news: [] };

/** Remembers what earlier snapshots had. */
export class DeadlockWatch {
  /** When the snapshot before was taken, and who seemed stuck in it. */
  #before: { at: number; stuck: ReadonlySet<number> } | undefined;
  #sight: Sight = NOTHING;
  /** Members of what was told of, as long as they are stuck. */
  #told = new Set<number>();

  /** Looks at the next snapshot. One that comes too soon after the last is not looked at. */
  look(snapshot: Snapshot): Sight {
    const before = this.#before;
    const elapsed = before === undefined ? Infinity : (snapshot.at - before.at) / 1000;
    if (elapsed >= 0 && elapsed < APART) return { ...this.#sight, news: [] };
    const suspects = findRings(snapshot, SUSPECT);
    const stuck = new Set(suspects.flatMap(({ deadlock }) => deadlock.processes));
    this.#before = { at: snapshot.at, stuck };
    const rings = stuck.size === 0 || before === undefined
      ? []
      : findRings(snapshot, OLD).filter(({ deadlock }) =>
        // The waits that are seen now are those that were seen before.
        deadlock.age >= elapsed &&
        deadlock.processes.every((number) => before.stuck.has(number))
      );
    return this.#sight = this.#tell(rings);
  }

  #tell(rings: readonly Ring[]): Sight {
    const isNew = ({ members }: Ring) => !members.some((one) => this.#told.has(one));
    const news = rings.filter(isNew).map(({ deadlock }) => deadlock);
    this.#told = new Set(rings.flatMap(({ members }) => members));
    return { deadlocks: rings.map(({ deadlock }) => deadlock), news };
  }
}
