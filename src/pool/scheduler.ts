/**
 * Which worker gets which task, and when. Pure: no clock, no I/O; it knows neither what a
 * worker is nor what a task does.
 *
 * ```
 *  add ─► queue ─┐                ┌─► worker: [running, waiting, waiting]  ─ finish ─►
 *  add ─► source ┴─ take ─► task ─┤
 *              ▲                  └─► worker: [running]
 *              └──────── returned ◄── taken back, removed
 * ```
 *
 * - A worker without a task gets the next one, always: if there is no other, the oldest that
 *   another worker holds and has not begun. That is taken back without that one's help: see
 *   assigned_tasks.ts. What a worker is about to begin is left to it, unless it does not for a while.
 * - A busy worker gets more only if it claims what it begins, or is the only one there ever
 *   is; and no more than a few milliseconds' worth, so that tasks are begun in their order,
 *   or nearly. How many is tried out anew each time that work begins: one, then two, then
 *   four.
 * - Tasks of different groups never wait in one worker: a worker that is killed in
 *   order to stop a task loses no task of others.
 * - As long as no worker is there, those that are starting get one task each: they find it
 *   when they begin.
 *
 * Of a worker that is gone, the first task may have been begun, as far as it did not claim
 * what it begins; the others have not: they are the next to be handed out.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import {
  AssignedTasks,
  type Pace,
  type Schedulable,
  type SchedulerPort,
} from "./assigned_tasks.ts";
import { Feed, type Source } from "./feed.ts";

/**
 * Whether workers get tasks ahead of their work: never; if they claim the tasks that they
 * begin; or always, as there is one worker and will be no other.
 */
export type Prefetch = "none" | "claimed" | "free";

/**
 * The weight of a new measurement once there are many; the factor by which it may exceed
 * the old ones, and the microseconds up to which it may always.
 */
const WEIGHT = 0.1;
const JUMP = 8;
const JUMP_FLOOR = 50;

export class Scheduler<T extends Schedulable> {
  readonly #port: SchedulerPort<T>;
  readonly #prefetch: Prefetch;
  readonly #members = new Map<number, AssignedTasks<T>>();
  /** Workers without a task; the last one has idled least, and is taken first. */
  readonly #idle: AssignedTasks<T>[] = [];
  /** Workers without a task that are not there yet, in the order of their starts. */
  readonly #starting: AssignedTasks<T>[] = [];
  /** The number of workers that are ready. */
  #ready = 0;
  /** Came back from workers: older than all others, in their order. */
  readonly #returned = new Deque<T>();
  /** The place in line of the next task. */
  #place = 0;
  /** Those that were never handed out. */
  readonly #fresh = new Feed<T>();
  /** The number of tasks that workers hold. */
  #handed = 0;
  /** A source's code may come back here. */
  #isServing = false;

  constructor(port: SchedulerPort<T>, prefetch: Prefetch = "claimed") {
    this.#port = port;
    this.#prefetch = prefetch;
  }

  /** The tasks that a worker holds, oldest first. */
  held(worker: number): Iterable<T> {
    return this.#members.get(worker)?.held ?? [];
  }

  /** The task that a worker may be running. */
  running(worker: number): T | undefined {
    return this.#members.get(worker)?.first;
  }

  // --- what happens

  /** A worker is being started that may be handed a task before it is there. */
  addStarting(worker: number, budget: number = Infinity): void {
    this.#markIdle(this.#add(worker, budget));
    this.serve();
  }

  /** A worker is there; in all it may be handed `budget` tasks. */
  addWorker(worker: number, budget: number = Infinity): void {
    const member = this.#members.get(worker) ?? this.#add(worker, budget);
    this.#unmarkIdle(member);
    member.isReady = true;
    this.#ready++;
    if (member.held.length === 0) this.#markIdle(member);
    this.serve();
    // Behind its first task, which is not to wait until the worker can claim.
    if (this.#prefetch !== "none") member.offerClaims();
  }

  #add(worker: number, budget: number): AssignedTasks<T> {
    const member = new AssignedTasks(worker, budget, this.#port);
    this.#members.set(worker, member);
    return member;
  }

  /** Nothing is handed to a worker any more; others do what it has not begun. */
  retire(worker: number): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    member.isRetired = true;
    this.#unmarkIdle(member);
    this.#return(member.takeBack());
    this.serve();
  }

