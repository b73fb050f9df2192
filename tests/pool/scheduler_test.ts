/** Tests of src/pool/scheduler.ts. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ClaimLog } from "../../src/hub/claims.ts";
import { TASKS } from "../../src/pool/protocol.ts";
import type { Pace, Schedulable } from "../../src/pool/assigned_tasks.ts";
import type { Source } from "../../src/pool/feed.ts";
import { type Prefetch, Scheduler } from "../../src/pool/scheduler.ts";
import { type MemoryFile, memoryFiles } from "../hub/claim_memory.ts";
import { test } from "../suite.ts";
import { type Random, repeat } from "../wire/support.ts";

interface FakeTask extends Schedulable {
  readonly name: string | number;
  isDropped: boolean;
}

function paceOf(micros: number): Pace {
  return { micros, samples: micros === Infinity ? 0 : 100 };
}

function task(
  name: string | number,
  pace: Pace = paceOf(Infinity),
  more: Partial<FakeTask> = {},
): FakeTask {
  return {
    name,
    pace,
    count: 1,
    bytes: 1,
    group: null,
    isDropped: false,
    cost: 0,
    place: 0,
    ...more,
  };
}

/** A source of the numbers from 0 to `count` - 1. */
class Numbers implements Source<FakeTask> {
  readonly yields: boolean;
  readonly #pace: Pace;
  readonly #count: number;
  #next = 0;
  /** How many it gives before it must be woken. */
  room = Infinity;

  constructor(count: number, pace: Pace, yields = false) {
    this.#count = count;
    this.#pace = pace;
    this.yields = yields;
  }

  get isDone(): boolean {
    return this.#next >= this.#count;
  }

  get remaining(): number {
    return this.#count - this.#next;
  }

