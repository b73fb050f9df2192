/**
 * The tasks that were handed to one worker of a pool and that it has not ended, oldest
 * first. Pure.
 *
 * A worker claims each task before it begins it (see hub/claims.ts), so that the scheduler
 * can take back what has not been begun, whatever the worker does. Where a worker cannot
 * claim, it counts as having begun the first task that it holds.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import type { Claims } from "../hub/claims.ts";
import { TASKS } from "./protocol.ts";

/** The time that one call of a function takes; shared by all tasks of the function. */
export interface Pace {
  /** Microseconds; Infinity while nothing is known. */
  micros: number;
  /** The number of measurements. */
  samples: number;
}

/** A task as the scheduler sees it. */
export interface Schedulable {
  readonly pace: Pace;
  /** The number of calls. */
  readonly count: number;
  /** The size of the message. */
  readonly bytes: number;
  readonly group: unknown;
  /** Its result is not wanted any more: it is not handed out. */
  readonly isDropped: boolean;
  /** The scheduler's own notes: how long it is expected to take, and its place in line. */
  cost: number;
  place: number;
}

/** The scheduler's way to the workers. */
export interface SchedulerPort<T> {
  send(worker: number, tasks: T[]): void;
  /**
   * Tells a worker to claim each task that is sent from now on before it begins it. From now
   * on the worker begins none of them unclaimed, whether it can claim or not.
   *
   * @returns Where it claims; undefined if there is no such place.
   */
  offerClaims?(worker: number): Claims | undefined;
}

/** Microseconds of work that a worker may hold. */
const MAX_MICROS = 2000;

/** Tasks, and bytes, that a worker may hold. */
const MAX_CREDIT = 256;
const MAX_BYTES = 1 << 16;

/** The tasks of one worker, and what the scheduler knows of that worker. */
export class AssignedTasks<T extends Schedulable> {
  readonly id: number;
  /** The number of tasks that the worker may still be handed in its life. */
  budget: number;
  /** It is there; before that it has begun nothing. */
  isReady = false;
  /** It gets nothing any more. */
  isRetired = false;
  /** All it had was taken back, and it does not know yet; or it will not for a while. */
  isAway = false;
  readonly #port: SchedulerPort<T>;
  /** Its tasks, oldest first; only this class changes them. */
  readonly held: Deque<T> = new Deque();
  /** The number of those that have been begun, as far as was looked. */
  #begun = 0;
  /** The number of the next task that it is handed, from 0. */
  #next = 0;
  /** Microseconds that the tasks are expected to take, and how much of them there is to send. */
  #load = 0;
  #bytes = 0;
  /** The number of tasks that it may hold; set to 1 so that the next work begins cautiously. */
  credit = 1;
  /** The log in which it claims the tasks that it begins; undefined if it does not. */
  #claims: Claims | undefined;
  /** The tasks cannot be taken back: there is no room to write that. */
  #isStuck = false;
  /** The value of `#next` when the worker was seen to have begun nothing. */
  #suspect = -1;

  constructor(id: number, budget: number, port: SchedulerPort<T>) {
    this.id = id;
    this.budget = budget;
    this.#port = port;
  }

  get first(): T | undefined {
    return this.held.at(0);
  }

  /** The number of tasks that it has not begun, as far as was looked. */
  get unbegun(): number {
    // One that does not claim begins the first at once, and one that is not there nothing.
    const begun = this.isReady ? Math.max(1, this.#begun) : 0;
    return Math.max(0, this.held.length - begun);
  }

  get isClaiming(): boolean {
    return !this.#isStuck && this.#claims !== undefined;
  }

  /** The place in line of the oldest task that it may not have begun; Infinity for none. */
  get oldestUnbegun(): number {
    return this.held.at(this.#begun)?.place ?? Infinity;
  }

  /** Whether there is room for a task besides those that it holds. */
  fits(task: T): boolean {
    if (this.held.length === 0) return true;
    if (this.budget <= 0) return false;
    const cost = task.pace.micros * task.count;
    return this.#load + cost <= MAX_MICROS && this.#bytes + task.bytes <= MAX_BYTES &&
      this.held.at(0)!.group === task.group;
  }

  add(task: T): void {
    this.held.push(task);
    this.#next++;
    this.budget--;
    // Where nothing is known the worker is given nothing else, and no sum is wanted.
    task.cost = task.pace.micros === Infinity
      ? MAX_MICROS
      : task.pace.micros * task.count;
    this.#load += task.cost;
    this.#bytes += task.bytes;
  }

  finish(): T | undefined {
    const task = this.held.shift();
    if (task === undefined) return undefined;
    if (this.#begun > 0) this.#begun--;
    this.#unload(task);
    this.credit = Math.min(this.credit + 1, MAX_CREDIT);
    return task;
  }

  #unload(task: T): void {
    this.#load -= task.cost;
    this.#bytes -= task.bytes;
    if (this.held.length === 0) this.#load = this.#bytes = 0;
  }

  /** The worker claims from its next task on; what it holds now counts as begun. */
  offerClaims(): void {
    this.#claims = this.#port.offerClaims?.(this.id);
    if (this.#claims !== undefined) this.#begun = this.held.length;
  }

  /** It claims no more, and has given back what it had not begun. */
  endClaims(): T[] {
    this.#look();
    this.#claims = undefined;
    return this.#giveBack();
  }

  /** Takes note of what has been begun. */
  #look(): void {
    if (this.#claims !== undefined) this.#note(this.#claims.look(TASKS, this.#next));
  }

  #note(mark: number): void {
    const unbegun = this.held.length - this.#begun;
    const more = mark - (this.#next - unbegun);
    this.#begun += Math.max(0, Math.min(more, unbegun));
  }

  /** Takes back all that has not been begun, oldest first. */
  takeBack(): T[] {
    if (this.held.length === this.#begun || !this.isClaiming) return [];
    const mark = this.#claims!.advance(TASKS, this.#next);
    this.#isStuck = mark === undefined;
    if (mark === undefined) return [];
    this.#note(mark);
    return this.#giveBack();
  }

  #giveBack(): T[] {
    this.credit = 1;
    const tasks = this.held.splice(this.#begun, this.held.length);
    for (const task of tasks) this.#unload(task);
    this.budget += tasks.length;
    if (tasks.length > 0 && this.held.length === 0) this.isAway = true;
    return tasks;
  }

  /**
   * Whether the one task that it holds has not been begun, and was not at the last look
   * either.
   */
  hasStalled(): boolean {
    if (this.held.length !== 1 || !this.isClaiming) return false;
    this.#look();
    if (this.#begun > 0) return false;
    if (this.#suspect === this.#next) return true;
    this.#suspect = this.#next;
    return false;
  }

  /** It begins nothing more; all that it holds is given back. */
  giveUp(): T[] {
    this.#claims = undefined;
    this.#begun = 0;
    return this.#giveBack();
  }

  /** The worker is gone: what it was running, if anything, and what it had not begun. */
  end(): { running: T | undefined; rest: T[] } {
    this.#look();
    const running = this.#mayHaveBegun() ? this.held.shift() : undefined;
    return { running, rest: [...this.held] };
  }

  #mayHaveBegun(): boolean {
    return this.isReady && (this.#claims === undefined || this.#begun > 0);
  }
}
