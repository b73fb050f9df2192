/**
 * The parts of a trace that last: which waits of one snapshot are those of the one before,
 * and which tasks of a process come one after the other. Pure.
 *
 * @module
 */
import type {
  HoldSnapshot,
  ObjectSnapshot,
  Place,
  ProcessSnapshot,
  Snapshot,
  WaitSnapshot,
} from "./snapshot.ts";

/** A wait or a hold. Times are milliseconds since 1970. */
export interface Interval {
  /** The process's number. */
  readonly process: number;
  readonly name: string;
  readonly cat: "wait" | "hold";
  readonly begin: number;
  /** When it was seen last. */
  end: number;
  readonly args: Record<string, string>;
}

/** Milliseconds by which two reports of one beginning may differ. */
const TOLERANCE = 50;

/** Follows waits and holds from one snapshot to the next. */
export class Spans {
  readonly #onEnd: (interval: Interval) => void;
  /** Those of the last snapshot, by what they have in common from one to the next. */
  #open = new Map<string, Interval[]>();

  /** @param onEnd Gets each that has ended. */
  constructor(onEnd: (interval: Interval) => void) {
    this.#onEnd = onEnd;
  }

  /** Those that have not ended. */
  *open(): Generator<Interval> {
    for (const intervals of this.#open.values()) yield* intervals;
  }

  /** One more snapshot. */
  see(snapshot: Snapshot): void {
    const before = this.#open;
    this.#open = new Map();
    const names = namesOf(snapshot);
    for (const process of snapshot.processes) {
      for (const wait of process.waits) {
        this.#see(before, waitOf(process, wait, names, snapshot.at), snapshot.at);
      }
      for (const hold of process.holds) {
        this.#see(before, holdOf(process, hold, names, snapshot.at), snapshot.at);
      }
    }
    for (const intervals of before.values()) intervals.forEach(this.#onEnd);
  }

  #see(before: Map<string, Interval[]>, seen: Seen, at: number): void {
    const { key, age, interval } = seen;
    const known = before.get(key) ?? [];
    const same = known.findIndex(({ begin }) =>
      age === null || Math.abs(begin - interval.begin) <= TOLERANCE
    );
    const [it = interval] = same === -1 ? [] : known.splice(same, 1);
    it.end = at;
    const open = this.#open.get(key);
    if (open === undefined) this.#open.set(key, [it]);
    else open.push(it);
  }
}

/** An interval as one snapshot has it. */
interface Seen {
  readonly key: string;
  readonly age: number | null;
  readonly interval: Interval;
}

/** Names of objects, processes and pools. */
interface Names {
  readonly objects: ReadonlyMap<number, string>;
  readonly processes: ReadonlyMap<number, string>;
  readonly pools: ReadonlyMap<number, string>;
}

function namesOf({ objects, processes, pools }: Snapshot): Names {
  const ofObject = ({ id, type, name }: ObjectSnapshot) => name ?? `${type} #${id}`;
  return {
    objects: new Map(objects.map((object) => [object.id, ofObject(object)])),
    processes: new Map(processes.map(({ number, name }) => [number, name])),
    pools: new Map(pools.map(({ id, name }) => [id, name ?? `pool ${id}`])),
  };
}

function waitOf(
  { number }: ProcessSnapshot,
  { op, object, process, pool, age, place }: WaitSnapshot,
  names: Names,
  at: number,
): Seen {
  const what = object !== null
    ? names.objects.get(object) ?? `#${object}`
    : process !== null
    ? names.processes.get(process) ?? `process ${process}`
    : pool !== null
    ? names.pools.get(pool) ?? `pool ${pool}`
    : null;
  return {
    key: JSON.stringify(["wait", number, op, object, process, pool]),
    age,
    interval: {
      process: number,
      name: what === null ? op : `${op} ${what}`,
      cat: "wait",
      begin: at - age * 1000,
      end: at,
      args: argsOf(place),
    },
  };
}

function holdOf(
  { number }: ProcessSnapshot,
  { object, age, place }: HoldSnapshot,
  names: Names,
  at: number,
): Seen {
  const name = `holds ${names.objects.get(object) ?? `#${object}`}`;
  const begin = at - (age ?? 0) * 1000;
  return {
    key: JSON.stringify(["hold", number, object]),
    age,
    interval: {
      process: number,
      name,
      cat: "hold",
      begin,
      end: at,
      args: argsOf(place),
    },
  };
}

function argsOf(place: Place | null): Record<string, string> {
  if (place === null) return {};
  const { file, line, column, func } = place;
  return { at: `${func === null ? "" : `${func} `}${file}:${line}:${column}` };
}

/** A task that runs. */
interface Running {
  readonly name: string;
  readonly begin: number;
  /** When it was seen. */
  readonly seen: number;
  readonly args: string | null;
}

/** Lanes of threads, at most: the tasks of others stand in the main one. */
const MOST_LANES = 512;

/** The lanes of one process: in each there is one task after the other. */
export class Lanes {
  /** The lanes of threads, by their names. */
  readonly names: Map<string, number> = new Map();
  /** When the last task of each lane ended. */
  readonly #ends = new Map<number, number>();
  readonly #running = new Map<number, Running>();

  /** The lane of a thread: the first one comes after `main`. */
  of(thread: string, main: number): number {
    const known = this.names.get(thread);
    if (known !== undefined) return known;
    if (this.names.size >= MOST_LANES) return main;
    const lane = main + 1 + this.names.size;
    this.names.set(thread, lane);
    return lane;
  }

  /**
   * Puts a task into a lane. Clocks of two processes differ by a little: one that seems to
   * begin before the one before it has ended begins then.
   */
  put(lane: number, begin: number, length: number): { begin: number; length: number } {
    const free = this.#ends.get(lane) ?? -Infinity;
    const end = Math.max(begin + Math.max(0, length), free);
    this.#ends.set(lane, end);
    const start = Math.max(begin, free);
    return { begin: start, length: end - start };
  }

  /** What runs in a lane now; undefined for nothing. */
  run(lane: number, task: Running | undefined): void {
    if (task === undefined) this.#running.delete(lane);
    else this.#running.set(lane, task);
  }

  /** The part of what runs that has been seen, if it is not among those that were put. */
  running(
    lane: number,
  ): { name: string; begin: number; length: number; args: string | null } | undefined {
    const task = this.#running.get(lane);
    if (task === undefined) return undefined;
    const begin = Math.max(task.begin, this.#ends.get(lane) ?? -Infinity);
    if (begin >= task.seen) return undefined;
    return { name: task.name, begin, length: task.seen - begin, args: task.args };
  }
}