  take(): FakeTask | undefined {
    if (this.isDone || this.room <= 0) return undefined;
    this.room--;
    return task(this.#next++, this.#pace);
  }
}

/** A scheduler, what it has sent, and the workers' side of their claims. */
function scheduled(prefetch: Prefetch = "claimed") {
  const sent: [worker: number, names: (string | number)[]][] = [];
  const senders = new Map<number, ClaimLog>();
  const holders = new Map<number, ClaimLog>();
  const offered: number[] = [];
  /** How many tasks each worker was sent. */
  const counts = new Map<number, number>();
  const claims = (worker: number): ClaimLog => {
    if (!senders.has(worker)) {
      const [files, holderFiles] = memoryFiles();
      senders.set(worker, new ClaimLog(files, "sender"));
      holders.set(worker, new ClaimLog(holderFiles, "holder"));
    }
    return senders.get(worker)!;
  };
  const scheduler = new Scheduler<FakeTask>({
    send(worker, tasks) {
      sent.push([worker, tasks.map(({ name }) => name)]);
      counts.set(worker, (counts.get(worker) ?? 0) + tasks.length);
    },
    offerClaims(worker) {
      offered.push(worker);
      return prefetch === "claimed" ? claims(worker) : undefined;
    },
  }, prefetch);
  /** A worker begins the first task that it holds; false if that was taken back. */
  const begin = (worker: number): boolean => {
    claims(worker);
    const number = counts.get(worker)! - held(scheduler, worker).length;
    return holders.get(worker)!.advance(TASKS, number + 1)! <= number;
  };
  return { scheduler, sent, offered, begin };
}

/** What a worker holds, by name. */
function held(scheduler: Scheduler<FakeTask>, worker: number): (string | number)[] {
  return [...scheduler.held(worker)].map(({ name }) => name);
}

/** A worker ends its first task, which took so many microseconds, and gets more. */
function step(scheduler: Scheduler<FakeTask>, worker: number, micros: number) {
  const ended = scheduler.finish(worker, micros);
  scheduler.refill(worker);
  return ended;
}

/** Has a worker end all it holds, again and again, until it holds so many. */
function warm(scheduler: Scheduler<FakeTask>, worker: number, count: number): void {
  for (let i = 0; i < 1000 && held(scheduler, worker).length < count; i++) {
    step(scheduler, worker, 10);
  }
}

/** Worker 1 holds so many of a number of short tasks. */
function warmed(count: number, tasks = 100) {
  const all = scheduled();
  all.scheduler.addWorker(1);
  all.scheduler.add(new Numbers(tasks, paceOf(10)));
  warm(all.scheduler, 1, count);
  return all;
}

test("Scheduler: a worker that has nothing to do gets the next task at once", () => {
  const { scheduler, sent } = scheduled();
  scheduler.add(task("a"));
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  scheduler.add(task("b"));
  scheduler.add(task("c"));
  deepStrictEqual(sent, [[1, ["a"]], [2, ["b"]]]);
  strictEqual(scheduler.finish(2, 5)!.name, "b");
  scheduler.refill(2);
  deepStrictEqual(sent.at(-1), [2, ["c"]]);
  strictEqual(scheduler.finish(2, 5)!.name, "c");
  strictEqual(scheduler.finish(2, 5), undefined);
  strictEqual(scheduler.finish(3, 5), undefined);
});

test("Scheduler: nothing waits in a worker while its function is not known to be short", () => {
  const { scheduler } = scheduled();
  const unknown = paceOf(Infinity), long = paceOf(1500);
  scheduler.addWorker(1);
  scheduler.add(new Numbers(10, unknown));
  scheduler.refillAll();
  deepStrictEqual(held(scheduler, 1), [0]);
  const other = scheduled().scheduler;
  other.addWorker(1);
  other.add(new Numbers(100, long));
  for (let i = 0; i < 20; i++) {
    step(other, 1, 1500);
    deepStrictEqual(held(other, 1), [i + 1]);
  }
});

test("Scheduler: of short tasks a worker holds more and more, up to two milliseconds' worth", () => {
  const { scheduler } = scheduled();
  scheduler.addWorker(1);
  scheduler.add(new Numbers(10_000, paceOf(100)));
  const lengths: number[] = [];
  for (let i = 0; i < 200; i++) {
    lengths.push(held(scheduler, 1).length);
    step(scheduler, 1, 100);
  }
  deepStrictEqual(lengths.slice(0, 4), [1, 2, 3, 4]);
  strictEqual(Math.max(...lengths), 20);
});

test("Scheduler: no worker gets more than its share of what is left", () => {
  const { scheduler } = scheduled();
  const pace = paceOf(10);
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  const source = new Numbers(300, pace);
  scheduler.add(source);
  warm(scheduler, 1, 40);
  while (source.remaining > 0) {
    step(scheduler, 1, 10);
    step(scheduler, 2, 10);
  }
  const lengths = [1, 2].map((id) => held(scheduler, id).length);
  ok(Math.abs(lengths[0]! - lengths[1]!) <= 1, `${lengths}`);
});

test("Scheduler: after a rest work begins with one task again", () => {
  const { scheduler } = scheduled();
  const pace = paceOf(10);
  scheduler.addWorker(1);
  scheduler.add(new Numbers(200, pace));
  warm(scheduler, 1, 20);
  while (step(scheduler, 1, 10) !== undefined);
  scheduler.add(task("long", pace));
  scheduler.add(task("short", pace));
  scheduler.refillAll();
  deepStrictEqual(held(scheduler, 1), ["long"]);
});

test("Scheduler: bytes that wait are limited", () => {
  const { scheduler } = scheduled();
  const pace = paceOf(1);
  scheduler.addWorker(1);
  for (let i = 0; i < 500; i++) scheduler.add(task(i, pace, { bytes: 20_000 }));
  for (let i = 0; i < 300; i++) {
    step(scheduler, 1, 1);
    ok(held(scheduler, 1).length <= 3);
  }
});

test("Scheduler: tasks of different groups never wait in one worker", () => {
  const { scheduler } = scheduled();
  const pace = paceOf(1);
  scheduler.addWorker(1);
  const groups = ["a", "b"];
  for (let i = 0; i < 400; i++) {
    const group = i < 200 ? null : groups[i % 2];
    scheduler.add(task(i, pace, { group }));
  }
  for (let i = 0; i < 399; i++) {
    step(scheduler, 1, 1);
    const names = held(scheduler, 1) as number[];
    ok(names.every((name) => name < 200) || names.length === 1, `${names}`);
  }
});

test("Scheduler: of a worker that is gone only what it has begun is lost", () => {
  for (const hasBegun of [true, false]) {
    const { scheduler, sent, begin } = warmed(4);
    if (hasBegun) begin(1);
    const [first, ...others] = held(scheduler, 1);
    if (!hasBegun) others.unshift(first!);
    const running = scheduler.removeWorker(1);
    strictEqual(running?.name, hasBegun ? first : undefined);
    strictEqual(scheduler.removeWorker(1), undefined);
    scheduler.addWorker(2);
    const again: unknown[] = [];
    while (again.length < others.length) {
      again.push(...sent.at(-1)![1]);
      step(scheduler, 2, 10);
    }
    deepStrictEqual(again.slice(0, others.length), others);
  }
});

test("Scheduler: of one that does not claim the first task may have been begun", () => {
  const { scheduler, sent, offered } = scheduled("free");
  scheduler.addWorker(1);
  scheduler.add(new Numbers(3, paceOf(10)));
  step(scheduler, 1, 10);
  strictEqual(scheduler.removeWorker(1)!.name, 1);
  scheduler.addWorker(2);
  deepStrictEqual([sent.at(-1), offered], [[2, [2]], [1, 2]]);
});

test("Scheduler: a worker claims all but its first task, before it says that it can", () => {
  for (const isFirstAhead of [true, false]) {
    const { scheduler, sent } = scheduled();
    scheduler.addStarting(1);
    if (isFirstAhead) scheduler.add(task("a"));
    scheduler.addWorker(1);
    if (!isFirstAhead) scheduler.add(task("a"));
    scheduler.finish(1, 10);
    scheduler.add(task("b"));
    scheduler.refill(1);
    deepStrictEqual(sent, [[1, ["a"]], [1, ["b"]]]);
    // It hangs: another one has the task, and it is not lost with the first one.
    scheduler.addWorker(2);
    for (let i = 0; i < 2; i++) scheduler.reassignStalled();
    deepStrictEqual(sent.at(-1), [2, ["b"]]);
    strictEqual(scheduler.removeWorker(1), undefined);
  }
});

test("Scheduler: the task that a worker holds when it is told to claim counts as begun", () => {
  const { scheduler, sent } = scheduled();
  scheduler.addStarting(1);
  scheduler.add(task("a"));
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  for (let i = 0; i < 3; i++) scheduler.reassignStalled();
  scheduler.endClaims(1); // it cannot
  deepStrictEqual([sent, held(scheduler, 1)], [[[1, ["a"]]], ["a"]]);
  strictEqual(scheduler.removeWorker(1)!.name, "a");
});

test("Scheduler: what waits behind a task is had at once by a worker that idles", () => {
  const { scheduler, sent, begin } = warmed(10);
  strictEqual(begin(1), true);
  scheduler.clear();
  const [first, ...waiting] = held(scheduler, 1);
  scheduler.addWorker(2);
  deepStrictEqual(sent.at(-1), [2, [waiting[0]]]);
  deepStrictEqual(held(scheduler, 1), [first]);
  const done: unknown[] = [];
  while (held(scheduler, 2).length > 0) {
    done.push(scheduler.finish(2, 10)!.name);
    scheduler.refill(2);
  }
  deepStrictEqual(done, waiting);
  strictEqual(scheduler.finish(1, 10)!.name, first);
});

test("Scheduler: a worker that idles gets the oldest task, whoever has it", () => {
  const { scheduler, sent } = scheduled();
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  scheduler.add(new Numbers(60, paceOf(10)));
  warm(scheduler, 1, 5);
  warm(scheduler, 2, 5);
  scheduler.clear();
  const all = [...held(scheduler, 1), ...held(scheduler, 2)] as number[];
  scheduler.addWorker(3);
  deepStrictEqual(sent.at(-1), [3, [Math.min(...all)]]);
});

test("Scheduler: a worker that has lost all gets nothing before it knows", () => {
  const { scheduler, sent, begin } = scheduled();
  const pace = paceOf(10);
  scheduler.addWorker(1);
  scheduler.add(new Numbers(20, pace));
  warm(scheduler, 1, 4);
  scheduler.clear();
  scheduler.addWorker(2);
  const length = held(scheduler, 1).length;
  strictEqual(length, 0);
  while (step(scheduler, 2, 10) !== undefined);
  scheduler.add(task("a"));
  scheduler.add(task("b"));
  deepStrictEqual(sent.at(-1), [2, ["a"]]);
  scheduler.present(1);
  deepStrictEqual(sent.at(-1), [1, ["b"]]);
  strictEqual(begin(1), true);
});

test("Scheduler: what a worker is about to begin is left to it, unless it does not", () => {
  const { scheduler, sent, begin } = scheduled();
  scheduler.addWorker(1);
  scheduler.add(task("a"));
  scheduler.addWorker(2);
  deepStrictEqual(sent, [[1, ["a"]]]);
  strictEqual(scheduler.mayHaveStalled, true);
  scheduler.reassignStalled();
  deepStrictEqual(sent, [[1, ["a"]]]);
  scheduler.reassignStalled();
  deepStrictEqual(sent, [[1, ["a"]], [2, ["a"]]]);
  strictEqual(begin(2), true);
  for (let i = 0; i < 3; i++) scheduler.reassignStalled();
  strictEqual(sent.length, 2);
  scheduler.present(1);
  scheduler.reassignStalled();
  scheduler.reassignStalled();
  strictEqual(sent.length, 2); // it has been begun
});

test("Scheduler: one that claims no more has nothing that it has not begun", () => {
  const { scheduler, sent, begin } = warmed(5);
  begin(1);
  const [first, second] = held(scheduler, 1);
  scheduler.endClaims(1);
  deepStrictEqual(held(scheduler, 1), [first]);
  for (let i = 0; i < 5; i++) {
    step(scheduler, 1, 10);
    deepStrictEqual(held(scheduler, 1).length, 1);
  }
  deepStrictEqual(sent.at(-5), [1, [second]]);
  scheduler.endClaims(1);
  strictEqual(held(scheduler, 1).length, 1);
});

test("Scheduler: a worker gets as many tasks as its budget says", () => {
  const { scheduler } = scheduled();
  scheduler.add(new Numbers(20, paceOf(10)));
  scheduler.addWorker(1, 3);
  let count = 0;
  while (scheduler.finish(1, 10) !== undefined) {
    count++;
    scheduler.refill(1);
  }
  strictEqual(count, 3);
});

test("Scheduler: what was taken back does not count for the budget", () => {
  const { scheduler, begin } = scheduled();
  scheduler.add(new Numbers(20, paceOf(10)));
  scheduler.addWorker(1, 10);
  warm(scheduler, 1, 3);
  begin(1);
  let count = held(scheduler, 1)[0] as number;
  scheduler.addWorker(2, 1); // it has one of them, and no other
  scheduler.clear();
  scheduler.add(new Numbers(20, paceOf(10)));
  while (scheduler.finish(1, 10) !== undefined) {
    count++;
    scheduler.refill(1);
  }
  strictEqual(count, 10);
});

test("Scheduler: what a retired worker has not begun is done by others", () => {
  const { scheduler, sent, begin } = warmed(4);
  scheduler.clear();
  begin(1);
  const [first, second] = held(scheduler, 1);
  scheduler.retire(1);
  deepStrictEqual(held(scheduler, 1), [first]);
  scheduler.addWorker(2);
  deepStrictEqual(sent.at(-1), [2, [second]]);
});

test("Scheduler: a retired worker gets nothing", () => {
  const { scheduler, sent } = scheduled();
  scheduler.addWorker(1);
  scheduler.retire(1);
  scheduler.retire(2);
  scheduler.add(task("a"));
  deepStrictEqual(sent, []);
});

test("Scheduler: what was dropped is not handed out", () => {
  const { scheduler, sent } = scheduled();
  const dropped = task("a");
  scheduler.add(dropped);
  scheduler.add(task("b"));
  dropped.isDropped = true;
  scheduler.addWorker(1);
  deepStrictEqual(sent, [[1, ["b"]]]);
});

test("Scheduler: a source that has nothing now is asked again when it is woken", () => {
  const { scheduler, sent } = scheduled();
  const source = new Numbers(3, paceOf(Infinity), true);
  source.room = 1;
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  scheduler.add(source);
  scheduler.add(task("a"));
  deepStrictEqual(sent, [[2, [0]], [1, ["a"]]]);
  step(scheduler, 2, 5);
  source.room = 5;
  scheduler.wake(source);
  scheduler.wake(source);
  deepStrictEqual(sent.at(-1), [2, [1]]);
});

test("Scheduler: a source that may go on for ever lets others have their turn", () => {
  const { scheduler, sent } = scheduled();
  scheduler.add(new Numbers(1000, paceOf(Infinity), true));
  scheduler.add(task("a"));
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  deepStrictEqual(sent, [[1, [0]], [2, ["a"]]]);
});

test("Scheduler: a source's code may call the scheduler", () => {
  const { scheduler, sent } = scheduled();
  const inner = task("inner");
  const source: Source<FakeTask> = {
    isDone: false,
    remaining: 1,
    yields: true,
    take() {
      scheduler.add(inner);
      scheduler.removeWorker(1);
      return undefined;
    },
  };
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  scheduler.add(source);
  deepStrictEqual(sent, [[2, ["inner"]]]);
});

test("Scheduler: one slow call among many quick ones changes little", () => {
  const pace = paceOf(10);
  const { scheduler } = scheduled();
  scheduler.addWorker(1);
  scheduler.add(new Numbers(1000, pace));
  scheduler.finish(1, 100_000);
  ok(pace.micros < 20, `${pace.micros}`);
  for (let i = 0; i < 100; i++) {
    scheduler.refill(1);
    scheduler.finish(1, 100_000);
  }
  ok(pace.micros > 50_000, `${pace.micros}`);
});

// --- a model: whatever happens, each task is run once, or lost with its worker

interface ModelWorker {
  readonly id: number;
  /** What it was sent and has not ended, as it knows. */
  readonly tasks: FakeTask[];
  isReady: boolean;
  hasBegun: boolean;
  /** How many tasks it was sent. */
  received: number;
  /** Where it claims, once it has read that it shall. */
  holder: ClaimLog | undefined;
  /** Where it shall claim, and from which task on; undefined once it has read that. */
  offer: { files: [MemoryFile, MemoryFile]; from: number } | undefined;
  files: MemoryFile[];
  /** It does not go on, and hears nothing. */
  isStopped: boolean;
}

class Model {
  readonly random: Random;
  readonly scheduler: Scheduler<FakeTask>;
  readonly workers = new Map<number, ModelWorker>();
  readonly begun = new Set<FakeTask>();
  readonly ended = new Set<FakeTask>();
  readonly lost = new Set<FakeTask>();
  readonly all: FakeTask[] = [];
  readonly paces = [paceOf(Infinity), paceOf(20), paceOf(5000)];
  #lastWorker = 0;

