/** Tests of src/pool/workers.ts, whose workers are played by the test. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { Engine } from "../../src/pool/engine.ts";
import { ApplyJob } from "../../src/pool/result_jobs.ts";
import { ClaimLog } from "../../src/hub/claims.ts";
import type { JobSettings, Task } from "../../src/pool/job.ts";
import { StreamJob } from "../../src/pool/stream_job.ts";
import { Mode } from "../../src/pool/protocol.ts";
import type { PoolSizes } from "../../src/pool/sizes.ts";
import type {
  WorkerEvents,
  WorkerFactory,
  WorkerLink,
} from "../../src/pool/worker_link.ts";
import "../../src/link/root.ts"; // keeps the process alive meanwhile
import { memoryFiles } from "../hub/claim_memory.ts";
import { holdTimers } from "../helpers/timers.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";

turnAllOn();

/** A factory; what its workers tell and are told. */
class FakeFactory implements WorkerFactory {
  readonly sizes: PoolSizes;
  readonly maxtasks = Infinity;
  readonly isRemote: boolean;
  readonly acceptsEarlyTasks = false;
  readonly events: WorkerEvents[] = [];
  /** What each worker was sent: tasks, and that it shall claim. */
  readonly sent: (Task | string)[][] = [];
  kills = 0;
  /** The workers that were told to end, by number. */
  readonly finished: number[] = [];
  starts = 0;
  /** Whether the next start fails. */
  isFull = false;

  constructor(sizes: number | PoolSizes = 1, isRemote = false) {
    this.sizes = typeof sizes === "number"
      ? { min: sizes, max: sizes, idle: Infinity }
      : sizes;
    this.isRemote = isRemote;
  }

  start(events: WorkerEvents): WorkerLink {
    this.starts++;
    if (this.isFull) throw new Error("no more processes");
    this.events.push(events);
    const number = this.sent.length;
    const sent: (Task | string)[] = [];
    this.sent.push(sent);
    const process = { name: "Worker", pid: null, exitcode: 0, join: () => {} };
    return {
      ...{ process: process as never, stderrTail: "", isKillable: true },
      send: (tasks) => void sent.push(...tasks),
      offerClaims() {
        sent.push("claim");
        return new ClaimLog(memoryFiles()[0], "sender");
      },
      grant: (_, count) => void sent.push(`grant ${count}`),
      leave: () => void sent.push("leave"),
      finish: () => void this.finished.push(number),
      kill: () => void this.kills++,
    };
  }
}

function settingsOf(engine: Engine, mode: Mode, timeout: number | null): JobSettings {
  const func = { name: "f", pace: { micros: Infinity, samples: 0 }, ready: undefined };
  const settings = {
    func,
    isCopying: false,
    mode,
    timeout,
    progress: null,
    ...{ id: engine.newJob(), owner: engine, callback: null, error_callback: null },
  };
  return settings as unknown as JobSettings;
}

function submit(engine: Engine, timeout: number | null) {
  const job = new ApplyJob<number>(settingsOf(engine, Mode.Apply, timeout), []);
  engine.submit(job, job.task);
  return job;
}

test("Workers: a worker's time is watched no longer than its task takes", async () => {
  const { timers, restore } = holdTimers();
  try {
    const factory = new FakeFactory(), engine = new Engine(factory);
    factory.events[0]!.onReady();
    submit(engine, 5);
    await null;
    deepStrictEqual(timers.map(({ milliseconds }) => milliseconds), [5000]);
    factory.events[0]!.onDone(10, 7, 1);
    deepStrictEqual([timers.length, factory.kills], [0, 0]);
    void engine.terminate();
  } finally {
    restore();
  }
});

test("Workers: if there is no worker and none can be started, it tries again later", () => {
  const { timers, restore } = holdTimers();
  try {
    const factory = new FakeFactory(), engine = new Engine(factory);
    factory.events[0]!.onReady();
    factory.isFull = true;
    factory.events[0]!.onEnd();
    deepStrictEqual([factory.starts, timers.length], [2, 1]);
    factory.isFull = false;
    timers[0]!.ring();
    deepStrictEqual([factory.starts, timers.length], [3, 0]);
    strictEqual(engine.state, "RUN");
    void engine.terminate();
  } finally {
    restore();
  }
});

