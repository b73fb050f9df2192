/**
 * What observes the process that it runs in: its waits, what it holds, what it has made, what
 * it uses. Loaded only while somebody looks: see link/observed.ts.
 *
 * @module
 */
import {
  type ObservedLock,
  type ObserveOptions,
  type Observer,
  sampling,
  setObserver,
  sources,
} from "../link/observed.ts";
import { takeEarly } from "../link/early.ts";
import type { LivePool } from "../pool/live_pools.ts";
import { identity } from "../process/identity.ts";
import { repr } from "../python/repr.ts";
import { errorHere } from "../python/stack.ts";
import { runtime } from "../runtime/mod.ts";
import { evaluation } from "../runtime/evaluation.ts";
import { hasOtherLife, watchLife } from "../runtime/life.ts";
import { ownUsage, quickUsage } from "../runtime/usage.ts";
import { Made } from "./made.ts";
import { asPlace, placeHere, placeOfError } from "./places.ts";
import { PoolSpans } from "./pool_spans.ts";
import { PresentWaits } from "./present_waits.ts";
import {
  encodeReport,
  MOST,
  type Report,
  type ReportedHold,
  type ReportedManaged,
  type ReportedOrder,
  type ReportedPool,
  type ReportedTask,
  type ReportedWait,
  text,
} from "./report.ts";
import type { Place } from "./snapshot.ts";

/** Milliseconds between two looks at the place where one and the same lock is acquired. */
const SAMPLING = 50;

/** Locks that are remembered that are not held, at most. */
const REMEMBERED = 64;

/** Waits that are shorter than this are not worth a look: milliseconds. */
const SHORT = 20;

/** Acquisitions whose place is looked at besides, in such a time. */
const SAMPLES = 16;

const NO_TIMES = { count: 0, buckets: [], p50: null, p99: null };

/** A pool that has done nothing yet. */
const NEW_POOL = { done: 0, failed: 0, run: NO_TIMES, wait: NO_TIMES };

/**
 * Where a lock was acquired last. It is made a text only for who looks: that costs many times
 * as much as an acquisition.
 */
class Acquired {
  readonly lock: ObservedLock;
  /** On the runtime's clock. */
  readonly at: number;
  #where: Place | Error | null;
  /** Where it was waited for before, if that is known. */
  #waited: Place | Error | undefined;

  constructor(lock: ObservedLock, at: number, error: Error, waited?: Place | Error) {
    this.lock = lock;
    this.at = at;
    this.#where = error;
    this.#waited = waited;
  }

  get place(): Place | null {
    // Where it has waited, an engine may not know who goes on.
    return this.#where = (this.#where && asPlace(this.#where)) ??
      (this.#waited === undefined ? null : asPlace(this.#waited));
  }
}

/** Observes this process. */
export class ProcessObserver implements Observer {
  /** Whether arguments of tasks may be told. */
  showsArgs: boolean;
  readonly #made = new Made();
  readonly #spans = new PoolSpans(Date.now() - runtime.now());
  /** What was told of the pools. */
  #lastPools = new Map<number, ReportedPool>();
  readonly #acquired = new Map<number, Acquired>();
  readonly #orders = new Map<string, ReportedOrder>();
  /** Where the last waits for locks were. */
  readonly #waited = new Map<number, Place | Error>();
  readonly #waits = new PresentWaits((lock, where) => this.#waited.set(lock, where));
  /** Begins the next period of {@linkcode sampling}; undefined if nothing was told in this. */
  #sampler: unknown;

  constructor(showsArgs: boolean) {
    this.showsArgs = showsArgs;
  }

