/** Tests of src/pool/engine.ts, whose workers are played by the test. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Crew, Engine } from "../../src/pool/engine.ts";
import { ApplyJob } from "../../src/pool/apply_job.ts";
import type { JobSettings } from "../../src/pool/job.ts";
import { Mode } from "../../src/pool/protocol.ts";
import type { WorkerEvents, WorkerLink } from "../../src/pool/worker_link.ts";
import { holdTimers } from "../helpers/timers.ts";
import { test } from "../suite.ts";

/** A crew of one; what its workers tell and are told. */
class FakeCrew implements Crew {
  readonly count = 1;
  readonly maxtasks = Infinity;
  readonly isRemote = false;
  readonly isPlain = false;
  readonly events: WorkerEvents[] = [];
  kills = 0;
  starts = 0;
  /** Whether the next start fails. */
  isFull = false;

  start(events: WorkerEvents): WorkerLink {
    this.starts++;
    if (this.isFull) throw new Error("no more processes");
    this.events.push(events);
    const process = { name: "Worker", pid: null, exitcode: 0, join: () => {} };
    return {
      ...{ process: process as never, lastWords: "", isKillable: true },
      ...{ claims: undefined, give() {}, offerClaims() {}, finish() {}, forget() {} },
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
  };
  const job = new ApplyJob<number>(
    ...[engine.newJob(), settings as unknown as JobSettings, engine] as const,
    { callback: null, error_callback: null },
    [],
  );
  engine.submit(job, job.task);
  return job;
}

test("Engine: a worker's time is watched no longer than its task takes", async () => {
  const { timers, restore } = holdTimers();
  try {
    const crew = new FakeCrew(), engine = new Engine(crew);
    crew.events[0]!.onReady();
    submit(engine, 5);
    await null;
    deepStrictEqual(timers.map(({ milliseconds }) => milliseconds), [5000]);
    crew.events[0]!.onDone(10, 7, 1);
    deepStrictEqual([timers.length, crew.kills], [0, 0]);
    void engine.terminate();
  } finally {
    restore();
  }
});

test("Engine: if there is no worker and none can be started, it tries again later", () => {
  const { timers, restore } = holdTimers();
  try {
    const crew = new FakeCrew(), engine = new Engine(crew);
    crew.events[0]!.onReady();
    crew.isFull = true;
    crew.events[0]!.onEnd();
    deepStrictEqual([crew.starts, timers.length], [2, 1]);
    crew.isFull = false;
    timers[0]!.ring();
    deepStrictEqual([crew.starts, timers.length], [3, 0]);
    strictEqual(engine.state, "RUN");
    void engine.terminate();
  } finally {
    restore();
  }
});
