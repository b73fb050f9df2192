/**
 * Looks for deadlocks as long as a session goes on, and tells of each once: the package's
 * log, the channel `pystd.multiprocessing:deadlock`, and who has asked for it.
 *
 * @module
 */
import { get_logger } from "../python/log.ts";
import { announceDeadlock } from "./announce.ts";
import { DeadlockWatch } from "./deadlock_watch.ts";
import { findInversions } from "./inversions.ts";
import type { Deadlock, Inversion, Snapshot } from "./snapshot.ts";

/** Is told of a deadlock, and of the snapshot that has it. */
export type OnDeadlock = (deadlock: Deadlock, snapshot: Snapshot) => void;

/** What was found. */
export class Guard {
  readonly #watch = new DeadlockWatch();
  #deadlocks: readonly Deadlock[] = [];
  #inversions: readonly Inversion[] = [];
  readonly #told = new Set<string>();
  readonly listeners: Set<OnDeadlock> = new Set();

  /** Looks at the next snapshot. */
  look(snapshot: Snapshot): void {
    const { deadlocks, news } = this.#watch.look(snapshot);
    this.#deadlocks = deadlocks;
    this.#inversions = findInversions(snapshot);
    for (const deadlock of news) this.#tell(deadlock, this.complete(snapshot));
    for (const { objects, title, lines } of this.#inversions) {
      const key = objects.join();
      if (!this.#told.has(key)) {
        get_logger().warning("%s", [title, ...lines].join("\n"));
      }
      this.#told.add(key);
    }
  }

  #tell(deadlock: Deadlock, snapshot: Snapshot): void {
    get_logger().warning("%s", [deadlock.title, ...deadlock.lines].join("\n"));
    void announceDeadlock(deadlock);
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
    const stuck = new Set(this.#deadlocks.flatMap(({ processes }) => processes));
    const processes = stuck.size === 0
      ? snapshot.processes
      : snapshot.processes.map((process) =>
        stuck.has(process.number) ? { ...process, state: "stuck" as const } : process
      );
    const [deadlocks, inversions] = [this.#deadlocks, this.#inversions];
    return { ...snapshot, processes, deadlocks, inversions };
  }
}
