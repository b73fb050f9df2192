/**
 * Which worker gets which task, and when. Pure: no clock, no I/O; it knows neither what a
 * worker is nor what a task does.
 *
 * ```
 *  add ─► queue ─┐                ┌─► worker: [running, waiting, waiting]  ─ finish ─►
 *  add ─► source ┴─ take ─► task ─┤
 *              ▲                  └─► worker: [running]
 *              └──────── returned ◄── giveBack, remove
 * ```
 *
 * - A worker without a task gets the next one, always.
 * - A busy worker gets more only while its tasks are known to be short, and no more than
 *   a few milliseconds' worth: a long task must not hold up others while a worker idles.
 *   How many is tried out anew each time that work begins: one, then two, then four.
 * - Tasks of different groups never wait in one worker: who kills a worker in order to
 *   stop a task hits no other one.
 * - As long as no worker is there, those that are starting get one task each: they find it
 *   when they begin.
 *
 * Of a worker that is gone, the first task may have been begun, the others have not: they
 * are the next to be handed out.
 *
 * @module
 */
import { Deque } from "../hub/deque.ts";

/** How long one call of a function takes; shared by all tasks of the function. */
export interface Pace {
  /** Microseconds; Infinity while nothing is known. */
  micros: number;
  /** How many measurements there were. */
  samples: number;
}

/** What the scheduler must know of a task. */
export interface Schedulable {
  readonly pace: Pace;
  /** How many calls it is. */
  readonly count: number;
  /** How much has to be sent. */
  readonly bytes: number;
  readonly group: unknown;
  /** Nobody waits for it any more: it is not handed out. */
  readonly isDropped: boolean;
  /** The scheduler's own note: how long it is expected to take. */
  cost: number;
}

/** Something that has tasks, one after the other. */
export interface Source<T> {
  /** The next one; undefined if there is none, or none now. */
  take(): T | undefined;
  /** Whether there will be no more. */
  readonly isDone: boolean;
  /** How many there are, as far as it is known; for a fair share. */
  readonly remaining: number;
  /** Whether others get their turn after each of its tasks: it may go on for ever. */
  readonly yields: boolean;
  /** Whether it has none now, but what comes after it is to wait for it. */
  readonly isWaiting?: boolean;
}

interface Member<T> {
  readonly id: number;
  /** What was handed to it, oldest first; the first one may be running. */
  readonly held: Deque<T>;
  /** Microseconds that `held` is expected to take, and how much of it there is to send. */
  load: number;
  bytes: number;
  /** How many tasks it may hold. */
  window: number;
  /** How many tasks it may still be handed in its life. */
  budget: number;
  /** It is there; before that it has begun nothing. */
  isReady: boolean;
  /** It was asked to give back. */
  isRecalled: boolean;
  /** It gets nothing any more. */
  isRetired: boolean;
}

/** What became of a worker's tasks. */
export interface Removed<T> {
  /** The one that may have been begun. */
  running: T | undefined;
}

/** Microseconds of work that a worker may hold, and what counts as a short call. */
const AHEAD = 2000;
const SHORT = 1000;

/** Tasks, and bytes, that a worker may hold. */
const MAX_WINDOW = 256;
const MAX_BYTES = 1 << 16;

/**
 * How much a new measurement counts once there are many, and by what factor it may exceed
 * the old ones, and up to what it may always.
 */
const WEIGHT = 0.1;
const JUMP = 8;
const JUMP_FLOOR = 50;

/** See the file's head. */
export class Scheduler<T extends Schedulable> {
  readonly #send: (worker: number, tasks: T[]) => void;
  readonly #maxWindow: number;
  readonly #members = new Map<number, Member<T>>();
  /** Workers without a task; the last one has idled least, and is taken first. */
  readonly #idle: Member<T>[] = [];
  /** Workers without a task that are not there yet, in the order of their starts. */
  readonly #starting: Member<T>[] = [];
  /** How many workers are there. */
  #ready = 0;
  /** Came back from workers: older than all others. */
  readonly #returned = new Deque<T>();
  readonly #queue = new Deque<T | Source<T>>();
  /** The source that is being emptied. */
  #current: Source<T> | undefined;
  /** Sources that had no task when they were asked; `wake` brings them back. */
  readonly #asleep = new Set<Source<T>>();
  /** How many tasks workers hold. */
  #handed = 0;
  /** A source's code may come back here. */
  #isServing = false;

