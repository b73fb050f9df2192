/**
 * Snapshots of a program that does not exist: a camera, a detector with a pool, a store, and
 * two processes that wait for each other. Its time is the tests' own.
 */
import type {
  HistogramSnapshot,
  LockSnapshot,
  ObjectSnapshot,
  OutputLine,
  Place,
  ProcessSnapshot,
  QueueSnapshot,
  Snapshot,
  SpanSnapshot,
  WaitSnapshot,
} from "../../src/inspect/snapshot.ts";
import { lock, process, queue, snapshot, wait } from "../helpers/snapshots.ts";

/** Milliseconds since 1970 when the program began. */
export const BEGIN = 1_750_000_000_000;

export function place(line: number, func: string | null = null): Place {
  return { file: "file:///home/me/program/work.ts", line, column: 3, func };
}

export function makeProcess(
  number: number,
  name: string,
  more: Partial<ProcessSnapshot> = {},
): ProcessSnapshot {
  return process(number, [], {
    ...{ pid: 900 + number, parent: number === 1 ? null : 1, name, age: 30, cpu: 0.1 },
    ...{ role: number === 1 ? "main" : "process", memory: 95e6, isAlive: false },
    ...more,
  });
}

function makeWait(op: string, more: Partial<WaitSnapshot> = {}): WaitSnapshot {
  return wait(op, null, { age: 0.4, ...more });
}

export function makeQueue(
  id: number,
  more: Partial<QueueSnapshot> = {},
): QueueSnapshot {
  return queue(id, "", [], { name: null, home: 1, ...more });
}

export function makeLock(id: number, more: Partial<LockSnapshot> = {}): LockSnapshot {
  return lock(id, "", [], [], { name: null, home: 1, grants: 0, ...more });
}

export const TIMES: HistogramSnapshot = {
  count: 9,
  buckets: [],
  p50: 0.06,
  p99: 0.305,
};

/** A snapshot with nothing in it but what is given. */
export function makeSnapshot(at: number, more: Partial<Snapshot> = {}): Snapshot {
  const processes = [makeProcess(1, "MainProcess", { age: (at - BEGIN) / 1000 })];
  return snapshot({ at, program: "demo.ts", processes, ...more });
}

const DEADLOCK = {
  isCertain: true,
  processes: [6, 7],
  age: 22.7,
  title: "Deadlock: 2 processes wait for locks that they hold themselves, for 22.7 s",
  lines: [
    "transfer-1 (pid 906) waits for Lock “accountB” for 22.7 s, at work.ts:11:3 in transfer",
    "   held by transfer-2 (pid 907) for 23.3 s, acquired at work.ts:9:3 in transfer",
    "transfer-2 (pid 907) waits for Lock “accountA” for 22.9 s, at work.ts:11:3 in transfer",
    "   held by transfer-1 (pid 906) for 23.1 s, acquired at work.ts:9:3 in transfer",
  ],
};

const WORKERS = [8, 9, 10, 11];

