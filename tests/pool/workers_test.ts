/** Tests of src/pool/workers.ts, whose workers are played by the test. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Engine } from "../../src/pool/engine.ts";
import { ApplyJob } from "../../src/pool/result_jobs.ts";
import { ClaimLog } from "../../src/hub/claims.ts";
import type { JobSettings, Task } from "../../src/pool/job.ts";
import { Mode } from "../../src/pool/protocol.ts";
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
  readonly count: number;
  readonly maxtasks = Infinity;
  readonly isRemote: boolean;
  readonly acceptsEarlyTasks = false;
  readonly events: WorkerEvents[] = [];
  /** What each worker was sent: tasks, and that it shall claim. */
  readonly sent: (Task | "claim")[][] = [];
  kills = 0;
  starts = 0;
  /** Whether the next start fails. */
  isFull = false;

  constructor(count = 1, isRemote = false) {
    this.count = count;
    this.isRemote = isRemote;
  }

  start(events: WorkerEvents): WorkerLink {
    this.starts++;
    if (this.isFull) throw new Error("no more processes");
    this.events.push(events);
    const sent: (Task | "claim")[] = [];
    this.sent.push(sent);
    const process = { name: "Worker", pid: null, exitcode: 0, join: () => {} };
    return {
      ...{ process: process as never, stderrTail: "", isKillable: true },
      send: (tasks) => void sent.push(...tasks),
      offerClaims() {
        sent.push("claim");
        return new ClaimLog(memoryFiles()[0], "sender");
      },
      finish() {},
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
