/** Tests of src/pool/scheduler.ts. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type Pace,
  type Schedulable,
  Scheduler,
  type Source,
} from "../../src/pool/scheduler.ts";
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

/** A scheduler, and what it has sent. */
function scheduled() {
  const sent: [worker: number, names: (string | number)[]][] = [];
  const scheduler = new Scheduler<FakeTask>((worker, tasks) => {
    sent.push([worker, tasks.map(({ name }) => name)]);
  });
  return { scheduler, sent };
}

/** What a worker holds, by name. */
function held(scheduler: Scheduler<FakeTask>, worker: number): (string | number)[] {
  return [...scheduler.held(worker)].map(({ name }) => name);
}

/** Has a worker end all it holds, again and again, until it holds so many. */
function warm(scheduler: Scheduler<FakeTask>, worker: number, count: number): void {
  for (let i = 0; i < 1000 && held(scheduler, worker).length < count; i++) {
    scheduler.finish(worker, 10);
    scheduler.refill(worker);
  }
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
    other.finish(1, 1500);
    other.refill(1);
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
    scheduler.finish(1, 100);
    scheduler.refill(1);
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
    scheduler.finish(1, 10);
    scheduler.refill(1);
    scheduler.finish(2, 10);
    scheduler.refill(2);
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
  while (scheduler.finish(1, 10) !== undefined) scheduler.refill(1);
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
    scheduler.finish(1, 1);
    scheduler.refill(1);
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
    scheduler.finish(1, 1);
    scheduler.refill(1);
    const names = held(scheduler, 1) as number[];
    ok(names.every((name) => name < 200) || names.length === 1, `${names}`);
  }
});

test("Scheduler: of a worker that is gone only the first task was begun", () => {
  const { scheduler, sent } = scheduled();
  scheduler.addWorker(1);
  scheduler.add(new Numbers(100, paceOf(10)));
  warm(scheduler, 1, 4);
  const [first, ...others] = held(scheduler, 1);
  strictEqual(scheduler.removeWorker(1).running!.name, first);
  strictEqual(scheduler.removeWorker(1).running, undefined);
  scheduler.addWorker(2);
  const again: unknown[] = [];
  while (again.length < others.length) {
    again.push(...sent.at(-1)![1]);
    scheduler.finish(2, 10);
    scheduler.refill(2);
  }
  deepStrictEqual(again.slice(0, others.length), others);
});

test("Scheduler: what waits behind a long task is called back when somebody idles", () => {
  const { scheduler, sent } = scheduled();
  scheduler.addWorker(1);
  scheduler.add(new Numbers(100, paceOf(10)));
  warm(scheduler, 1, 10);
  strictEqual(scheduler.hasHoarders, false);
  scheduler.clear();
  scheduler.addWorker(2);
  strictEqual(scheduler.hasHoarders, true);
  deepStrictEqual(scheduler.recall(), [1]);
  strictEqual(scheduler.hasHoarders, false);
  deepStrictEqual(scheduler.recall(), []);
  const waiting = held(scheduler, 1).slice(1);
  scheduler.giveBack(1, waiting.length);
  deepStrictEqual(sent.at(-1), [2, [waiting[0]]]);
  strictEqual(held(scheduler, 1).length, 1);
});

