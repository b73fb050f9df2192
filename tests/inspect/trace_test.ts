import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type {
  ProcessSnapshot,
  QueueSnapshot,
  Snapshot,
  SpanSnapshot,
  WaitSnapshot,
} from "../../src/inspect/snapshot.ts";
import { type Trace, type TraceEvent, TraceRecorder } from "../../src/inspect/trace.ts";
import { test } from "../suite.ts";
import { faultsOf } from "./trace_checker.ts";
import { readByChrome } from "./trace_reader.ts";

/** The instant of the first snapshot. */
const START = 1_700_000_000_000;

function processOf(
  number: number,
  more: Partial<ProcessSnapshot> = {},
): ProcessSnapshot {
  return {
    number,
    pid: 1000 + number,
    parent: number === 0 ? null : 0,
    name: number === 0 ? "MainProcess" : `Process-${number}`,
    role: number === 0 ? "main" : "process",
    daemon: false,
    host: null,
    runtime: "node 24.0.0",
    state: "running",
    age: 1,
    cpu: null,
    memory: null,
    silence: 0,
    isAlive: null,
    waits: [],
    holds: [],
    orders: [],
    tasks: [],
    ...more,
  };
}

function snapshotOf(seconds: number, more: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    at: START + seconds * 1000,
    program: "main.ts",
    processes: [processOf(0)],
    objects: [],
    pools: [],
    output: [],
    deadlocks: [],
    inversions: [],
    ...more,
  };
}

function queueOf(depth: number): QueueSnapshot {
  return {
    ...{ kind: "queue", id: 7, type: "Queue", name: "frames", place: null },
    ...{ holders: [0], inTransit: 0, home: 0, depth, maxsize: 0, puts: depth, gets: 0 },
    ...{ oldest: null, unfinished: null, isShutDown: false },
    ...{ getters: [], putters: [], joiners: [] },
  };
}

function waitOf(age: number, more: Partial<WaitSnapshot> = {}): WaitSnapshot {
  const place = { file: "work.ts", line: 3, column: 7, func: "consumer" };
  return {
    ...{ op: "get", object: 7, process: null, pool: null, left: null, isOpen: false },
    ...{ age, place, ...more },
  };
}

const NO_TIMES = { count: 0, buckets: [], p50: null, p99: null };

function poolOf(
  spans: SpanSnapshot[],
  workers: [string, number | null][],
): Snapshot["pools"][number] {
  return {
    ...{ id: 1, process: 0, name: "pool", place: null, queued: 0, done: 0, failed: 0 },
    ...{ run: NO_TIMES, wait: NO_TIMES, spans },
    workers: workers.map(([name, process]) => ({
      ...{ name, process, isBusy: false, share: 0, done: 0 },
    })),
  };
}

function spanOf(worker: string, begin: number, seconds: number): SpanSnapshot {
  return {
    ...{ worker, func: "square", begin: START + begin * 1000, seconds },
    ...{ count: 1, hasFailed: false },
  };
}

function traceOf(...snapshots: Snapshot[]): Trace {
  const recorder = new TraceRecorder();
  for (const snapshot of snapshots) recorder.add(snapshot);
  const trace = recorder.toJSON();
  deepStrictEqual(faultsOf(trace), []);
  return trace;
}

function eventsOf({ traceEvents }: Trace, ...kinds: string[]): TraceEvent[] {
  return traceEvents.filter(({ ph }) => kinds.includes(ph));
}

test("nothing seen is an empty trace", () => {
  const { traceEvents, otherData } = new TraceRecorder().toJSON();
  deepStrictEqual(traceEvents, []);
  strictEqual(otherData.dropped, 0);
});

