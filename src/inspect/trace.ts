/**
 * Makes a trace of snapshots, in the format that Chrome, Perfetto and others read: tasks of
 * pools as bars, waits and holds as spans, depths and loads as curves. Pure.
 *
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU is that
 * format. Waits and holds are what the snapshots saw: one that was over between two of them
 * is not there, and an end is the last time that it was seen.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { type Interval, Lanes, Spans } from "./trace_spans.ts";
import type {
  ObjectSnapshot,
  PoolSnapshot,
  ProcessSnapshot,
  Snapshot,
} from "./snapshot.ts";

/** One event of a trace. Which fields there are depends on `ph`. */
export interface TraceEvent {
  /**
   * `M` a name, `X` a task, `b` and `e` the two ends of a wait or a hold, `C` values of a
   * curve, `i` an instant.
   */
  readonly ph: "M" | "X" | "b" | "e" | "C" | "i";
  /** What stands on it. */
  readonly name: string;
  /** Its kind, by which viewers choose events. */
  readonly cat?: string;
  /** The number of a process; where the system's was used twice, another one. */
  readonly pid: number;
  /** The number of a lane of the process. */
  readonly tid: number;
  /** Microseconds since the trace begins. */
  readonly ts: number;
  /** How long, in microseconds. */
  readonly dur?: number;
  /** What belongs together: `b` and `e`. */
  readonly id?: string;
  /** Where an instant is drawn: over its process, or over all. */
  readonly s?: "p" | "g";
  /** What else a viewer shows of it. */
  readonly args?: Readonly<Record<string, string | number | boolean>>;
}

/** A trace, as its file has it in JSON. */
export interface Trace {
  /** The events, by time. */
  readonly traceEvents: readonly TraceEvent[];
  /** The unit in which viewers show times. */
  readonly displayTimeUnit: "ms";
  /** What the trace is of. */
  readonly otherData: {
    /** The name of the main module's file. */
    readonly program: string;
    /** When the trace begins, as ISO 8601 has it. */
    readonly began: string;
    /** The number of older events that there was no room for. */
    readonly dropped: number;
  };
}

/**
 * An event before its place in time is known: milliseconds since 1970. A `b` stands for
 * both ends, so that none goes without the other.
 */
type Raw = Omit<TraceEvent, "ts" | "dur"> & { at: number; for?: number };

/** Events that are kept; one takes about 200 bytes. */
const CAPACITY = 200_000;

/** The processes of a trace whose names are kept after their end. */
const MAX_PROCESSES = 10_000;

/** Deadlocks that are told apart. */
const MAX_DEADLOCKS = 1000;

/** More than any system's number of a process: what is added where one is used again. */
const PID_STEP = 2 ** 22;

/** The lane of a process in which its tasks are; those of threads come after it. */
const MAIN_LANE = 1;

/** A process of the trace. */
interface Process {
  readonly pid: number;
  /** The number of the process that started it. */
  readonly parent: number | null;
  name: string;
  readonly order: number;
  isAlive: boolean;
  readonly lanes: Lanes;
}