  constructor(random: Random) {
    this.random = random;
    this.scheduler = new Scheduler({
      send: (worker, tasks) => this.#send(this.workers.get(worker)!, tasks),
      offerClaims: (worker) => this.#offerClaims(this.workers.get(worker)!),
    });
  }

  #send(to: ModelWorker, tasks: FakeTask[]): void {
    if (!to.isReady) {
      ok(![...this.workers.values()].some(({ isReady }) => isReady));
      deepStrictEqual([to.tasks.length, tasks.length], [0, 1]);
    }
    if (!this.#isClaiming(to)) strictEqual(to.tasks.length + tasks.length, 1);
    to.tasks.push(...tasks);
    to.received += tasks.length;
  }

  /** Not each is told where. */
  #offerClaims(worker: ModelWorker): ClaimLog | undefined {
    if (this.random.below(4) === 0) return undefined;
    const [files, holderFiles] = memoryFiles();
    worker.offer = { files: holderFiles, from: worker.received };
    return new ClaimLog(files, "sender");
  }

  /** A worker reads that it shall claim, when it has begun what came before; not each can. */
  #openClaims(worker: ModelWorker): void {
    const { files, from } = worker.offer!;
    const begun = worker.received - worker.tasks.length + (worker.hasBegun ? 1 : 0);
    if (begun < from) return;
    worker.offer = undefined;
    worker.files = files;
    if (this.random.below(4) === 0) return this.#endClaims(worker);
    worker.holder = new ClaimLog(files, "holder");
    worker.holder.advance(TASKS, begun);
  }

  #endClaims(worker: ModelWorker): void {
    worker.holder = undefined;
    worker.tasks.splice(worker.hasBegun ? 1 : 0);
    this.scheduler.endClaims(worker.id);
  }

  #isClaiming({ holder, offer }: ModelWorker): boolean {
    return holder !== undefined || offer !== undefined;
  }

  addWorker(): void {
    const id = ++this.#lastWorker;
    const isReady = this.random.of([true, false]);
    const worker: ModelWorker = {
      ...{ id, tasks: [], isReady, hasBegun: false, received: 0, files: [] },
      ...{ holder: undefined, offer: undefined, isStopped: false },
    };
    this.workers.set(id, worker);
    const budget = this.random.of([Infinity, 5]);
    if (isReady) this.scheduler.addWorker(id, budget);
    else this.scheduler.addStarting(id, budget);
  }

  getReady(worker: ModelWorker): void {
    worker.isReady = true;
    this.scheduler.addWorker(worker.id);
  }

  makeTask(): FakeTask {
    const made = task(this.all.length, this.random.of(this.paces), {
      group: this.random.of([null, null, null, "a"]),
    });
    this.all.push(made);
    return made;
  }

  addSource(): void {
    let left = this.random.below(30);
    const { random } = this;
    const source: Source<FakeTask> = {
      get isDone() {
        return left === 0;
      },
      get remaining() {
        return left;
      },
      yields: random.of([true, false]),
      take: () => {
        if (left === 0) return undefined;
        if (source.yields && random.below(3) === 0) {
          queue.push(source);
          return undefined;
        }
        left--;
        return this.makeTask();
      },
    };
    const queue = this.asleep;
    this.scheduler.add(source);
  }

  readonly asleep: Source<FakeTask>[] = [];

  step(): void {
    const worker = this.random.of([...this.workers.values(), undefined]);
    switch (this.random.below(9)) {
      case 0:
        return this.scheduler.add(this.makeTask());
      case 1:
        return this.addSource();
      case 2:
        if (this.workers.size < 4) this.addWorker();
        return;
      case 3:
        return this.wakeAll();
      case 4:
        return this.scheduler.reassignStalled();
      case 5:
        if (worker !== undefined && this.random.below(4) === 0) this.kill(worker);
        return;
      case 6:
        if (worker !== undefined) this.upset(worker);
        return;
      default:
        if (worker?.isStopped === false) this.work(worker);
    }
  }

  wakeAll(): void {
    for (const source of this.asleep.splice(0)) this.scheduler.wake(source);
  }

  work(worker: ModelWorker): void {
    if (!worker.isReady) return this.getReady(worker);
    if (worker.offer !== undefined) this.#openClaims(worker);
    const [first] = worker.tasks;
    if (first === undefined) return;
    if (!worker.hasBegun) {
      if (!this.claims(worker)) return;
      ok(!this.begun.has(first), `${first.name} begins twice`);
      this.begun.add(first);
      worker.hasBegun = true;
      return;
    }
    worker.hasBegun = false;
    worker.tasks.shift();
    strictEqual(this.scheduler.finish(worker.id, this.random.below(50)), first);
    ok(!this.ended.has(first));
    this.ended.add(first);
    this.scheduler.refill(worker.id);
  }

  /** Whether the first task is the worker's; else it finds which were taken back. */
  claims(worker: ModelWorker): boolean {
    if (worker.holder === undefined) return true;
    const number = worker.received - worker.tasks.length;
    const mark = worker.holder.advance(TASKS, number + 1);
    if (mark === number) return true;
    if (mark === undefined) {
      this.#endClaims(worker);
    } else {
      worker.tasks.splice(0, mark - number);
      this.scheduler.present(worker.id);
    }
    return false;
  }

  /** A worker is stopped, goes on, or cannot write any more. */
  upset(worker: ModelWorker): void {
    if (worker.isStopped) worker.isStopped = false;
    else if (this.random.below(10) > 0) worker.isStopped = this.#hasReadOn(worker);
    else worker.files.forEach((file) => file.isFull = true);
  }

  /** Whether a worker claims what it has not begun. */
  #hasReadOn({ holder, offer, tasks, received, hasBegun }: ModelWorker): boolean {
    const begun = received - tasks.length + (hasBegun ? 1 : 0);
    return holder !== undefined || (offer !== undefined && begun >= offer.from);
  }

  kill(worker: ModelWorker): void {
    this.workers.delete(worker.id);
    const running = this.scheduler.removeWorker(worker.id);
    if (worker.hasBegun) strictEqual(running, worker.tasks[0]);
    // Of one that does not claim it is not known.
    else if (running !== undefined) strictEqual(worker.holder, undefined);
    if (running !== undefined) this.lost.add(running);
  }

  finish(): void {
    this.addWorker();
    for (let round = 0; round < 10_000; round++) {
      this.wakeAll();
      for (const worker of this.workers.values()) {
        if (!worker.isStopped) this.work(worker);
      }
      this.scheduler.reassignStalled();
      if (this.#running < 2) this.addWorker();
      const isStuck = (one: FakeTask) => stuck.has(one) && this.begun.has(one);
      const stuck = this.#heldByStopped();
      if (
        this.all.every((one) =>
          this.ended.has(one) || this.lost.has(one) || isStuck(one)
        )
      ) {
        if (this.asleep.length === 0) return;
      }
      // One whose budget is used up makes room for another.
      for (const { id, tasks, isStopped } of this.workers.values()) {
        if (!isStopped && tasks.length === 0 && round % 50 === 49) {
          this.workers.delete(id);
          this.scheduler.removeWorker(id);
        }
      }
    }
    ok(false, "not all tasks ended");
  }

  get #running(): number {
    return [...this.workers.values()].filter(({ isStopped }) => !isStopped).length;
  }

  /** What those who are stopped have begun: nothing else waits for them. */
  #heldByStopped(): Set<FakeTask> {
    const stopped = [...this.workers.values()].filter(({ isStopped }) => isStopped);
    return new Set(
      stopped.flatMap(({ tasks, hasBegun }) => hasBegun ? [tasks[0]!] : []),
    );
  }
}

