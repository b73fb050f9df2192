/**
 * A snapshot as text for terminals, like `py-spy dump` of the whole family: the tree of
 * processes with what each waits for, where, and what it holds; then the objects and pools
 * that are in use. Pure.
 *
 *     app.ts: 3 processes, 0.1 cores, 150 MB, 12.0 s
 *
 *     MainProcess (pid 100) waiting, cpu 0%, 50 MB, 12.0 s
 *     │ joins transfer-1 (pid 101) for 3.0 s, at app.ts:20:11
 *     ├ transfer-1 (pid 101) stuck, cpu 0%, 50 MB, 11.0 s
 *     │   waits for Lock “accountB” for 2.1 s, at work.ts:11:3 in transfer
 *     │   holds Lock “accountA” for 2.7 s, acquired at work.ts:9:3 in transfer
 *
 * @module
 */
import { isIdleWorker } from "./helpers.ts";
import type {
  HoldSnapshot,
  LockSnapshot,
  ObjectSnapshot,
  PipeSnapshot,
  PoolSnapshot,
  ProcessSnapshot,
  QueueSnapshot,
  SignalSnapshot,
  Snapshot,
  WaiterSnapshot,
} from "./snapshot.ts";
import {
  countText,
  durationText,
  type Index,
  indexOf,
  listText,
  memoryText,
  objectText,
  type PlaceText,
  placeTextOf,
  poolText,
  processText,
  short,
  waitText,
} from "./wording.ts";

/** The most of each kind that are listed. */
const MOST = { processes: 500, objects: 200, pools: 100, waits: 50 } as const;

/** Writes a snapshot as text of several lines. */
export function textOf(snapshot: Snapshot): string {
  const writer = new TextWriter(snapshot);
  return [
    writer.head(),
    ...writer.warnings(),
    writer.tree(),
    ...writer.objects(),
    ...writer.pools(),
  ].map((part) => `${part.join("\n")}\n`).join("\n");
}