test("a process has a name, its place among the others, a start and an exit", () => {
  const trace = traceOf(
    snapshotOf(1, { processes: [processOf(0), processOf(1, { age: 0.25 })] }),
    snapshotOf(2),
  );
  const named = eventsOf(trace, "M").filter(({ pid }) => pid === 1001);
  deepStrictEqual(named.map(({ name, args }) => [name, args]), [
    ["process_name", { name: "Process-1" }],
    ["process_sort_index", { sort_index: 1 }],
    ["thread_name", { name: "tasks" }],
  ]);
  const instants = eventsOf(trace, "i");
  deepStrictEqual(instants.map(({ name, pid, ts }) => [name, pid, ts]), [
    ["start", 1000, 0],
    ["start", 1001, 750_000],
    ["exit", 1001, 2_000_000],
  ]);
  strictEqual(trace.otherData.began, new Date(START).toISOString());
});

test("a number of the system's that is used again is another process", () => {
  const trace = traceOf(
    snapshotOf(1, { processes: [processOf(0), processOf(1)] }),
    snapshotOf(2, { processes: [processOf(0), processOf(2, { pid: 1001 })] }),
    snapshotOf(3, {
      processes: [processOf(0), processOf(3, { pid: 1001, host: "far" })],
    }),
  );
  const names = eventsOf(trace, "M").filter(({ name }) => name === "process_name");
  deepStrictEqual(
    names.map(({ args }) => args!.name),
    ["MainProcess", "Process-1", "Process-2", "Process-3 on far"],
  );
  strictEqual(new Set(names.map(({ pid }) => pid)).size, 4);
});

test("a wait that lasts over several snapshots is one span", () => {
  const at = (seconds: number, waits: WaitSnapshot[]) =>
    snapshotOf(seconds, {
      processes: [processOf(0), processOf(1, { waits })],
      objects: [queueOf(0)],
    });
  const trace = traceOf(
    at(1, [waitOf(0.3)]),
    at(2, [waitOf(1.301)]), // reports differ by a little
    at(3, [waitOf(0.1)]), // another wait
    at(4, []),
  );
  const spans = eventsOf(trace, "b", "e").map(({ ph, name, ts, id }) => [
    ...[ph, name, ts, id],
  ]);
  deepStrictEqual(spans, [
    ["b", "get frames", 700_000, "0x1"],
    ["e", "get frames", 2_000_000, "0x1"],
    ["b", "get frames", 2_900_000, "0x2"],
    ["e", "get frames", 3_000_000, "0x2"],
  ]);
  const [begin, end] = eventsOf(trace, "b", "e");
  deepStrictEqual(begin!.args, { at: "consumer work.ts:3:7" });
  strictEqual(end!.args, undefined);
});

test("waits of one process overlap, also two of one kind", () => {
  const waits = [waitOf(0.5), waitOf(0.2), waitOf(0.4, { op: "put" })];
  const processes = [processOf(0, { waits })];
  const trace = traceOf(
    snapshotOf(1, { processes, objects: [queueOf(0)] }),
    snapshotOf(2, {
      processes: [processOf(0, { waits: [waitOf(1.2), waitOf(1.5)] })],
      objects: [queueOf(0)],
    }),
  );
  const begins = eventsOf(trace, "b").map(({ name, ts }) => [name, ts]);
  deepStrictEqual(begins, [
    ["get frames", 500_000],
    ["put frames", 600_000],
    ["get frames", 800_000],
  ]);
  const ends = eventsOf(trace, "e").map(({ name, ts }) => [name, ts]);
  deepStrictEqual(ends, [
    ["put frames", 1_000_000],
    ["get frames", 2_000_000],
    ["get frames", 2_000_000],
  ]);
});

test("what is waited for has its name: a process, a pool, nothing", () => {
  const waits = [
    waitOf(0.1, { op: "join", object: null, process: 1, place: null }),
    waitOf(0.2, { op: "map", object: null, pool: 1 }),
    waitOf(0.3, { op: "accept", object: null, isOpen: true }),
    waitOf(0.4, { op: "get", object: 99 }),
  ];
  const trace = traceOf(snapshotOf(1, {
    processes: [processOf(0, { waits }), processOf(1)],
    pools: [poolOf([], [])],
  }));
  const names = eventsOf(trace, "b").map(({ name }) => name);
  deepStrictEqual(names, ["get #99", "accept", "map pool", "join Process-1"]);
});