test("Scheduler: a model in which anything may happen loses and doubles no task", () => {
  repeat(1000, (random) => {
    const model = new Model(random);
    for (let i = 0; i < 300; i++) model.step();
    model.finish();
    for (const one of model.lost) ok(!model.ended.has(one));
  });
});

test("Scheduler: workers that are starting get one task each, until the first is there", () => {
  const { scheduler, sent } = scheduled();
  scheduler.addStarting(1);
  scheduler.addStarting(2);
  scheduler.addStarting(3);
  for (const name of ["a", "b"]) scheduler.add(task(name, paceOf(1)));
  scheduler.refillAll();
  deepStrictEqual(sent, [[1, ["a"]], [2, ["b"]]]);
  strictEqual(scheduler.hasWaiting, false);
  scheduler.addWorker(2);
  scheduler.add(task("c"));
  // The third is not there, and the second is, and will soon be free.
  strictEqual(sent.length, 2);
  strictEqual(scheduler.hasWaiting, true);
  scheduler.finish(2, 1);
  scheduler.serve();
  deepStrictEqual(sent.at(-1), [2, ["c"]]);
  scheduler.addWorker(3);
  scheduler.add(task("d"));
  deepStrictEqual(sent.at(-1), [3, ["d"]]);
});

test("Scheduler: a worker that ends before it is there has begun nothing", () => {
  const { scheduler, sent } = scheduled("free");
  scheduler.addStarting(1);
  scheduler.add(task("a"));
  strictEqual(scheduler.removeWorker(1), undefined);
  scheduler.addStarting(2);
  scheduler.retire(2);
  scheduler.addStarting(3);
  deepStrictEqual(sent, [[1, ["a"]], [2, ["a"]]]);
  strictEqual(scheduler.removeWorker(2), undefined);
  deepStrictEqual(sent.at(-1), [3, ["a"]]);
  scheduler.addWorker(3);
  strictEqual(scheduler.removeWorker(3)!.name, "a");
});