test("Workers: a task sent with the first result is taken back from a worker that hangs", async () => {
  const { timers, restore } = holdTimers();
  try {
    const factory = new FakeFactory(2, true), engine = new Engine(factory);
    const [one, other] = factory.events;
    const first = submit(engine, null);
    one!.onReady();
    deepStrictEqual(factory.sent[0], [first.task, "claim"]);
    one!.onDone(10, 1, 1);
    const second = submit(engine, null);
    await null;
    deepStrictEqual(factory.sent[0], [first.task, "claim", second.task]);
    other!.onReady();
    await null;
    for (let i = 0; i < 2; i++) timers[0]!.ring();
    deepStrictEqual(factory.sent[1], ["claim", second.task]);
    other!.onDone(10, 2, 1);
    strictEqual(await second.outcome.result(), 2);
    const ended = engine.terminate();
    for (const worker of [one, other]) worker!.onEnd();
    await ended;
  } finally {
    restore();
  }
});

/** Ends an engine whose workers end at once. */
async function end(engine: Engine, { events }: FakeFactory): Promise<void> {
  const ended = engine.terminate();
  for (const worker of events) worker.onEnd();
  await ended;
}

/** A stream of two values at a time, each within 5 s. */
function submitStream(engine: Engine): StreamJob {
  const job = new StreamJob(settingsOf(engine, Mode.Stream, 5), [], 2);
  engine.submit(job, job.task);
  return job;
}

test("Workers: a value's time is watched while it is made, and not until it is fetched", async () => {
  const { timers, restore } = holdTimers();
  try {
    const factory = new FakeFactory(), engine = new Engine(factory);
    const [worker] = factory.events, [sent] = factory.sent;
    worker!.onReady();
    const job = submitStream(engine);
    await null;
    deepStrictEqual([sent, timers.length], [[job.task], 1]);
    const [first] = timers;
    worker!.onYield("a");
    deepStrictEqual([timers.length, timers[0] === first], [1, false]);
    worker!.onYield("b");
    strictEqual(timers.length, 0); // it may give no more
    deepStrictEqual(job.fetchNow(), { value: "a" });
    deepStrictEqual([sent!.slice(1), timers.length], [["grant 1"], 1]);
    timers[0]!.ring();
    strictEqual(factory.kills, 1);
    deepStrictEqual(job.fetchNow(), { value: "b" });
    throws(() => job.fetchNow(), { name: "TimeoutError" });
    ok(job.isExhausted);
    await end(engine, factory);
  } finally {
    restore();
  }
});

test("Workers: a stream is left at its worker, which is killed if that is in vain", async () => {
  const { timers, restore } = holdTimers();
  try {
    const factory = new FakeFactory(1, true), engine = new Engine(factory);
    const [worker] = factory.events, [sent] = factory.sent;
    worker!.onReady();
    const [left, hanging, waiting] = [1, 2, 3].map(() => submitStream(engine));
    waiting!.leave(); // no worker has it
    await waiting!.ended.result();
    left!.leave();
    worker!.onYield("late");
    worker!.onDone(5, 0, 8);
    await left!.ended.result();
    deepStrictEqual([left!.isExhausted, left!.fetchNow()], [true, undefined]);
    deepStrictEqual(sent!.slice(-2), ["leave", hanging!.task]);
    hanging!.leave();
    strictEqual(factory.kills, 0);
    timers.at(-1)!.ring();
    strictEqual(factory.kills, 1);
    await hanging!.ended.result();
    strictEqual(engine.jobs.size, 0);
    await end(engine, factory);
  } finally {
    restore();
  }
});

test("Workers: one that gives more than it was asked for is killed", async () => {
  const factory = new FakeFactory(), engine = new Engine(factory);
  factory.events[0]!.onReady();
  const job = submitStream(engine);
  await null;
  for (const value of [1, 2, 3, 4]) factory.events[0]!.onYield(value);
  strictEqual(factory.kills, 1);
  for (const value of [1, 2]) deepStrictEqual(job.fetchNow(), { value });
  throws(() => job.fetchNow(), { name: "ProtocolError" });
  submit(engine, null);
  await end(engine, factory);
});

test("Workers: a value that is no stream's, or cannot be read, harms nobody else", async () => {
  const factory = new FakeFactory(), engine = new Engine(factory);
  const [worker] = factory.events, [sent] = factory.sent;
  worker!.onReady();
  worker!.onYield(1);
  const plain = submit(engine, null);
  worker!.onYield(2);
  worker!.onDone(1, 3, 8);
  strictEqual(await plain.outcome.result(), 3);
  const job = submitStream(engine);
  await null;
  const later = Promise.resolve("a");
  worker!.onYield(later);
  const broken = Promise.reject(new RangeError("no"));
  broken.catch(() => {});
  worker!.onYield(broken);
  job.liftLimits();
  worker!.onYield("behind it");
  strictEqual(
    await job.fetch({ timeout: null, signal: undefined }, () => {
      throw new Error("late");
    }),
    "a",
  );
  while (sent!.at(-1) !== "leave") await null;
  throws(() => job.fetchNow(), { message: "no" });
  worker!.onDone(1, 0, 8);
  ok(job.isExhausted);
  await end(engine, factory);
});