  begin(): void {
    watchLife();
    setObserver(this, (task) => this.#spans.add(task));
    this.#takeOver();
    this.#beginPeriod();
  }

  /** What has happened while this was being loaded. */
  #takeOver(): void {
    const early = takeEarly();
    if (early === undefined) return;
    for (const { what: { object, type }, error } of early.objects) {
      this.#made.add(object, type, placeOfError(error));
    }
    for (const { what, error } of early.pools) {
      this.#made.addPool(what, placeOfError(error));
    }
    for (const [number, { what: lock, at, error }] of early.locks) {
      this.#acquired.set(number, new Acquired(lock, at, error));
    }
    for (const wait of early.waits) {
      const { at: since, error: where, promise } = wait;
      wait.later = Object.assign(this.#waits.add(...wait.told), {
        since,
        where,
        promise,
      });
    }
  }

  end(): void {
    setObserver(undefined);
    sampling.left = 0;
    runtime.clearTimer(this.#sampler);
  }

  #beginPeriod(): void {
    this.#sampler = undefined;
    sampling.period++;
    sampling.left = SAMPLES;
  }

  // --- Observer

  readonly wait: Observer["wait"] = (op, on, timeout, hasSignal, server) =>
    this.#waits.add(op, on, timeout, hasSignal, server);

  made(object: number, type: string): void {
    this.#made.add(object, type);
  }

  madePool(pool: number): void {
    this.#made.addPool(pool);
  }

  making(): (server: number, object: number, type: string) => void {
    const place = placeHere();
    return (server, object, type) => this.#made.addManaged(server, object, type, place);
  }

  acquired(lock: ObservedLock): void {
    // A process that acquires nothing has no timer: the first one takes Deno 5 ms.
    this.#sampler ??= runtime.setTimer(() => this.#beginPeriod(), SAMPLING);
    const number = lock._number;
    const waited = this.#waited.get(number);
    const acquired = new Acquired(lock, runtime.now(), errorHere(), waited);
    this.#acquired.delete(number); // those that were acquired last come last
    for (const [first, before] of this.#acquired) {
      if (before.lock._held === 0 || this.#orders.size >= MOST.orders) continue;
      const key = `${first} ${number}`;
      if (this.#orders.has(key)) continue;
      const [firstPlace, secondPlace] = [before.place, acquired.place];
      this.#orders.set(key, { first, second: number, firstPlace, secondPlace });
    }
    this.#acquired.set(number, acquired);
    if (this.#acquired.size > REMEMBERED) {
      for (const [number, { lock }] of this.#acquired) {
        if (lock._held === 0) this.#acquired.delete(number);
      }
    }
  }

  // --- what is told

  /** Has the waits that have lasted find out where they are: for a later `report`. */
  look(): void {
    let count = 0;
    for (const wait of this.#waits.olderThan(SHORT)) {
      wait.look();
      if (++count === MOST.waits) return;
    }
  }

  /**
   * All that is to be told; what was told once is not told again.
   *
   * @param isStarting Whether the process has yet to load its work, and is not to wait.
   */
  report(isStarting = false): Report {
    const { cpu, memory } = isStarting ? quickUsage() : ownUsage();
    const { current, parent } = identity;
    const task = this.#task();
    return {
      name: current.name,
      daemon: current.daemon,
      role: parent === null
        ? "main"
        : sources.task !== undefined
        ? "worker"
        : sources.managed !== undefined
        ? "manager"
        : "process",
      runtime: runtime.title,
      cpu,
      memory,
      isAlive: isStarting || hasOtherLife(),
      waits: this.#reportedWaits(),
      holds: this.#holds(),
      orders: [...this.#orders.values()],
      made: this.#made.news(),
      tasks: task === undefined ? [] : [task],
      pools: this.#pools(),
      managed: (sources.managed?.() ?? []) as ReportedManaged[],
    };
  }

  #reportedWaits(): ReportedWait[] {
    const now = runtime.now();
    const waits: ReportedWait[] = [];
    for (const wait of this.#waits.olderThan(0)) {
      const { op, on, timeout, place } = wait;
      const [number, pool] = typeof on === "number" ? [on] : [0, on];
      const age = Math.max(0, now - wait.since) / 1000;
      waits.push({
        op: op.name,
        object: op.of === "object" ? number : null,
        process: op.of === "process" ? number : null,
        pool: poolNumber(pool),
        server: wait.server?.server || null,
        managed: op.of === "managed" ? number : null,
        age,
        left: timeout === null ? null : Math.max(0, timeout - age),
        isOpen: op.isOpen || wait.hasSignal,
        place: place ?? null,
      });
      if (waits.length === MOST.waits) break;
    }
    return waits;
  }

  #holds(): ReportedHold[] {
    const now = runtime.now();
    const holds: ReportedHold[] = [];
    for (const handle of sources.handles?.() ?? []) {
      if (handle._held === 0) continue;
      const acquired = this.#acquired.get(handle._number);
      const age = acquired === undefined ? null : (now - acquired.at) / 1000;
      const place = acquired?.place ?? null;
      holds.push({ object: handle._number, age, place, isScoped: handle._isScoped });
      if (holds.length === MOST.holds) break;
    }
    return holds;
  }

  #pools(): ReportedPool[] {
    const spans = this.#spans.take();
    const pools: ReportedPool[] = [];
    for (const [id, pool] of sources.pools?.() ?? []) {
      if (pools.length === MOST.pools) break;
      const { queued, done, failed, run, wait, workers } = (pool as LivePool).stats();
      pools.push({
        ...{ id, queued, done: done + failed, failed, run, wait },
        ...this.#made.pool(id),
        workers: workers.map(({ pid, name, isBusy, share, done }) => {
          return { pid, name, isBusy, share, done };
        }),
        spans: spans.get(id) ?? [],
      });
      spans.delete(id);
    }
    const lasting = new Map(pools.map((pool) => [pool.id, pool]));
    // One that has ended is told once more, for its last tasks.
    for (const [id, own] of spans) {
      if (pools.length === MOST.pools) break;
      const last = this.#lastPools.get(id) ?? { ...NEW_POOL, ...this.#made.pool(id) };
      pools.push({ ...last, id, queued: 0, workers: [], spans: own });
    }
    this.#lastPools = lasting;
    return pools;
  }

