/**
 * One call of `stream`: the values of one generator, as they come. There are no more of them
 * on their way than were asked for.
 *
 * ```
 * worker: generator ─ give ─► values in their order ─ fetch ─► caller
 *             ▲                                         │
 *             └────── grant: so many more ◄─────────────┘
 * ```
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { after, type Limit, type Waiter, waitInLine } from "../link/waiting.ts";
import { ops } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { ProtocolError, StopIteration } from "../python/errors.ts";
import { copyArguments, Job, type JobSettings, Task } from "./job.ts";
import { Outcome } from "./result_jobs.ts";

/** Values that may be on their way if nothing is said of that. */
const BUFFERSIZE = 16;

/** Seconds that a generator has for its end, once nobody wants its values. */
const LEAVE_TIMEOUT = 5;

/** More values than there can be. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

interface Entry {
  /** Pending while a module that the value needs is being loaded. */
  state: "pending" | "value" | "error";
  value: unknown;
}

/** See the file's head. */
export class StreamJob extends Job {
  readonly task: Task;
  /** Settles when the generator has ended, however that came. */
  readonly ended: Outcome<void> = new Outcome(ops.joinPool, this.settings.owner);
  readonly #copied: Promise<unknown> | undefined;
  readonly #bound: number;
  /** The number of values that the worker may still give. */
  #credit: number;
  /** Fetched, and not yet granted anew. */
  #free = 0;
  #given = 0;
  readonly #output = new Deque<Entry>();
  readonly #waiters = new Deque<Waiter<unknown>>();
  /** Nobody wants the values that may still come. */
  #isLeaving = false;
  #stopWatch = () => {};

  /** @param buffersize Values that may be on their way; null for the default. */
  constructor(
    settings: JobSettings,
    args: readonly unknown[],
    buffersize: number | null,
  ) {
    super(settings);
    this.#bound = this.#credit = buffersize ?? BUFFERSIZE;
    this.task = new Task(this, 0, 1);
    this.#copied = copyArguments(this.task, args);
    this.tell(0, null);
  }

  override get ready(): Promise<unknown> | undefined {
    const ready = super.ready;
    return ready === undefined ? this.#copied : Promise.all([ready, this.#copied]);
  }

  override get credit(): number {
    return this.#isLeaving ? 0 : this.#credit;
  }

  /** Whether the generator rests until values are fetched. */
  override get isPaused(): boolean {
    return this.#credit === 0;
  }

  // --- what the worker does

  override give(value: unknown): void {
    if (this.#isLeaving || this.isOver) return;
    if (--this.#credit < 0) {
      const { owner } = this.settings;
      this.abort(new ProtocolError("a pool's worker gives more than it was asked for"));
      return owner.stop(this);
    }
    const entry: Entry = { state: "value", value };
    this.#output.push(entry);
    this.tell(++this.#given, null);
    if (value instanceof Promise) this.#settleLater(entry, value);
    this.#serve();
  }

  #settleLater(entry: Entry, pending: Promise<unknown>): void {
    entry.state = "pending";
    pending.then((value) => {
      Object.assign(entry, { state: "value", value });
    }, (error) => {
      Object.assign(entry, { state: "error", value: error });
      this.#forgetBehind(entry);
      this.leave();
    }).then(() => this.#serve());
  }

  #forgetBehind(entry: Entry): void {
    let isBehind = false;
    this.#output.filter((other) => {
      const isKept = !isBehind;
      isBehind ||= other === entry;
      return isKept;
    });
  }

  override succeed(): void {
    this.#finish(true, undefined);
  }

  override fail(_task: Task, error: unknown): void {
    if (!this.#isLeaving && !this.isOver) {
      this.#output.push({ state: "error", value: error });
    }
    this.#finish(!this.#isLeaving, error); // whoever has it need not be told again
  }

  /** Values that are there may still be fetched; then comes the error. */
  override abort(error: unknown): void {
    if (this.isOver) return;
    this.told?.close(error);
    if (!this.#isLeaving) this.#output.push({ state: "error", value: error });
    this.settings.owner.leave(this); // for a worker that cannot be killed
    this.#finish(true, undefined);
  }

  #finish(isSuccess: boolean, value: unknown): void {
    this.#stopWatch();
    this.close();
    this.#serve();
    this.ended.settle(isSuccess, value);
  }

  override liftLimits(): void {
    if (!this.isOver && this.#credit < NO_LIMIT / 2) this.#grant(NO_LIMIT / 2);
  }

  #grant(count: number): void {
    this.#credit += count;
    this.settings.owner.grant(this, count);
  }

  // --- what the caller does

  /** No more values are wanted: the generator gets to its `finally`. See `ended`. */
  leave(): void {
    if (this.#isLeaving || this.isOver) return;
    this.#isLeaving = true;
    const { owner } = this.settings;
    if (!owner.leave(this)) return this.#finish(true, undefined);
    // It may wait for something that never comes.
    this.#stopWatch = after(LEAVE_TIMEOUT, () => {
      this.#finish(true, undefined);
      owner.stop(this);
    });
  }

  /** Forgets what was not fetched, too. */
  leaveAll(): void {
    this.#output.filter(() => false);
    this.leave();
    this.#serve();
  }

  /** A value that is there; undefined if there is none. @throws it, if it is an error */
  fetchNow(): { value: unknown } | undefined {
    const entry = this.#output.at(0);
    if (entry === undefined || entry.state === "pending") return undefined;
    this.#output.shift();
    if (entry.state === "error") throw entry.value;
    if (++this.#free * 2 >= this.#bound && !this.isOver && !this.#isLeaving) {
      this.#grant(this.#free);
      this.#free = 0;
    }
    return { value: entry.value };
  }

  get isExhausted(): boolean {
    return (this.isOver || this.#isLeaving) && this.#output.length === 0;
  }

  /** Waits for a value. @throws {StopIteration} when there are no more */
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
    while (this.#waiters.length > 0) {
      let here: { value: unknown } | undefined;
      try {
        here = this.fetchNow();
        if (here === undefined && !this.isExhausted) return;
      } catch (error) {
        this.#waiters.shift()!.reject(error);
        continue;
      }
      const waiter = this.#waiters.shift()!;
      if (here === undefined) waiter.reject(new StopIteration());
      else waiter.resolve(here.value);
    }
  }
}