  /**
   * @param send Hands tasks to a worker.
   * @param isAhead Whether workers may be handed more than the task that they do.
   */
  constructor(send: (worker: number, tasks: T[]) => void, isAhead: boolean = true) {
    this.#send = send;
    this.#maxWindow = isAhead ? MAX_WINDOW : 1;
  }

  /** How many workers have nothing to do. */
  get idleCount(): number {
    return this.#idle.length;
  }

  /** What a worker holds, oldest first. */
  held(worker: number): Iterable<T> {
    return this.#members.get(worker)?.held ?? [];
  }

  /** What a worker may be running. */
  running(worker: number): T | undefined {
    return this.#members.get(worker)?.held.at(0);
  }

  // --- what happens

  /** A worker is being started that may be handed a task before it is there. */
  addStarting(worker: number, budget: number = Infinity): void {
    this.#rest(this.#add(worker, budget));
    this.serve();
  }

  /** A worker is there; in all it may be handed `budget` tasks. */
  addWorker(worker: number, budget: number = Infinity): void {
    const member = this.#members.get(worker) ?? this.#add(worker, budget);
    this.#unrest(member);
    member.isReady = true;
    this.#ready++;
    if (member.held.length === 0) this.#rest(member);
    this.serve();
  }

  #add(worker: number, budget: number): Member<T> {
    const member = {
      id: worker,
      held: new Deque<T>(),
      load: 0,
      bytes: 0,
      window: 1,
      budget,
      isReady: false,
      isRecalled: false,
      isRetired: false,
    };
    this.#members.set(worker, member);
    return member;
  }

  /** Nothing is handed to a worker any more. */
  retire(worker: number): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    member.isRetired = true;
    this.#unrest(member);
  }

  /** A worker is gone. What it certainly has not begun is handed out again. */
  removeWorker(worker: number): Removed<T> {
    const member = this.#members.get(worker);
    if (member === undefined) return { running: undefined };
    this.#members.delete(worker);
    this.#unrest(member);
    this.#handed -= member.held.length;
    if (member.isReady) this.#ready--;
    const running = member.isReady ? member.held.shift() : undefined;
    this.#returned.unshift([...member.held]);
    this.serve();
    return { running };
  }

  /** There is a new task, or something that has tasks. */
  add(entry: T | Source<T>): void {
    this.#queue.push(entry);
    this.serve();
  }

  /** A source has tasks again. */
  wake(source: Source<T>): void {
    if (this.#asleep.delete(source)) this.add(source);
    else if (source === this.#current) this.serve();
  }

  /**
   * A worker is done with its first task.
   *
   * @param micros How long that took.
   * @returns The task; undefined if the worker has none.
   */
  finish(worker: number, micros: number): T | undefined {
    const member = this.#members.get(worker);
    const task = member?.held.shift();
    if (member === undefined || task === undefined) return undefined;
    this.#unload(member, task);
    learn(task.pace, micros / task.count);
    member.window = Math.min(member.window + 1, this.#maxWindow);
    if (member.held.length === 0) this.#rest(member);
    return task;
  }

  /** A worker has given back its last `count` tasks. */
  giveBack(worker: number, count: number): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    member.isRecalled = false;
    member.window = 1;
    const { held } = member;
    const tasks = held.splice(Math.max(0, held.length - count), held.length);
    for (const task of tasks) this.#unload(member, task);
    member.budget += tasks.length;
    this.#returned.unshift(tasks);
    if (held.length === 0) this.#rest(member);
    this.serve();
  }

  /**
   * Workers that hold tasks back while others have nothing to do. They count as asked
   * to give them back: nothing is handed to them before `giveBack`.
   */
  recall(): number[] {
    if (this.#idle.length === 0) return [];
    const hoarders: number[] = [];
    for (const member of this.#members.values()) {
      if (member.held.length > 1 && !member.isRecalled) {
        member.isRecalled = true;
        hoarders.push(member.id);
      }
    }
    return hoarders;
  }

  /** Whether there may be a task that nobody was free for. */
  get hasWaiting(): boolean {
    return this.#returned.length + this.#queue.length > 0 ||
      this.#current !== undefined;
  }

  /** Whether `recall` would find somebody. */
  get hasHoarders(): boolean {
    if (this.#idle.length === 0) return false;
    for (const { held, isRecalled } of this.#members.values()) {
      if (held.length > 1 && !isRecalled) return true;
    }
    return false;
  }

  /** Forgets all tasks that were not handed out. */
  clear(): void {
    this.#returned.filter(() => false);
    this.#queue.filter(() => false);
    this.#current = undefined;
    this.#asleep.clear();
  }

  // --- what follows

  /** Hands tasks to those who have none. */
  serve(): void {
    if (this.#isServing) return; // whoever is at it will see what is new
    this.#isServing = true;
    try {
      while (this.#isAnyFree) {
        const task = this.#next();
        if (task === undefined) break;
        const member = this.#takeFree();
        if (member === undefined) { // gone meanwhile: a source's code did that
          this.#returned.unshift([task]);
          break;
        }
        this.#hold(member, task);
        this.#send(member.id, [task]);
      }
      // There was nothing for them: the next beginning is cautious again.
      for (const member of this.#idle) member.window = 1;
    } finally {
      this.#isServing = false;
    }
  }

  get #isAnyFree(): boolean {
    return this.#idle.length > 0 || (this.#ready === 0 && this.#starting.length > 0);
  }

  #takeFree(): Member<T> | undefined {
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
      let room = Math.min(member.window, Math.max(1, share)) - member.held.length;
      while (room-- > 0) {
        const task = this.#next();
        if (task === undefined) break;
        if (!this.#fits(member, task)) {
          this.#returned.unshift([task]);
          break;
        }
        if (member.held.length === 0) this.#unrest(member);
        this.#hold(member, task);
        tasks.push(task);
      }
    } finally {
      this.#isServing = false;
    }
    if (tasks.length > 0) this.#send(member.id, tasks);
    this.serve();
  }

  /** Hands more tasks to all who may hold more. */
  refillAll(): void {
    for (const id of this.#members.keys()) this.refill(id);
  }

  /** How many tasks there are to hand out, at least. */
  get #waiting(): number {
    const first = this.#queue.at(0);
    return this.#returned.length + this.#queue.length + remaining(this.#current) +
      (first !== undefined && "take" in first ? remaining(first) : 0);
  }

  #mayHold(member: Member<T>): boolean {
    return member.isReady && !member.isRecalled && !member.isRetired &&
      member.budget > 0 &&
      member.held.length * 2 <= member.window;
  }

  #fits(member: Member<T>, task: T): boolean {
    const { held } = member;
    if (held.length === 0) return true;
    if (member.budget <= 0) return false;
    const cost = task.pace.micros * task.count;
    return cost <= SHORT && member.load + cost <= AHEAD &&
      member.bytes + task.bytes <= MAX_BYTES && held.at(0)!.group === task.group;
  }

  #next(): T | undefined {
    for (let task = this.#returned.shift(); task; task = this.#returned.shift()) {
      if (!task.isDropped) return task;
    }
    for (;;) {
      const task = this.#current?.take();
      if (task !== undefined) return task;
      if (this.#current?.isWaiting) return undefined;
      this.#leave(this.#current);
      this.#current = undefined;
      const entry = this.#queue.shift();
      if (entry === undefined) return undefined;
      if (!("take" in entry)) {
        if (!entry.isDropped) return entry;
      } else if (!entry.yields) {
        this.#current = entry;
      } else {
        const task = entry.take();
        if (task === undefined) {
          this.#leave(entry);
        } else {
          this.#queue.push(entry);
          return task;
        }
      }
    }
  }

  /** A source that had no task. */
  #leave(source: Source<T> | undefined): void {
    if (source !== undefined && !source.isDone) this.#asleep.add(source);
  }

  #hold(member: Member<T>, task: T): void {
    member.held.push(task);
    member.budget--;
    this.#handed++;
    // Where nothing is known the worker is given nothing else, and no sum is wanted.
    task.cost = task.pace.micros === Infinity ? AHEAD : task.pace.micros * task.count;
    member.load += task.cost;
    member.bytes += task.bytes;
  }

  #unload(member: Member<T>, task: T): void {
    this.#handed--;
    if (member.held.length === 0) {
      member.load = 0;
      member.bytes = 0;
    } else {
      member.load -= task.cost;
      member.bytes -= task.bytes;
    }
  }

  /** The worker has nothing to do. */
  #rest(member: Member<T>): void {
    if (member.isRetired || member.budget <= 0) return;
    (member.isReady ? this.#idle : this.#starting).push(member);
  }

  #unrest(member: Member<T>): void {
    const resting = member.isReady ? this.#idle : this.#starting;
    const index = resting.lastIndexOf(member);
    if (index >= 0) resting.splice(index, 1);
  }
}

function remaining(source: Source<unknown> | undefined): number {
  return source?.remaining ?? 0;
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