test("Scheduler: a worker that was asked to give back gets nothing before it has", () => {
  const { scheduler } = scheduled();
  const pace = paceOf(10);
  scheduler.addWorker(1);
  scheduler.add(new Numbers(20, pace));
  warm(scheduler, 1, 4);
  scheduler.clear();
  scheduler.addWorker(2);
  scheduler.recall();
  scheduler.add(task("a", pace));
  scheduler.add(task("b", pace));
  scheduler.refillAll();
  ok(!held(scheduler, 1).includes("b"));
  scheduler.giveBack(1, 0);
  ok(held(scheduler, 2).includes("a"));
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

test("Scheduler: what was given back does not count for the budget", () => {
  const { scheduler } = scheduled();
  scheduler.add(new Numbers(20, paceOf(10)));
  scheduler.addWorker(1, 10);
  warm(scheduler, 1, 3);
  const done = held(scheduler, 1)[0] as number;
  scheduler.giveBack(1, 2);
  let count = done;
  while (scheduler.finish(1, 10) !== undefined) {
    count++;
    scheduler.refill(1);
  }
  strictEqual(count, 10);
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
  scheduler.finish(2, 5);
  scheduler.refill(2);
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
  /** What it was sent and has not ended. */
  readonly tasks: FakeTask[];
  isReady: boolean;
  hasBegun: boolean;
  wasRecalled: boolean;
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
    this.scheduler = new Scheduler((worker, tasks) => {
      const to = this.workers.get(worker)!;
      ok(!to.wasRecalled || to.tasks.length === 0);
      if (!to.isReady) {
        ok(![...this.workers.values()].some(({ isReady }) => isReady));
        deepStrictEqual([to.tasks.length, tasks.length], [0, 1]);
      }
      to.tasks.push(...tasks);
    });
  }

  addWorker(): void {
    const id = ++this.#lastWorker;
    const isReady = this.random.of([true, false]);
    const worker = { id, tasks: [], isReady, hasBegun: false, wasRecalled: false };
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
        for (const id of this.scheduler.recall()) {
          this.workers.get(id)!.wasRecalled = true;
        }
        return;
      case 5:
        if (worker !== undefined && this.random.below(4) === 0) this.kill(worker);
        return;
      case 6:
        if (worker?.wasRecalled) this.giveBack(worker);
        return;
      default:
        if (worker !== undefined) this.work(worker);
    }
  }

  wakeAll(): void {
    for (const source of this.asleep.splice(0)) this.scheduler.wake(source);
  }

  work(worker: ModelWorker): void {
    if (!worker.isReady) return this.getReady(worker);
    const [first] = worker.tasks;
    if (first === undefined) return;
    if (!worker.hasBegun) {
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

  giveBack(worker: ModelWorker): void {
    worker.wasRecalled = false;
    const kept = worker.hasBegun ? 1 : 0;
    const count = worker.tasks.splice(kept).length;
    this.scheduler.giveBack(worker.id, count);
  }

  kill(worker: ModelWorker): void {
    this.workers.delete(worker.id);
    const { running } = this.scheduler.removeWorker(worker.id);
    strictEqual(running, worker.isReady ? worker.tasks[0] : undefined);
    if (running !== undefined) this.lost.add(running);
  }

  finish(): void {
    this.addWorker();
    for (let round = 0; round < 10_000; round++) {
      this.wakeAll();
      for (const worker of this.workers.values()) {
        if (worker.wasRecalled) this.giveBack(worker);
        this.work(worker);
      }
      if (this.workers.size < 2) this.addWorker();
      if (this.all.every((one) => this.ended.has(one) || this.lost.has(one))) {
        if (this.asleep.length === 0) return;
      }
      // One whose budget is used up makes room for another.
      for (const { id, tasks } of this.workers.values()) {
        if (tasks.length === 0 && round % 50 === 49) {
          this.workers.delete(id);
          this.scheduler.removeWorker(id);
        }
      }
    }
    ok(false, "not all tasks ended");
  }
}

test("Scheduler: a model in which anything may happen loses and doubles no task", () => {
  repeat(300, (random) => {
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
  const { scheduler, sent } = scheduled();
  scheduler.addStarting(1);
  scheduler.add(task("a"));
  deepStrictEqual(scheduler.removeWorker(1), { running: undefined });
  scheduler.addStarting(2);
  scheduler.retire(2);
  scheduler.addStarting(3);
  deepStrictEqual(sent, [[1, ["a"]], [2, ["a"]]]);
  deepStrictEqual(scheduler.removeWorker(2), { running: undefined });
  deepStrictEqual(sent.at(-1), [3, ["a"]]);
  scheduler.addWorker(3);
  strictEqual(scheduler.removeWorker(3).running!.name, "a");
});

test("Scheduler: workers that get nothing ahead hold one task each", () => {
  const sent: [number, (string | number)[]][] = [];
  const scheduler = new Scheduler<FakeTask>(
    (worker, tasks) => sent.push([worker, tasks.map(({ name }) => name)]),
    false,
  );
  const pace = paceOf(1);
  for (let i = 0; i < 6; i++) scheduler.add(task(i, pace));
  scheduler.addWorker(1);
  scheduler.addWorker(2);
  for (let i = 0; i < 2; i++) {
    scheduler.finish(1, 1);
    scheduler.refill(1);
  }
  scheduler.refillAll();
  deepStrictEqual(sent, [[1, [0]], [2, [1]], [1, [2]], [1, [3]]]);
});