class TextWriter {
  readonly #snapshot: Snapshot;
  readonly #index: Index;
  readonly #place: PlaceText;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#index = indexOf(snapshot);
    this.#place = placeTextOf(snapshot);
  }

  head(): string[] {
    const { program, processes } = this.#snapshot;
    const parts = [countText(processes.length, "process", "processes")];
    const cores = sum(processes.map(({ cpu }) => cpu));
    if (cores !== null) parts.push(`${cores.toFixed(2)} cores`);
    const memory = sum(processes.map(({ memory }) => memory));
    if (memory !== null) parts.push(memoryText(memory));
    if (processes[0] !== undefined) parts.push(durationText(processes[0].age));
    return [`${short(program, 200)}: ${parts.join(", ")}`];
  }

  /** Deadlocks and lock orders. */
  warnings(): string[][] {
    const { deadlocks, inversions } = this.#snapshot;
    return [...deadlocks, ...inversions].map(({ title, lines }) => [
      title,
      ...lines.map((line) => `  ${line}`),
    ]);
  }

  // --- processes

  tree(): string[] {
    const { processes } = this.#snapshot;
    const depths = new Map<number, number>();
    const lines = processes.slice(0, MOST.processes).flatMap((process) => {
      const depth = process.parent === null ? 0 : (depths.get(process.parent) ?? 0) + 1;
      depths.set(process.number, depth);
      const indent = "  ".repeat(Math.min(depth, 20));
      return this.#process(process).map((line) => indent + line);
    });
    return [...lines, ...rest(processes, MOST.processes, "process", "processes")];
  }

  #process(process: ProcessSnapshot): string[] {
    const { state, cpu, memory, age, waits, holds, tasks } = process;
    const parts: string[] = [isIdleWorker(process) ? "idle" : state];
    if (cpu !== null) parts.push(`cpu ${Math.round(cpu * 100)}%`);
    if (memory !== null) parts.push(memoryText(memory));
    parts.push(durationText(age));
    const details = [
      ...tasks.map(({ func, args, age }) =>
        `runs ${short(func)}(${args === null ? "…" : short(args, 120)}) for ${
          durationText(age)
        }`
      ),
      ...waits.map((wait) => waitText(wait, this.#index, this.#place)),
      ...holds.map((hold) => this.#hold(hold)),
    ];
    return [
      `${processText(process)} ${parts.join(", ")}`,
      ...details.slice(0, MOST.waits).map((line) => `    ${line}`),
      ...rest(details, MOST.waits, "wait", "waits").map((line) => `    ${line}`),
    ];
  }

  #hold({ object, age, place }: HoldSnapshot): string {
    const found = this.#index.objects.get(object);
    const what = found === undefined ? `object ${object}` : objectText(found);
    const time = age === null ? "" : ` for ${durationText(age)}`;
    const where = place === null ? "" : `, acquired at ${this.#place(place)}`;
    return `holds ${what}${time}${where}`;
  }

  // --- objects

  /** Those with which something is going on. */
  objects(): string[][] {
    const { objects } = this.#snapshot;
    if (objects.length === 0) return [];
    const used = objects.flatMap((object) => {
      const text = this.#object(object);
      return text === "" ? [] : [`${this.#named(object)}: ${text}`];
    });
    const lines = [
      ...used.slice(0, MOST.objects),
      ...rest(used, MOST.objects, "object"),
    ];
    const idle = objects.length - used.length;
    if (idle > 0) {
      const what = used.length > 0 ? "other object" : "object";
      lines.push(
        `${countText(idle, what)} with nothing in ${idle === 1 ? "it" : "them"}`,
      );
    }
    return [lines];
  }

  #named(object: ObjectSnapshot): string {
    const { place } = object;
    return objectText(object) + (place === null ? "" : ` (${this.#place(place)})`);
  }

  #object(object: ObjectSnapshot): string {
    switch (object.kind) {
      case "queue":
        return this.#queue(object);
      case "lock":
        return this.#lock(object);
      case "pipe":
        return this.#pipe(object);
      default:
        return this.#signal(object);
    }
  }

  #queue(queue: QueueSnapshot): string {
    const { depth, maxsize, oldest, unfinished, puts, gets, isShutDown } = queue;
    const waits = [
      this.#waiters("get", queue.getters),
      this.#waiters("put", queue.putters),
      this.#waiters("join", queue.joiners),
    ].filter((text) => text !== "");
    if (depth === 0 && waits.length === 0 && !(unfinished! > 0)) return "";
    const bound = maxsize > 0 ? ` of ${maxsize}` : "";
    const age = oldest === null ? "" : `, the oldest for ${durationText(oldest)}`;
    const open = unfinished === null ? "" : `, ${unfinished} unfinished`;
    const end = isShutDown ? ", shut down" : "";
    const counts =
      `${depth}${bound} in it${age}${open}, ${puts} put, ${gets} got${end}`;
    return [counts, ...waits].join("; ");
  }

  #lock({ value, takers, waiters, isOwned }: LockSnapshot): string {
    if (takers.length === 0 && waiters.length === 0) return "";
    const parts = isOwned ? [] : [`${value} free`];
    if (takers.length > 0) parts.push(`held by ${this.#those(takers)}`);
    const waits = this.#waiters("acquire", waiters);
    return (waits === "" ? parts : [...parts, waits]).join("; ");
  }

  #pipe({ depth, bytes, readers, writers }: PipeSnapshot): string {
    const waits = [this.#waiters("recv", readers), this.#waiters("send", writers)]
      .filter((text) => text !== "");
    if (depth === 0 && waits.length === 0) return "";
    return [`${countText(depth, "message")}, ${bytes} bytes to receive`, ...waits].join(
      "; ",
    );
  }

  #signal({ kind, isSet, parties, waiters }: SignalSnapshot): string {
    const waits = this.#waiters("wait", waiters);
    if (waits === "") return "";
    const state = { event: "set", barrier: "broken", condition: "" }[kind];
    const parts = isSet && state !== "" ? [state] : [];
    if (parties !== null) parts.push(`${waiters.length} of ${parties} are there`);
    return [...parts, waits].join("; ");
  }

  #waiters(op: string, waiters: readonly WaiterSnapshot[]): string {
    return waiters.length === 0 ? "" : `in ${op}(): ${this.#those(waiters)}`;
  }

  #those(waiters: readonly WaiterSnapshot[]): string {
    return listText(waiters, ({ process, age }) => {
      const name = this.#index.processes.get(process)?.name ?? `process ${process}`;
      return short(name) + (age === null ? "" : ` for ${durationText(age)}`);
    });
  }

  // --- pools

  pools(): string[][] {
    const { pools } = this.#snapshot;
    if (pools.length === 0) return [];
    const lines = pools.slice(0, MOST.pools).map((pool) => this.#pool(pool));
    return [[...lines, ...rest(pools, MOST.pools, "pool")]];
  }

  #pool(pool: PoolSnapshot): string {
    const { workers, queued, done, failed, run, place } = pool;
    const where = place === null ? "" : ` (${this.#place(place)})`;
    const busy = workers.filter(({ isBusy }) => isBusy).length;
    const parts = [
      `${busy} of ${countText(workers.length, "worker")} busy`,
      ...[`${queued} queued`, `${done} done`, `${failed} failed`],
    ];
    if (run.p50 !== null) parts.push(`half of them within ${shortTime(run.p50)}`);
    return `${poolText(pool)}${where}: ${parts.join(", ")}`;
  }
}

/** The sum of what is known; null if nothing is. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** A line that says how many were left out, if any were. */
function rest(
  list: readonly unknown[],
  most: number,
  one: string,
  many?: string,
): string[] {
  const left = list.length - most;
  return left > 0
    ? [`and ${countText(left, `more ${one}`, many && `more ${many}`)}`]
    : [];
}

/** "60 ms", "0.2 ms", "2.5 s". */
function shortTime(seconds: number): string {
  if (seconds >= 1) return durationText(seconds);
  const milliseconds = seconds * 1000;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
