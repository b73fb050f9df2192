/**
 * One call of `imap` or `imap_unordered`: reads its input as workers become free, keeps
 * results until they are fetched, and no more of them than it may.
 *
 * ```
 * input ─ take ─► tasks ─► results by place ─ in order ─► output ─► waiting callers
 *           ▲                                                │
 *           └──────── room: read and not yet fetched ◄───────┘
 * ```
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { type Limit, type Waiter, waitInLine } from "../link/waiting.ts";
import { ops } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { StopIteration } from "../python/errors.ts";
import { InputReader } from "./input.ts";
import { Job, type JobSettings, NOTHING, type Task, taskOf } from "./job.ts";
import type { Source } from "./feed.ts";

/** The arguments of `imap` besides the function and the options of every job. */
export interface ImapPlan {
  readonly chunksize: number;
  /** Elements that may be read and not yet fetched; null for the default. */
  readonly buffersize: number | null;
  readonly isOrdered: boolean;
  readonly workers: number;
}

/** The default `buffersize`, for each worker: elements, or chunks where those are more. */
const ELEMENTS_PER_WORKER = 256;
const CHUNKS_PER_WORKER = 4;

/** Bytes of results that may wait to be fetched without a `buffersize`. */
const MAX_UNFETCHED_BYTES = 1 << 24;

interface Batch {
  readonly isSuccess: boolean;
  /** The values, or the one error. */
  readonly values: readonly unknown[];
  /** The number of values that were fetched. */
  fetched: number;
  /** Elements of the input. */
  readonly count: number;
  readonly bytes: number;
}

export class ImapJob extends Job implements Source<Task> {
  readonly yields = true;
  readonly #input: InputReader;
  readonly #plan: ImapPlan;
  /** Elements that may be read and not yet fetched; Infinity once the limits are lifted. */
  #bound: number;
  #maxBytes: number;
  /** The same, as they are now. */
  #outstanding = 0;
  #bytes = 0;
  /** Tasks made so far, and tasks that have not ended. */
  #made = 0;
  #running = 0;
  /** Results that came before their turn, by place. */
  readonly #early = new Map<number, Batch>();
  #next = 0;
  readonly #output = new Deque<Batch>();
  readonly #waiters = new Deque<Waiter<unknown>>();
  #done = 0;
  /** Nothing more can be fetched. */
  #hasEnded = false;