test("Workers: one is started for each task that none is free for, up to the most", async () => {
  const factory = new FakeFactory({ min: 0, max: 2, idle: 10 });
  const engine = new Engine(factory);
  strictEqual(factory.starts, 0);
  const jobs = [1, 2, 3].map(() => submit(engine, null));
  await null;
  strictEqual(factory.starts, 2);
  factory.events[0]!.onReady();
  await null;
  deepStrictEqual(factory.sent, [[jobs[0]!.task], []]);
  factory.events[1]!.onReady();
  factory.events[0]!.onDone(10, 1, 1);
  deepStrictEqual(factory.sent, [[jobs[0]!.task, jobs[2]!.task], [jobs[1]!.task]]);
  factory.events[0]!.onDone(10, 1, 1);
  submit(engine, null);
  await null;
  deepStrictEqual([factory.starts, factory.sent[0]!.length], [2, 3]);
  await end(engine, factory);
});

test("Workers: those beyond the least end when they have idled, the oldest first", async () => {
  const { timers, restore } = holdTimers();
  try {
    const factory = new FakeFactory({ min: 1, max: 3, idle: 60 });
    const engine = new Engine(factory);
    const jobs = [1, 2, 3].map(() => submit(engine, null));
    await null;
    for (const worker of factory.events) worker.onReady();
    strictEqual(timers.length, 0);
    for (const worker of [2, 0, 1]) factory.events[worker]!.onDone(10, 1, 1);
    await Promise.all(jobs.map(({ outcome }) => outcome.result()));
    strictEqual(timers.length, 1);
    timers[0]!.ring();
    deepStrictEqual([factory.finished, timers.length], [[2], 2]);
    timers.find(({ milliseconds }) => milliseconds > 5000)!.ring();
    // Only the least number stays: nothing is watched but the ends.
    deepStrictEqual(factory.finished, [2, 0]);
    timers.find(({ milliseconds }) => milliseconds > 5000)!.ring();
    deepStrictEqual(timers.map(({ milliseconds }) => milliseconds), [5000, 5000]);
    factory.events[2]!.onEnd();
    // The other one hangs.
    timers[0]!.ring();
    deepStrictEqual([factory.kills, timers.length], [1, 0]);
    factory.events[0]!.onEnd();
    strictEqual(factory.starts, 3);
    await end(engine, factory);
  } finally {
    restore();
  }
});

test("Workers: what a worker held that makes room is done by another, at once", async () => {
  const { timers, restore } = holdTimers();
  try {
    const factory = new FakeFactory(2, true), engine = new Engine(factory);
    const [one, other] = factory.events;
    one!.onReady();
    const first = submit(engine, null);
    one!.onDone(10, 1, 1);
    const second = submit(engine, null);
    one!.onFull();
    other!.onReady();
    deepStrictEqual(factory.sent[1], [second.task, "claim"]);
    submit(engine, null);
    await null;
    strictEqual(factory.sent[0]!.length, 3); // it gets nothing more: the claim, two tasks
    // It hangs.
    timers.find(({ milliseconds }) => milliseconds === 5000)!.ring();
    strictEqual(factory.kills, 1);
    one!.onEnd();
    strictEqual(factory.starts, 3);
    strictEqual(await first.outcome.result(), 1);
    await end(engine, factory);
  } finally {
    restore();
  }
});

test("Workers: one that makes room before it has done anything is one that fails", async () => {
  const factory = new FakeFactory(1, true), engine = new Engine(factory);
  const job = submit(engine, null);
  for (let i = 0; i < 3; i++) {
    factory.events[i]!.onFull();
    factory.events[i]!.onEnd();
  }
  await rejects(job.outcome.result(), { name: "WorkerLostError" });
  strictEqual(factory.starts, 3);
});

test("Workers: one that cannot be started beside others is tried with the next task", async () => {
  const factory = new FakeFactory({ min: 1, max: 2, idle: 60 });
  const engine = new Engine(factory);
  factory.events[0]!.onReady();
  factory.isFull = true;
  for (let i = 0; i < 20; i++) {
    submit(engine, null);
    await null;
  }
  strictEqual(engine.state, "RUN");
  factory.isFull = false;
  submit(engine, null);
  await null;
  strictEqual(factory.events.length, 2);
  await end(engine, factory);
});
