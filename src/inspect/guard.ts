/**
 * Looks for deadlocks as long as a session goes on, and tells of each once: the package's
 * log, the channel `pystd.multiprocessing:deadlock`, and who has asked for it.
 *
 * @module
 */
import { announce, type TellDeadlock, warn } from "./alarms.ts";
import { DeadlockWatch } from "./deadlock_watch.ts";
import { withFindings } from "./findings.ts";
import { findInversions } from "./inversions.ts";
import type { Deadlock, Inversion, Snapshot } from "./snapshot.ts";

/** What was found. */
export class Guard {
  readonly #watch = new DeadlockWatch();
  #deadlocks: readonly Deadlock[] = [];
  #inversions: readonly Inversion[] = [];
  readonly #told = new Set<string>();
  readonly listeners: Set<TellDeadlock> = new Set();

  /** Looks at the next snapshot. */
  look(snapshot: Snapshot): void {
    const { deadlocks, news } = this.#watch.look(snapshot);
    this.#deadlocks = deadlocks;
    this.#inversions = findInversions(snapshot);
    for (const deadlock of news) this.#tell(deadlock, this.complete(snapshot));
    for (const inversion of this.#inversions) {
      const key = inversion.objects.join();
      if (!this.#told.has(key)) warn(inversion);
      this.#told.add(key);
    }
  }

  #tell(deadlock: Deadlock, snapshot: Snapshot): void {
    announce(deadlock);
    for (const listener of this.listeners) {
      try {
        listener(deadlock, snapshot);
      } catch (error) {
        void Promise.reject(error); // as any other that nobody has caught
      }
    }
  }

  /** A snapshot with what was found. */
  complete(snapshot: Snapshot): Snapshot {
    return withFindings(snapshot, this.#deadlocks, this.#inversions);
  }
}