  /** A worker has said that it begins nothing more: others do all that it holds. */
  giveUp(worker: number): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    member.isRetired = true;
    this.#unmarkIdle(member);
    this.#return(member.giveUp());
    this.serve();
  }

  /**
   * A worker is gone. What it certainly has not begun is handed out again.
   *
   * @returns The task that it may have begun.
   */
  removeWorker(worker: number): T | undefined {
    const member = this.#members.get(worker);
    if (member === undefined) return undefined;
    this.#members.delete(worker);
    this.#unmarkIdle(member);
    if (member.isReady) this.#ready--;
    this.#handed -= member.held.length;
    const { running, rest } = member.end();
    this.#handed += rest.length;
    this.#return(rest);
    this.serve();
    return running;
  }

  /** There is a new task, or something that has tasks. */
  add(entry: T | Source<T>): void {
    this.#fresh.add(entry);
    this.serve();
  }

  wake(source: Source<T>): void {
    if (this.#fresh.wake(source)) this.serve();
  }

  /**
   * A worker is done with its first task.
   *
   * @param micros How long that took.
   * @returns The task; undefined if the worker has none.
   */
  finish(worker: number, micros: number): T | undefined {
    const member = this.#members.get(worker);
    const task = member?.finish();
    if (member === undefined || task === undefined) return undefined;
    this.#handed--;
    learn(task.pace, micros / task.count);
    if (member.held.length === 0) this.#markIdle(member);
    return task;
  }

  /** A worker claims no more, and does nothing of what it was handed and has not begun. */
  endClaims(worker: number): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    this.#return(member.endClaims());
    this.present(worker);
  }

  /** A worker knows that what it had was taken back. */
  present(worker: number): void {
    const member = this.#members.get(worker);
    if (member === undefined || !member.isAway) return;
    member.isAway = false;
    if (member.held.length === 0) this.#markIdle(member);
    this.serve();
  }

  /** Whether a worker idles and another one may not begin the only task that it holds. */
  get mayHaveStalled(): boolean {
    if (this.#idle.length === 0) return false;
    for (const member of this.#members.values()) {
      if (member.held.length === 1 && member.isClaiming) return true;
    }
    return false;
  }

  /** Hands to others what workers have not begun since the last call. */
  reassignStalled(): void {
    for (const member of this.#members.values()) {
      if (this.#idle.length > 0 && member.hasStalled()) this.#return(member.takeBack());
    }
    this.serve();
  }

  /** Whether there may be a task that no worker was free for. */
  get hasWaiting(): boolean {
    return this.#returned.length > 0 || this.#fresh.hasWaiting;
  }

  /** The number of tasks that no worker has begun, of those whose number is known. */
  get unbegun(): number {
    let count = this.#fresh.length;
    for (const task of this.#returned) if (!task.isDropped) count++;
    for (const member of this.#members.values()) count += member.unbegun;
    return count;
  }

  /** Forgets all tasks that were not handed out. */
  clear(): void {
    this.#returned.filter(() => false);
    this.#fresh.clear();
  }

  // --- what follows

  /** Hands tasks to the workers that have none. */
  serve(): void {
    if (this.#isServing) return; // the call that is at it will see what is new
    this.#isServing = true;
    try {
      while (this.#isAnyFree) {
        const task = this.#next() ?? this.#takeFromOthers();
        if (task === undefined) break;
        const member = this.#takeFree();
        if (member === undefined) { // gone meanwhile: a source's code did that
          this.#returned.unshift([task]);
          break;
        }
        this.#hold(member, task);
        this.#port.send(member.id, [task]);
      }
      // There was nothing for them: the next beginning is cautious again.
      for (const member of this.#idle) member.credit = 1;
    } finally {
      this.#isServing = false;
    }
  }

  /** The oldest task that some worker holds beside another, and has not begun. */
  #takeFromOthers(): T | undefined {
    for (;;) {
      let oldest: AssignedTasks<T> | undefined;
      let place = Infinity;
      for (const member of this.#members.values()) {
        // Most have one task or none: they are passed without a call.
        if (member.held.length <= 1 || !member.isClaiming) continue;
        const { oldestUnbegun } = member;
        if (oldestUnbegun >= place) continue;
        [oldest, place] = [member, oldestUnbegun];
      }
      if (oldest === undefined) return undefined;
      this.#return(oldest.takeBack());
      const task = this.#next();
      if (task !== undefined) return task;
    }
  }

  /** Tasks that came back are handed out before all others, in their old order. */
  #return(tasks: T[]): void {
    this.#handed -= tasks.length;
    if (tasks.length === 0) return;
    const first = this.#returned.at(0);
    if (first === undefined || tasks.at(-1)!.place < first.place) {
      return this.#returned.unshift(tasks);
    }
    const all = this.#returned.splice(0, this.#returned.length);
    this.#returned.unshift([...all, ...tasks].sort((a, b) => a.place - b.place));
  }

  get #isAnyFree(): boolean {
    return this.#idle.length > 0 || (this.#ready === 0 && this.#starting.length > 0);
  }

  #takeFree(): AssignedTasks<T> | undefined {
    return this.#idle.pop() ??
      (this.#ready === 0 ? this.#starting.shift() : undefined);
  }

  /** Hands more tasks to a worker that has taken half of what it may hold. */
  refill(worker: number): void {
    const member = this.#members.get(worker);
    if (member === undefined || this.#isServing) return;
    this.#isServing = true;
    const tasks: T[] = [];
    try {
      if (!this.#mayHold(member)) return;
      const share = Math.ceil((this.#waiting + this.#handed) / this.#members.size);
      const credit = this.#mayBeAhead(member) ? member.credit : 1;
      let room = Math.min(credit, Math.max(1, share)) - member.held.length;
      while (room-- > 0) {
        const task = this.#next();
        if (task === undefined) break;
        if (!member.fits(task)) {
          this.#returned.unshift([task]);
          break;
        }
        if (member.held.length === 0) this.#unmarkIdle(member);
        this.#hold(member, task);
        tasks.push(task);
      }
    } finally {
      this.#isServing = false;
    }
    if (tasks.length > 0) this.#port.send(member.id, tasks);
    this.serve();
  }

  /** Hands more tasks to all workers that may hold more. */
  refillAll(): void {
    for (const id of this.#members.keys()) this.refill(id);
  }

  /** The number of tasks to hand out, at least. */
  get #waiting(): number {
    return this.#returned.length + this.#fresh.waiting;
  }

  #mayHold(member: AssignedTasks<T>): boolean {
    return member.isReady && !member.isAway && !member.isRetired && member.budget > 0 &&
      member.held.length * 2 <= member.credit &&
      (member.held.length === 0 || this.#mayBeAhead(member));
  }

  #mayBeAhead(member: AssignedTasks<T>): boolean {
    return this.#prefetch === "free" || member.isClaiming;
  }

  /**
   * The number of tasks that no worker is free for, up to `most`. So many are taken from
   * their sources, and kept for the next workers: what a source has is known only then.
   */
  stock(most: number): number {
    if (this.#isAnyFree || this.#isServing) return 0;
    this.#isServing = true;
    try {
      this.#returned.filter((task) => !task.isDropped);
      let count = this.#returned.length + this.#ahead;
      for (let task; count < most && (task = this.#fresh.next()); count++) {
        task.place ||= ++this.#place;
        this.#returned.push(task);
      }
      return Math.min(count, most);
    } finally {
      this.#isServing = false;
    }
  }

  /** The number of tasks that workers hold behind others. */
  get #ahead(): number {
    let count = 0;
    for (const { isRetired, held } of this.#members.values()) {
      if (!isRetired && held.length > 1) count += held.length - 1;
    }
    return count;
  }

  #next(): T | undefined {
    while (this.#returned.length > 0) {
      const task = this.#returned.shift()!;
      if (!task.isDropped) return task;
    }
    return this.#fresh.next();
  }

  #hold(member: AssignedTasks<T>, task: T): void {
    task.place ||= ++this.#place;
    member.add(task);
    this.#handed++;
  }

  #markIdle(member: AssignedTasks<T>): void {
    if (member.isRetired || member.isAway || member.budget <= 0) return;
    (member.isReady ? this.#idle : this.#starting).push(member);
  }

  #unmarkIdle(member: AssignedTasks<T>): void {
    const resting = member.isReady ? this.#idle : this.#starting;
    const index = resting.lastIndexOf(member);
    if (index >= 0) resting.splice(index, 1);
  }
}

/**
 * Takes a measurement into account. One that is far off counts as a jump only: a worker
 * that was not given the processor for a while says nothing about the function.
 */
function learn(pace: Pace, micros: number): void {
  if (++pace.samples === 1) {
    pace.micros = micros;
    return;
  }
  const counted = Math.min(micros, Math.max(JUMP * pace.micros, JUMP_FLOOR));
  pace.micros += Math.max(WEIGHT, 1 / pace.samples) * (counted - pace.micros);
}
