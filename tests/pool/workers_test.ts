/** Tests of src/pool/workers.ts, whose workers are played by the test. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Engine } from "../../src/pool/engine.ts";
import { ApplyJob } from "../../src/pool/result_jobs.ts";
import type { JobSettings } from "../../src/pool/job.ts";
import { Mode } from "../../src/pool/protocol.ts";
import type {
  WorkerEvents,
  WorkerFactory,
  WorkerLink,
} from "../../src/pool/worker_link.ts";
import { runtime } from "../../src/runtime/mod.ts";
import "../../src/link/root.ts"; // keeps the process alive meanwhile
import { holdTimers } from "../helpers/timers.ts";
import { test } from "../suite.ts";

/** A factory of one; what its workers tell and are told. */
class FakeFactory implements WorkerFactory {
  readonly count = 1;
  readonly maxtasks = Infinity;
  readonly isRemote: boolean;
  readonly acceptsEarlyTasks = false;
  readonly events: WorkerEvents[] = [];
  kills = 0;
  offers = 0;
  starts = 0;
  /** Whether the next start fails. */
  isFull = false;

  constructor(isRemote = false) {
    this.isRemote = isRemote;
  }

  start(events: WorkerEvents): WorkerLink {
    this.starts++;
    if (this.isFull) throw new Error("no more processes");
    this.events.push(events);
    const process = { name: "Worker", pid: null, exitcode: 0, join: () => {} };
    return {
      ...{ process: process as never, stderrTail: "", isKillable: true },
      ...{ send() {}, finish() {} },
      offerClaims: () => void this.offers++,
      kill: () => void this.kills++,
    };
  }
}

function submit(engine: Engine, timeout: number | null) {
  const func = { name: "f", pace: { micros: Infinity, samples: 0 }, ready: undefined };
  const settings = {
    func,
    isCopying: false,
    mode: Mode.Apply,
    timeout,
    progress: null,
    ...{ id: engine.newJob(), owner: engine, callback: null, error_callback: null },
  };
  const job = new ApplyJob<number>(settings as unknown as JobSettings, []);
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

test("Workers: the first result does not wait until claims are offered, once", async () => {
  const factory = new FakeFactory(true), engine = new Engine(factory);
  const [worker] = factory.events;
  worker!.onReady();
  for (let i = 1; i <= 3; i++) {
    const job = submit(engine, null);
    worker!.onDone(10, i, 1);
    strictEqual(await job.outcome.result(), i);
    if (i === 1) strictEqual(factory.offers, 0);
    await new Promise((resolve) => runtime.nextTurn(() => resolve(null)));
    strictEqual(factory.offers, 1);
  }
  void engine.terminate();
  worker!.onEnd();
});