test("a hold without an age begins when it is seen", () => {
  const at = (seconds: number, age: number | null) =>
    snapshotOf(seconds, {
      processes: [
        processOf(0, { holds: [{ object: 5, age, place: null, isScoped: null }] }),
      ],
    });
  const trace = traceOf(at(1, null), at(2, null), at(3, null));
  const [begin, end] = eventsOf(trace, "b", "e");
  deepStrictEqual([begin!.name, begin!.cat, begin!.ts, end!.ts], [
    ...["holds #5", "hold", 1_000_000, 3_000_000],
  ]);
});

test("tasks are bars in their workers' lanes", () => {
  const worker = processOf(1, { name: "SpawnPoolWorker-1", role: "worker" });
  const trace = traceOf(
    snapshotOf(1, {
      processes: [processOf(0), worker],
      pools: [
        poolOf(
          [spanOf("SpawnPoolWorker-1", 0.5, 0.25), spanOf("Thread-1", 0.5, 0.1)],
          [["SpawnPoolWorker-1", 1], ["Thread-1", null]],
        ),
      ],
    }),
    // It is gone when its last task is told of.
    snapshotOf(2, { pools: [poolOf([spanOf("SpawnPoolWorker-1", 1.1, 0.2)], [])] }),
  );
  const bars = eventsOf(trace, "X").map(({ pid, tid, ts, dur }) => [pid, tid, ts, dur]);
  deepStrictEqual(bars, [
    [1001, 1, 500_000, 250_000],
    [1000, 2, 500_000, 100_000],
    [1001, 1, 1_100_000, 200_000],
  ]);
  const threads = eventsOf(trace, "M").filter(({ name }) => name === "thread_name");
  deepStrictEqual(threads.map(({ pid, tid, args }) => [pid, tid, args!.name]), [
    ...[[1000, 1, "tasks"], [1000, 2, "Thread-1"], [1001, 1, "tasks"]],
  ]);
});

test("tasks whose times overlap by a little are put one behind the other", () => {
  const trace = traceOf(snapshotOf(1, {
    processes: [processOf(0), processOf(1, { name: "w" })],
    pools: [poolOf([
      spanOf("w", 0.5, 0.1000004),
      spanOf("w", 0.5999, 0.1),
      spanOf("w", 0.55, 0.01), // wholly within the others
    ], [["w", 1]])],
  }));
  const bars = eventsOf(trace, "X");
  strictEqual(bars.length, 3);
  strictEqual(bars[1]!.ts, bars[0]!.ts + bars[0]!.dur!);
  strictEqual(bars[2]!.dur, 0);
});

test("a task that runs at the end is drawn as far as it was seen", () => {
  const tasks = [{ func: "slow", args: "(1)", age: 0.75 }];
  const processes = [processOf(0), processOf(1, { name: "w", tasks })];
  const pools = [poolOf([spanOf("w", 0.1, 0.2)], [["w", 1]])];
  const [done, running] = eventsOf(
    traceOf(snapshotOf(1, { processes, pools })),
    "X",
  );
  strictEqual(done!.name, "square");
  const { name, ts, dur, args } = running!;
  deepStrictEqual([name, ts, dur], ["slow", 300_000, 700_000]);
  deepStrictEqual(args, { unfinished: true, args: "(1)" });
});

test("curves have a point where they change", () => {
  const at = (seconds: number, depth: number, cpu: number) =>
    snapshotOf(seconds, {
      processes: [processOf(0, { cpu, memory: 2 ** 20 })],
      objects: [queueOf(depth)],
      pools: [poolOf([], [])],
    });
  const trace = traceOf(at(1, 0, 0.5), at(2, 0, 0.5), at(3, 4, 0.5), at(4, 4, 0.25));
  const points = eventsOf(trace, "C").map(({ name, ts, args }) => [
    ...[name, ts / 1e6, ...Object.values(args!)],
  ]);
  deepStrictEqual(points, [
    ["cores used", 1, 0.5],
    ["memory", 1, 1],
    ["Queue frames: items", 1, 0],
    ["pool: queued", 1, 0],
    ["Queue frames: items", 3, 4],
    ["cores used", 4, 0.25],
  ]);
});