/** Gathers snapshots; `toJSON` gives the trace, as often as it is wanted. */
export class TraceRecorder {
  readonly #capacity: number;
  readonly #events = new Deque<Raw>();
  #dropped = 0;
  readonly #processes = new Map<number, Process>();
  readonly #pids = new Set<number>();
  readonly #spans = new Spans((interval) => {
    for (const event of this.#interval(interval)) this.#keep(event);
  });
  /** The last values of each curve: one that does not change takes no room. */
  readonly #curves = new Map<string, string>();
  readonly #deadlocks = new Set<string>();
  #lastId = 0;
  #lastAt = 0;
  #program = "";

  /** @param capacity How many events are kept: after that the oldest go. */
  constructor(capacity: number = CAPACITY) {
    this.#capacity = capacity;
  }

  /** One more snapshot: later than those before. */
  add(snapshot: Snapshot): void {
    this.#program = snapshot.program;
    this.#lastAt = Math.max(this.#lastAt, snapshot.at);
    for (const process of snapshot.processes) this.#seeProcess(process, snapshot.at);
    this.#endProcesses(snapshot);
    for (const object of snapshot.objects) this.#seeObject(object, snapshot.at);
    for (const pool of snapshot.pools) this.#seePool(pool, snapshot.at);
    this.#spans.see(snapshot);
    for (const { title, processes, age } of snapshot.deadlocks) {
      if (this.#deadlocks.has(title) || this.#deadlocks.size >= MAX_DEADLOCKS) continue;
      this.#deadlocks.add(title);
      const process = this.#processes.get(processes[0] ?? 0);
      if (process === undefined) continue;
      const args = { processes: processes.join(", "), age };
      this.#instant(`deadlock: ${title}`, process, snapshot.at, "g", args);
    }
  }

  /** The trace so far. What has not ended ends here. */
  toJSON(): Trace {
    const raw = [...this.#events, ...this.#open()];
    const origin = raw.reduce((least, { at }) => Math.min(least, at), this.#lastAt);
    const events = raw.flatMap((event) => placed(event, origin));
    events.sort((a, b) => a.ts - b.ts);
    return {
      traceEvents: [...this.#names(), ...events],
      displayTimeUnit: "ms",
      otherData: {
        program: this.#program,
        began: new Date(origin).toISOString(),
        dropped: this.#dropped,
      },
    };
  }

  #keep(event: Raw): void {
    this.#events.push(event);
    if (this.#events.length <= this.#capacity) return;
    this.#events.shift();
    this.#dropped++;
  }

  // --- processes

  #seeProcess(seen: ProcessSnapshot, at: number): void {
    const process = this.#processes.get(seen.number) ?? this.#meet(seen, at);
    process.name = nameOf(seen);
    if (seen.cpu !== null) this.#curve(process, "cores used", at, { cores: seen.cpu });
    if (seen.memory !== null) {
      this.#curve(process, "memory", at, { MiB: seen.memory / 2 ** 20 });
    }
    const [task] = seen.tasks;
    process.lanes.run(
      MAIN_LANE,
      task && {
        name: task.func,
        begin: at - task.age * 1000,
        seen: at,
        args: task.args,
      },
    );
  }

  /** A process that is seen for the first time. */
  #meet(seen: ProcessSnapshot, at: number): Process {
    let { pid } = seen;
    while (this.#pids.has(pid)) pid += PID_STEP; // used again, or of another host
    this.#pids.add(pid);
    const order = this.#processes.size;
    const { parent } = seen;
    const process = { pid, parent, name: "", order, isAlive: true, lanes: new Lanes() };
    this.#processes.set(seen.number, process);
    this.#forgetOldest();
    const args = { pid: seen.pid, runtime: seen.runtime, daemon: seen.daemon };
    this.#instant("start", process, at - seen.age * 1000, "p", args);
    return process;
  }

  #forgetOldest(): void {
    if (this.#processes.size <= MAX_PROCESSES) return;
    for (const [number, { isAlive }] of this.#processes) {
      if (!isAlive) return void this.#processes.delete(number);
    }
  }

  #endProcesses({ processes, at }: Snapshot): void {
    const present = new Set(processes.map(({ number }) => number));
    for (const [number, process] of this.#processes) {
      if (!process.isAlive || present.has(number)) continue;
      process.isAlive = false;
      process.lanes.run(MAIN_LANE, undefined);
      this.#instant("exit", process, at, "p", {});
    }
  }

  #instant(
    name: string,
    { pid }: Process,
    at: number,
    s: "p" | "g",
    args: Record<string, string | number | boolean>,
  ): void {
    this.#keep({ ph: "i", name, cat: "process", pid, tid: MAIN_LANE, at, s, args });
  }

  // --- curves

  #curve(
    { pid }: Process,
    name: string,
    at: number,
    args: Record<string, number>,
  ): void {
    const key = `${pid} ${name}`;
    const values = JSON.stringify(args);
    if (this.#curves.get(key) === values) return;
    if (this.#curves.size >= this.#capacity) this.#curves.clear();
    this.#curves.set(key, values);
    this.#keep({ ph: "C", name, pid, tid: MAIN_LANE, at, args });
  }

  #seeObject(object: ObjectSnapshot, at: number): void {
    const home = this.#processes.get(object.home);
    if (home === undefined) return;
    if (object.kind === "queue") {
      this.#curve(home, `${titleOf(object)}: items`, at, { items: object.depth });
    } else if (object.kind === "pipe") {
      this.#curve(home, `${titleOf(object)}: messages`, at, { messages: object.depth });
    }
  }

  // --- tasks

  #seePool(pool: PoolSnapshot, at: number): void {
    const owner = this.#processes.get(pool.process);
    if (owner === undefined) return;
    const title = pool.name ?? `pool ${pool.id}`;
    this.#curve(owner, `${title}: queued`, at, { tasks: pool.queued });
    const numbers = new Map(pool.workers.map(({ name, process }) => [name, process]));
    for (const span of pool.spans) {
      const number = numbers.get(span.worker);
      // That of a worker which is gone is known by its name; a thread has none.
      const process = number === null ? owner : this.#processes.get(number ?? NaN) ??
        this.#childOf(pool.process, span.worker) ?? owner;
      const lane = process === owner
        ? process.lanes.of(span.worker, MAIN_LANE)
        : MAIN_LANE;
      const { begin, length } = process.lanes.put(
        lane,
        span.begin,
        span.seconds * 1000,
      );
      const { func: name, count, hasFailed } = span;
      const args = { pool: title, calls: count, failed: hasFailed };
      const { pid } = process;
      const event = { ph: "X", name, cat: "task", pid, tid: lane, args } as const;
      this.#keep({ ...event, at: begin, for: length });
    }
  }

  #childOf(parent: number, name: string): Process | undefined {
    return [...this.#processes.values()].findLast((one) =>
      one.parent === parent && one.name === name
    );
  }

  // --- waits and holds

  *#interval({ process, name, cat, begin, end, args }: Interval): Generator<Raw> {
    const pid = this.#processes.get(process)?.pid;
    if (pid === undefined) return;
    const id = `0x${(++this.#lastId).toString(16)}`;
    const head = { ph: "b", name, cat, id, pid, tid: MAIN_LANE, args } as const;
    yield { ...head, at: begin, for: Math.max(0, end - begin) };
  }

  // --- the whole

  /** What goes on. */
  *#open(): Generator<Raw> {
    for (const interval of this.#spans.open()) yield* this.#interval(interval);
    for (const { pid, lanes } of this.#processes.values()) {
      const running = lanes.running(MAIN_LANE);
      if (running === undefined) continue;
      const { name, begin, length, args: given } = running;
      const args = { unfinished: true, ...given !== null && { args: given } };
      const head = { ph: "X", name, cat: "task", pid, tid: MAIN_LANE, args } as const;
      yield { ...head, at: begin, for: length };
    }
  }

  *#names(): Generator<TraceEvent> {
    for (const { pid, name, order, lanes } of this.#processes.values()) {
      const head = { ph: "M", pid, tid: MAIN_LANE, ts: 0 } as const;
      yield { ...head, name: "process_name", args: { name } };
      yield { ...head, name: "process_sort_index", args: { sort_index: order } };
      yield { ...head, name: "thread_name", args: { name: "tasks" } };
      for (const [thread, tid] of lanes.names) {
        yield { ...head, name: "thread_name", tid, args: { name: thread } };
      }
    }
  }
}

/** The event, or the two, at its place: microseconds since the trace's beginning. */
function placed({ at, for: length, ...event }: Raw, origin: number): TraceEvent[] {
  const ts = micros(at - origin);
  if (length === undefined) return [{ ...event, ts }];
  // The end is rounded, not the length: then bars that touch do not overlap.
  const end = micros(at + length - origin);
  if (event.ph !== "b") return [{ ...event, ts, dur: end - ts }];
  const { args: _, ...last } = event;
  return [{ ...event, ts }, { ...last, ph: "e", ts: end }];
}

function micros(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1000));
}

function nameOf({ name, host }: ProcessSnapshot): string {
  return host === null ? name : `${name} on ${host}`;
}

function titleOf({ type, name, id }: ObjectSnapshot): string {
  return `${type} ${name ?? `#${id}`}`;
}
