/**
 * A pool's workers as their pool sees them, wherever they are: workers.ts has those that are
 * processes and threads here, redis/pool/crew.ts those of a pool on a server.
 *
 * @module
 */
import type { Job, PoolFunction, Task } from "./job.ts";
import type { Source } from "./feed.ts";
import type { WorkerNow } from "./stats.ts";
import type { PoolTally } from "./tally.ts";
import type { Turn } from "./turn.ts";
import type { PoolWorker } from "./worker_link.ts";
import type { WorkersOwner } from "./worker_record.ts";

/** What a pool is made of. */
export interface PoolParts<W extends PoolWorker = PoolWorker> {
  /** Whether they are elsewhere: they are sent copies, and told of tasks ahead. */
  readonly isRemote: boolean;
  /** Makes what has the workers. */
  makeCrew(owner: WorkersOwner, tally: PoolTally): Crew<W>;
}

/** The workers as their pool sees them: wherever they are. */
export interface Crew<W extends PoolWorker> {
  /** The number of workers, once all are started that there may be. */
  readonly wanted: number;
  readonly isEmpty: boolean;
  /** The workers' public objects, in the order of their starts. */
  readonly processes: W[];
  /** The number of tasks that no worker has begun. */
  readonly queued: number;
  /** Starts those that are to be there from the beginning. @throws if one cannot start */
  startFirst(): void;
  /** Ends those that have been started, of a pool that could not be made. */
  abandon(): void;
  /** The calls of this moment: there will be something to `add`. */
  turn(): Turn;
  /** There is a new task, or something that has tasks. */
  add(entry: Task | Source<Task>): void;
  /** A source has tasks again, or no more. */
  wake(source: Source<Task>): void;
  /** A function is not used any more. */
  forget(func: PoolFunction): void;
  /** Ends what runs for a job. */
  stop(job: Job): void;
  /** Takes back what was handed out of a job that is over, and not begun; if it can be. */
  drop?(job: Job): void;
  /** Lets the worker of a stream give so many values more. */
  grant(job: Job, count: number): void;
  /** Has the worker of a stream give no more values; false if there is none. */
  leave(job: Job): boolean;
  /** What each worker does; with what it runs if `showsTasks`. */
  look(showsTasks: boolean): WorkerNow[];
  /** All workers end when they have done what they were handed. */
  finish(): void;
  /** All workers end now; nothing is handed out any more. */
  terminate(): void;
  /** The last worker has ended, and there will be no other. */
  close(): void;
}