test("Scheduler: workers that get nothing ahead hold one task each", () => {
  const { scheduler, sent, offered } = scheduled("none");
  const pace = paceOf(1);
  for (let i = 0; i < 6; i++) scheduler.add(task(i, pace));
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  for (let i = 0; i < 2; i++) {
    step(scheduler, 1, 1);
  }
  scheduler.refillAll();
  deepStrictEqual(sent, [[1, [0]], [2, [1]], [1, [2]], [1, [3]]]);
  deepStrictEqual(offered, []);
});

test("Scheduler: what came back and nobody waits for any more is not handed out", () => {
  const { scheduler, sent } = scheduled("free");
  const pace = paceOf(10);
  scheduler.addWorker(1);
  for (let name = 0; name < 50; name++) scheduler.add(task(name, pace));
  warm(scheduler, 1, 3);
  const [first, second, third] = scheduler.held(1);
  strictEqual(scheduler.removeWorker(1), first);
  second!.isDropped = true;
  sent.length = 0;
  scheduler.addWorker(2);
  deepStrictEqual(sent, [[2, [third!.name]]]);
});

test("Scheduler: tasks that no worker is free for are counted, and kept in their order", () => {
  const { scheduler, sent } = scheduled("none");
  const numbers = new Numbers(5, paceOf(Infinity));
  scheduler.addWorker(1);
  strictEqual(scheduler.stock(3), 0); // worker 1 is free
  scheduler.add(numbers);
  strictEqual(scheduler.stock(2), 2);
  strictEqual(numbers.remaining, 2);
  strictEqual(scheduler.stock(1), 1);
  strictEqual(scheduler.stock(9), 4);
  scheduler.add(task("last"));
  for (let i = 0; i < 5; i++) step(scheduler, 1, 5);
  deepStrictEqual(sent.map(([, names]) => names[0]), [0, 1, 2, 3, 4, "last"]);
  strictEqual(scheduler.stock(9), 0);
});

test("Scheduler: a task that nobody waits for is not counted among those that wait", () => {
  const { scheduler } = scheduled("none");
  const dropped = task("b");
  for (const one of [task("a"), dropped, task("c")]) scheduler.add(one);
  strictEqual(scheduler.stock(9), 3);
  dropped.isDropped = true;
  strictEqual(scheduler.stock(9), 2);
});

test("Scheduler: what a worker holds behind its first task waits, too", () => {
  const { scheduler } = scheduled();
  const numbers = new Numbers(50, paceOf(10));
  scheduler.addWorker(1);
  scheduler.add(numbers);
  warm(scheduler, 1, 3);
  const { length } = held(scheduler, 1);
  const { remaining } = numbers;
  strictEqual(scheduler.stock(length - 1), length - 1);
  strictEqual(numbers.remaining, remaining);
  strictEqual(scheduler.stock(length), length);
  strictEqual(numbers.remaining, remaining - 1);
  scheduler.retire(1);
  deepStrictEqual(held(scheduler, 1), []);
  strictEqual(scheduler.stock(100), length + remaining);
});