test("a deadlock is an instant, once", () => {
  const deadlocks = [{
    ...{
      isCertain: true,
      processes: [0, 1],
      age: 2,
      title: "Nobody can go on",
      lines: [],
    },
  }];
  const trace = traceOf(
    snapshotOf(1, { deadlocks }),
    snapshotOf(2, { deadlocks }),
  );
  const found = eventsOf(trace, "i").filter(({ s }) => s === "g");
  deepStrictEqual(found.map(({ name }) => name), ["deadlock: Nobody can go on"]);
});

test("the oldest events go where there is no room, whole spans at once", () => {
  const recorder = new TraceRecorder(10);
  for (let i = 1; i <= 50; i++) {
    const waits = i % 2 === 0 ? [] : [waitOf(0.5)];
    recorder.add(snapshotOf(i, { processes: [processOf(0, { waits, cpu: i })] }));
  }
  const trace = recorder.toJSON();
  deepStrictEqual(faultsOf(trace), []);
  const { traceEvents, otherData } = trace;
  const kept = traceEvents.filter(({ ph }) => ph !== "M" && ph !== "e");
  strictEqual(kept.length, 10);
  strictEqual(otherData.dropped, 1 + 50 + 25 - 10);
  ok(kept[0]!.ts === 0, "the trace begins with what is left");
});

test("what goes on is in each trace, and in the last one once", () => {
  const recorder = new TraceRecorder();
  const processes = [processOf(0, { waits: [waitOf(0.5)] })];
  recorder.add(snapshotOf(1, { processes }));
  strictEqual(eventsOf(recorder.toJSON(), "b").length, 1);
  strictEqual(eventsOf(recorder.toJSON(), "b").length, 1);
  recorder.add(snapshotOf(2));
  strictEqual(eventsOf(recorder.toJSON(), "b").length, 1);
});

test("Chrome's own reader finds the tasks and the waits", async () => {
  const worker = processOf(1, { name: "w", role: "worker", waits: [waitOf(0.25)] });
  const trace = traceOf(snapshotOf(1, {
    processes: [processOf(0, { cpu: 1, memory: 2 ** 20 }), worker],
    objects: [queueOf(3)],
    pools: [poolOf([spanOf("w", 0.1, 0.2), spanOf("w", 0.4, 0.1)], [["w", 1]])],
  }));
  deepStrictEqual(await readByChrome(trace), {
    bars: [[1001, 1, "square", 200_000], [1001, 1, "square", 100_000]],
    spans: [["get frames", 250_000]],
  });
});

test("the checker sees faults", () => {
  const head = { pid: 1, tid: 1, name: "f" };
  const events: TraceEvent[] = [
    { ...head, ph: "X", ts: 10, dur: 10 },
    { ...head, ph: "X", ts: 15, dur: 10 },
    { ...head, ph: "b", ts: 5, id: "1", cat: "wait" },
    { ...head, ph: "e", ts: 5, id: "2", cat: "wait" },
    { ...head, ph: "C", ts: -1, pid: 0.5, args: { n: NaN } },
  ];
  const otherData = { program: "", began: "", dropped: 0 };
  const faults = faultsOf({ traceEvents: events, displayTimeUnit: "ms", otherData });
  for (
    const part of [
      "overlaps: f at 15",
      "not ended: wait 1",
      "ended and not begun: wait 2",
      "no time",
      "no number",
      "a curve without numbers",
      "out of order",
      "process 1 has no name",
    ]
  ) ok(faults.some((fault) => fault.includes(part)), `${part}: ${faults.join("\n")}`);
});