  #task(): ReportedTask | undefined {
    const task = sources.task?.();
    if (task === undefined) return undefined;
    const age = Math.max(0, runtime.now() - task.since) / 1000;
    const args = this.showsArgs && task.args !== undefined ? shown(task.args) : null;
    return { func: text(task.func), args, age };
  }
}

/** The number of a pool in this process; null if it is none. */
function poolNumber(pool: object | undefined): number | null {
  const { number } = (pool ?? {}) as { number?: unknown };
  return typeof number === "number" ? number : null;
}

/** Arguments, shortened; null if they cannot be shown. */
function shown(args: unknown): string | null {
  try {
    return text(repr(args), 120);
  } catch {
    return null;
  }
}

// ---------------------------------------------------------------------- in a child

let present: { observer: ProcessObserver; timer: unknown } | undefined;

/** Has this process observed, and reported by `send`: see `observe` in link/observed.ts. */
export function observe(
  { interval, args }: ObserveOptions,
  send: (report: Uint8Array) => void,
): void {
  runtime.clearTimer(present?.timer);
  if (interval === 0) {
    present?.observer.end();
    present = undefined;
    return;
  }
  const observer = present?.observer ?? new ProcessObserver(args);
  observer.showsArgs = args;
  if (present === undefined) observer.begin();
  const mine: typeof present = present = { observer, timer: undefined };
  let isStarting = evaluation()?.isImporting() ?? false;
  const tell = () => {
    observer.look();
    // What was looked at is known when microtasks have run.
    runtime.nextTurn(() => {
      if (present !== mine) return; // it was asked again meanwhile, or to stop
      send(encodeReport(observer.report(isStarting)));
      isStarting = false;
      mine.timer = runtime.setTimer(tell, interval);
    });
  };
  tell();
}
