/** Snapshots for tests: a few words each, the rest is what is usual. */
import { findRings } from "../../src/inspect/finder.ts";
import type {
  Deadlock,
  HoldSnapshot,
  LockSnapshot,
  ObjectBase,
  PipeSnapshot,
  Place,
  PoolSnapshot,
  ProcessSnapshot,
  QueueSnapshot,
  SignalSnapshot,
  Snapshot,
  WaiterSnapshot,
  WaitSnapshot,
} from "../../src/inspect/snapshot.ts";

/** A line of the program: "work.ts:11:3 in transfer". */
export function place(text: string): Place {
  const [, file, line, column, func] = /^(.*?):(\d+):(\d+)(?: in (.*))?$/.exec(text)!;
  return {
    file: `file:///app/${file}`,
    line: Number(line),
    column: Number(column),
    func: func ?? null,
  };
}

/** A wait for ever, of 3 seconds, in a method of an object. */
export function wait(
  op: string,
  object: number | null,
  fields: Partial<WaitSnapshot> = {},
): WaitSnapshot {
  return {
    ...{ op, object, process: null, pool: null, age: 3, left: null, isOpen: false },
    place: null,
    ...fields,
  };
}

/** A wait for the end of a process. */
export function join(
  process: number,
  fields: Partial<WaitSnapshot> = {},
): WaitSnapshot {
  return wait("join", null, { process, ...fields });
}

/** A lock that is held, acquired bare unless it is said otherwise. */
export function hold(object: number, fields: Partial<HoldSnapshot> = {}): HoldSnapshot {
  return { object, age: 4, place: null, isScoped: false, ...fields };
}

/** Process 0 is the main one; the others are its children, and wait if they have waits. */
export function process(
  number: number,
  waits: WaitSnapshot[],
  fields: Partial<ProcessSnapshot> = {},
): ProcessSnapshot {
  return {
    number,
    pid: 100 + number,
    parent: number === 0 ? null : 0,
    name: number === 0 ? "MainProcess" : `Process-${number}`,
    role: number === 0 ? "main" : "process",
    daemon: false,
    host: null,
    runtime: "node 24.21.0",
    state: waits.length > 0 ? "waiting" : "running",
    age: 10,
    cpu: 0,
    memory: 50e6,
    silence: 0.1,
    isAlive: waits.length === 0,
    waits,
    holds: [],
    orders: [],
    tasks: [],
    ...fields,
  };
}

/** A pool's worker that has no task, unless it has waits. */
export function worker(
  number: number,
  waits: WaitSnapshot[] = [],
  fields: Partial<ProcessSnapshot> = {},
): ProcessSnapshot {
  const tasks = waits.length === 0 ? [] : [{ func: "task", args: null, age: 3 }];
  return process(number, waits, {
    name: `SpawnPoolWorker-${number}`,
    ...{ role: "worker", daemon: true, isAlive: false, tasks },
    ...fields,
  });
}

function base(id: number, type: string, name: string, holders: number[]): ObjectBase {
  return { id, type, name, place: null, holders, inTransit: 0, home: 0 };
}

/** Those who wait, for 3 seconds. */
export function waiters(...processes: number[]): WaiterSnapshot[] {
  return processes.map((process) => ({ process, age: 3 }));
}

/** A queue that nothing is in. */
export function queue(
  id: number,
  name: string,
  holders: number[],
  fields: Partial<QueueSnapshot> = {},
): QueueSnapshot {
  return {
    ...base(id, "Queue", name, holders),
    kind: "queue",
    ...{ depth: 0, maxsize: 0, puts: 0, gets: 0, oldest: null, unfinished: null },
    ...{ isShutDown: false, getters: [], putters: [], joiners: [] },
    ...fields,
  };
}

/** A lock that is held by these. */
export function lock(
  id: number,
  name: string,
  holders: number[],
  takers: number[],
  fields: Partial<LockSnapshot> = {},
): LockSnapshot {
  return {
    ...base(id, "Lock", name, holders),
    kind: "lock",
    value: takers.length > 0 ? 0 : 1,
    takers: takers.map((process) => ({ process, age: 4 })),
    ...{ isOwned: true, waiters: [], grants: 1 },
    ...fields,
  };
}

/** A condition, an event or a barrier. */
export function signal(
  id: number,
  kind: SignalSnapshot["kind"],
  name: string,
  holders: number[],
  fields: Partial<SignalSnapshot> = {},
): SignalSnapshot {
  const type = { condition: "Condition", event: "Event", barrier: "Barrier" }[kind];
  return {
    ...base(id, type, name, holders),
    ...{ kind, isSet: false, parties: null, lock: null, waiters: [] },
    ...fields,
  };
}

/** Both ends of a pipe, with numbers that follow each other. */
export function pipe(
  id: number,
  here: number[],
  there: number[],
  fields: [Partial<PipeSnapshot>, Partial<PipeSnapshot>] = [{}, {}],
): PipeSnapshot[] {
  return [here, there].map((holders, i) => ({
    ...base(id + i, "Connection", i === 0 ? "here" : "there", holders),
    kind: "pipe",
    other: id + 1 - i,
    ...{ depth: 0, bytes: 0, sends: 0, receives: 0, readers: [], writers: [] },
    ...fields[i],
  }));
}

/** A pool of the main process. */
export function pool(
  id: number,
  workers: ProcessSnapshot[],
  fields: Partial<PoolSnapshot> = {},
): PoolSnapshot {
  const histogram = { count: 0, buckets: [], p50: null, p99: null };
  return {
    ...{ id, process: 0, name: "pool", place: null, queued: 0, done: 0, failed: 0 },
    workers: workers.map(({ number, name, tasks }) => ({
      ...{ process: number, name, isBusy: tasks.length > 0, share: 0, done: 0 },
    })),
    ...{ run: histogram, wait: histogram, spans: [] },
    ...fields,
  };
}

/** A snapshot of these. */
export function snapshot(fields: Partial<Snapshot>): Snapshot {
  return {
    version: 1,
    at: 1e12,
    program: "app.ts",
    ...{
      processes: [],
      objects: [],
      pools: [],
      output: [],
      deadlocks: [],
      inversions: [],
    },
    ...fields,
  };
}

/** The deadlocks of one snapshot, whose waits have lasted so many seconds. */
export function findDeadlocks(snapshot: Snapshot, old?: number): Deadlock[] {
  return findRings(snapshot, old).map(({ deadlock }) => deadlock);
}