  constructor(settings: JobSettings, input: unknown, plan: ImapPlan) {
    super(settings);
    const { chunksize, buffersize, workers } = plan;
    this.#plan = plan;
    this.#input = new InputReader(input, Math.min(chunksize, buffersize ?? Infinity));
    this.#bound = buffersize ??
      workers * Math.max(ELEMENTS_PER_WORKER, CHUNKS_PER_WORKER * chunksize);
    this.#maxBytes = buffersize === null ? MAX_UNFETCHED_BYTES : Infinity;
    this.tell(0, this.#input.total);
  }

  // --- tasks

  get isDone(): boolean {
    return this.isOver || (this.#input.hasEnded && !this.hasPending);
  }

  override get isLazy(): boolean {
    return true;
  }

  get remaining(): number {
    const room = Math.max(0, this.#bound - this.#outstanding);
    return Math.ceil(Math.min(room, this.#input.total ?? room) / this.#plan.chunksize);
  }

  take(): Task | undefined {
    const pending = this.takePending();
    if (pending !== undefined) return pending;
    while (!this.isDone && this.#hasRoom && !this.isWaiting) {
      const reading = this.#input.read();
      switch (reading.kind) {
        case "wait":
          void reading.ready.then(() => {
            this.#settleEnd();
            this.wake();
          });
          return undefined;
        case "end":
          this.#settleEnd();
          return undefined;
        case "error":
          this.#give(this.#made++, failed(reading.error, 0));
          break;
        case "chunk": {
          const task = this.#make(reading.elements);
          if (task !== undefined) return task;
        }
      }
    }
    return undefined;
  }

  get #hasRoom(): boolean {
    return this.#outstanding < this.#bound && this.#bytes < this.#maxBytes;
  }

  #make(elements: unknown[]): Task | undefined {
    this.#outstanding += elements.length;
    this.#running++;
    return this.fill(taskOf(this, this.#made++, elements), elements);
  }

  override liftLimits(): void {
    this.#bound = this.#maxBytes = Infinity;
    this.wake();
  }

  // --- results

  override succeed(task: Task, value: unknown, bytes: number): void {
    const values = task.scalar === NOTHING ? value as unknown[] : [value];
    this.#running--;
    const { index, count } = task;
    this.#give(index, { isSuccess: true, values, fetched: 0, count, bytes });
  }

  override fail(task: Task, error: unknown): void {
    task.hasFailed = true;
    this.#running--;
    this.#give(task.index, failed(error, task.count));
  }

  #give(index: number, batch: Batch): void {
    this.#bytes += batch.bytes;
    this.#done += batch.count;
    this.tell(this.#done, this.#input.total);
    if (!this.#plan.isOrdered) {
      this.#output.push(batch);
    } else {
      this.#early.set(index, batch);
      this.#release();
    }
    this.#serve();
    this.#settleEnd();
  }

  #release(): void {
    for (;;) {
      const batch = this.#early.get(this.#next);
      if (batch === undefined) return;
      this.#early.delete(this.#next++);
      this.#output.push(batch);
    }
  }

  /** Results that are there may still be fetched; then comes the error. */
  override abort(error: unknown): void {
    if (this.#hasEnded) return;
    this.told?.close(error);
    this.#drop();
    this.#output.push(failed(error, 0));
    this.#serve();
    this.#end();
  }

  /** The caller wants no more results. */
  leave(): void {
    if (!this.#hasEnded) this.#leave();
  }

  #leave(): void {
    this.#drop();
    this.#output.filter(() => false);
    this.#end();
  }

  #drop(): void {
    this.#input.close();
    this.#early.clear();
    this.close();
    this.wake(); // so that the pool lets go of it
  }

  /** If all tasks have ended, so has the job; its results may still be fetched. */
  #settleEnd(): void {
    if (!this.#input.hasEnded || this.#running > 0) return;
    this.close();
    this.#end();
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.#output.length > 0) return;
    while (this.#waiters.length > 0) this.#waiters.shift()!.reject(new StopIteration());
  }

  // --- fetching

  /** A result that is there; undefined if there is none. @throws it, if it is an error */
  fetchNow(): { value: unknown } | undefined {
    const batch = this.#output.at(0);
    if (batch === undefined) return undefined;
    const value = batch.values[batch.fetched++];
    if (batch.fetched >= batch.values.length) this.#output.shift();
    this.#fetched(batch);
    if (batch.isSuccess) return { value };
    if (this.#plan.chunksize > 1) this.#leave(); // as in Python: it is a generator then
    throw value;
  }

  #fetched(batch: Batch): void {
    const hadRoom = this.#hasRoom;
    const isWhole = batch.fetched >= batch.values.length;
    if (isWhole) this.#bytes -= batch.bytes;
    this.#outstanding -= batch.isSuccess ? 1 : batch.count;
    if (!hadRoom && this.#hasRoom) this.wake();
  }

  get isExhausted(): boolean {
    return this.#hasEnded && this.#output.length === 0;
  }

  /** Waits for a result. @throws {StopIteration} when there are no more */
  fetch(limit: Limit, onTime: () => never): Promise<unknown> {
    return waitInLine(
      currentPeer(),
      this.#waiters,
      limit,
      onTime,
      ops.next,
      this.settings.owner,
    );
  }

  #serve(): void {
    while (this.#waiters.length > 0 && this.#output.length > 0) {
      const waiter = this.#waiters.shift()!;
      try {
        waiter.resolve(this.fetchNow()!.value);
      } catch (error) {
        waiter.reject(error);
      }
    }
  }
}

function failed(error: unknown, count: number): Batch {
  return { isSuccess: false, values: [error], fetched: 0, count, bytes: 0 };
}