/** The whole program, `seconds` after its begin; lines and tasks of the last `step` seconds. */
export function demo(seconds: number, step = 0.5): Snapshot {
  const at = BEGIN + 1000 * seconds;
  const wave = 32 + 40 * Math.sin(seconds / 2.5);
  const depth = Math.max(0, Math.min(64, Math.round(wave)));
  const stuck = (mine: number, other: number, name: number) => ({
    state: "stuck" as const,
    cpu: 0,
    waits: [
      makeWait("acquire", { object: other, age: 22.7, place: place(11, "transfer") }),
    ],
    holds: [{ object: mine, age: 23.1, place: place(9, "transfer"), isScoped: true }],
    parent: 1,
    pid: 900 + name,
  });
  const objects: ObjectSnapshot[] = [
    makeQueue(1, {
      name: "frames",
      place: place(7),
      depth,
      maxsize: 64,
      puts: Math.round(80 * seconds),
      gets: Math.round(80 * seconds) - depth,
      oldest: depth / 80,
      putters: depth === 64 ? [{ process: 2, age: 0.1 }] : [],
    }),
    makeQueue(2, {
      type: "JoinableQueue",
      name: "boxes",
      place: place(8),
      depth: Math.round(3 + 3 * Math.sin(seconds * 7)),
      puts: Math.round(85 * seconds),
      gets: Math.round(85 * seconds),
      unfinished: 4,
      getters: [{ process: 4, age: 0.462 }],
    }),
    makeLock(3, {
      name: "log",
      place: place(9),
      value: 0,
      takers: [{ process: 5, age: 0.328 }],
      waiters: [{ process: 4, age: 0.1 }],
      grants: Math.round(8 * seconds),
    }),
    makeLock(4, {
      name: "accountA",
      place: place(10),
      value: 0,
      takers: [{ process: 6, age: 23.1 }],
      waiters: [{ process: 7, age: 22.9 }],
    }),
    makeLock(5, {
      name: "accountB",
      place: place(10),
      value: 0,
      takers: [{ process: 7, age: 23.3 }],
      waiters: [{ process: 6, age: 22.7 }],
    }),
    makeLock(6, {
      type: "Semaphore",
      isOwned: false,
      value: 1,
      takers: [{ process: 2, age: null }, { process: 2, age: null }],
      grants: 3,
    }),
    {
      ...{ kind: "event", id: 7, type: "Event", name: "ready", place: place(12) },
      ...{
        holders: [],
        inTransit: 0,
        home: 1,
        isSet: false,
        parties: null,
        lock: null,
        waiters: [],
      },
    },
    {
      ...{ kind: "pipe", id: 8, type: "Connection", name: "a", place: place(13) },
      ...{
        holders: [],
        inTransit: 0,
        home: 1,
        other: 9,
        depth: 2,
        bytes: 4100,
        readers: [],
      },
      ...{ sends: Math.round(5 * seconds), receives: 0 },
      writers: [{ process: 2, age: 0.2 }],
    },
  ];
  const spans = WORKERS.flatMap((worker) => spansOf(worker, seconds - step, seconds));
  return makeSnapshot(at, {
    processes: [
      makeProcess(1, "MainProcess", {
        state: "waiting",
        cpu: 0.02,
        memory: 132e6,
        age: seconds,
        waits: [makeWait("get", { pool: 1, age: 0.181, place: place(30, "main") })],
      }),
      makeProcess(2, "camera", { state: "sleeping", cpu: 0 }),
      makeProcess(3, "detector", { cpu: 0.65 }),
      makeProcess(4, "store", {
        state: "waiting",
        cpu: 0,
        waits: [
          makeWait("get", { object: 2, age: 0.462, left: 1.5, place: place(21) }),
        ],
      }),
      makeProcess(5, "logger", {
        state: "silent",
        silence: 3.2,
        holds: [{ object: 3, age: 0.328, place: place(6, "logger"), isScoped: true }],
      }),
      makeProcess(6, "transfer-1", stuck(4, 5, 6)),
      makeProcess(7, "transfer-2", stuck(5, 4, 7)),
      ...WORKERS.map((number) =>
        makeProcess(number, `SpawnPoolWorker-${number}`, {
          role: "worker",
          parent: 3,
          daemon: true,
          cpu: 0.08,
          tasks: [{ func: "resize", args: String(390 + number), age: 0.047 }],
        })
      ),
    ],
    objects,
    pools: [{
      id: 1,
      process: 3,
      name: null,
      place: place(15),
      workers: WORKERS.map((number) => ({
        process: number,
        name: `SpawnPoolWorker-${number}`,
        isBusy: true,
        share: 0.6,
        done: 200,
      })),
      queued: 24,
      done: Math.round(31 * seconds),
      failed: 1,
      run: TIMES,
      wait: { ...TIMES, p50: 0.0004 },
      spans,
    }],
    output: linesOf(at, step),
    deadlocks: [DEADLOCK],
    inversions: [{
      objects: [3, 4],
      title: "Locks taken in both orders: Lock “log” and Lock “accountA”",
      lines: [
        "log, then accountA: at work.ts:41:5 in audit",
        "accountA, then log: at work.ts:12:5 in transfer",
      ],
    }],
  });
}

/** Tasks of a worker that end in this time: nine of ten seconds of two functions. */
function spansOf(worker: number, from: number, to: number): SpanSnapshot[] {
  const found: SpanSnapshot[] = [];
  const first = Math.floor(from / 0.9) * 0.9;
  for (let begin = first - 0.9; begin < to; begin += 0.09) {
    const part = Math.round((begin / 0.9 + 100) * 10) % 10;
    if (part > 7) continue;
    const isLong = part < 5;
    const seconds = isLong ? 0.085 : 0.03;
    const end = begin + seconds;
    if (end <= from || end > to || end < 0) continue;
    found.push({
      worker: `SpawnPoolWorker-${worker}`,
      func: isLong ? "resize" : "count_edges",
      begin: BEGIN + 1000 * (begin + worker * 0.004),
      seconds,
      count: isLong ? 1 : 3,
      hasFailed: worker === 9 && part === 6 && Math.floor(begin / 0.9) % 9 === 0,
    });
  }
  return found;
}

function linesOf(at: number, step: number): OutputLine[] {
  const number = Math.round((at - BEGIN) / 500);
  if (step > 0.5 || number % 3 !== 0) return [];
  const isError = number % 9 === 0;
  return [{
    at,
    process: isError ? 5 : 4,
    stream: isError ? "stderr" : "stdout",
    text: isError ? "left: slow disk" : `stored ${number * 10} boxes`,
  }];
}
