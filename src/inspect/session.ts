/**
 * Looks at the program, in the root, once an interval, as long as somebody wants that.
 *
 * @module
 */
import { ROOT } from "../hub/ids.ts";
import { currentPeer } from "../link/peer.ts";
import { type ChildEntry, currentWatching, type Watching } from "../link/watched.ts";
import { identity } from "../process/identity.ts";
import { RuntimeError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { ownUsage, type Usage, usageOf } from "../runtime/usage.ts";
import { assemble, type LastPool } from "./assembler.ts";
import { dumpOnSignal } from "./dump_signal.ts";
import { Numbers, type ProcessFacts } from "./facts.ts";
import { Guard } from "./guard.ts";
import { textOf } from "./text.ts";
import { managedKey } from "./managed.ts";
import { ProcessObserver } from "./observer.ts";
import { Printed } from "./output.ts";
import {
  MAX_REPORT,
  parseReport,
  type Report,
  type ReportedObject,
  type ReportedPool,
} from "./report.ts";
import type { Snapshot, SpanSnapshot } from "./snapshot.ts";

/** What is looked at. */
export interface SessionOptions {
  /** Seconds between two looks. */
  readonly interval: number;
  /** Whether arguments of tasks are shown. */
  readonly args: boolean;
  /** Whether printed lines are kept. */
  readonly logs: boolean;
}

/** Reports of a process that may wait to be read; more are not taken. */
const MOST_PENDING = 4;

/** A process is silent that has said nothing for so many intervals, and this besides. */
const INTERVALS = 2;
const SLACK = 300;

/** Ended tasks that are kept. */
const MOST_SPANS = 5000;

/** Pools that are remembered. */
const MOST_POOLS = 256;
/** Names of managers' objects that are kept. */
const MOST_MANAGED = 10_000;

/** The first number of a manager's object, above all that the hub gives in practice. */
const MANAGED = 2 ** 52;

/** What is remembered of a process. */
interface Seen {
  /** Reports that were not read yet. */
  pending: Uint8Array[];
  report: Report | undefined;
  /** When it has said something, on the runtime's clock. */
  heardAt: number | undefined;
  /** The processor time used at the look before, and when that was. */
  usedCpu: number | null;
  usedAt: number;
  /** Cores used between the last two looks. */
  cores: number | null;
}

interface NumberedSpan extends SpanSnapshot {
  readonly seq: number;
  readonly pool: number;
}

/** How far somebody has read. */
export interface Cursor {
  line: number;
  span: number;
}

/** One look after the other. */
export class Session {
  /** What those want who look; the session has what all of them want together. */
  readonly #users = new Map<object, SessionOptions>();
  #options: SessionOptions;
  readonly #watching: Watching;
  readonly #observer: ProcessObserver;
  readonly #processes = new Map<number, Seen>();
  readonly #known = new Map<number, ReportedObject>();
  /** What was told of objects since the last look. */
  readonly #told: { process: number; made: ReportedObject }[] = [];
  readonly #knownManaged = new Map<string, { process: number; made: ReportedObject }>();
  readonly #pools = new Numbers();
  readonly #managed = new Numbers(MANAGED);
  /** Finds deadlocks at each look. */
  readonly guard: Guard = new Guard();
  readonly #printed = new Printed();
  readonly #spans: NumberedSpan[] = [];
  /** What was told of each pool, those last that were told of last. */
  readonly #lastPools = new Map<number, LastPool>();
  #lastSpan = 0;
  #timer: unknown;
  #isEnded = false;
  /** Hears of each look; it may make the snapshot. */
  readonly onLook = new Set<() => void>();
  readonly #dumps = new Set<object>();
  #stopDumps: (() => void) | undefined;

  /** @throws {RuntimeError} in a child, which knows of the others nothing */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#watching = watchingHere();
    this.#observer = new ProcessObserver(options.args);
  }

  begin(): void {
    this.#observer.begin();
    this.#watch();
    this.#measure();
    this.#arm();
  }

  /** Somebody looks, until the function is called that this gives: it tells who still does. */
  enter(options: SessionOptions): () => number {
    const user = {};
    this.#users.set(user, options);
    this.#set(togetherOf([...this.#users.values()]));
    return () => {
      this.#users.delete(user);
      const { size } = this.#users;
      if (size > 0) this.#set(togetherOf([...this.#users.values()]));
      return size;
    };
  }

  #set(options: SessionOptions): void {
    const { interval, args, logs } = this.#options;
    this.#options = options;
    this.#observer.showsArgs = options.args;
    if (this.#isEnded) return;
    const isSame = options.interval === interval && options.args === args;
    if (!isSame || options.logs !== logs) this.#watch();
  }

  #watch(): void {
    const { interval, args } = this.#options;
    this.#watching.watch({
      seen: (process, report) => this.#seen(process, report),
      ended: (process) => this.#forget(process),
      printed: (process, stream, bytes) => {
        if (this.#options.logs) this.#printed.add(Date.now(), process, stream, bytes);
      },
    }, { interval: Math.max(1, Math.round(interval * 1000)), args });
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    runtime.clearTimer(this.#timer);
    this.#observer.end();
    this.#watching.unwatch();
  }

  #arm(): void {
    if (this.#isEnded) return;
    this.#timer = runtime.setTimer(() => {
      this.#measure();
      void this.#look().then(() => {
        if (this.#isEnded) return;
        this.guard.look(this.#assemble(this.cursor()));
        for (const tell of this.onLook) tell();
      });
      this.#arm();
    }, this.#options.interval * 1000);
  }

  /** From here on: what is printed and done later is new. */
  cursor(): Cursor {
    return { line: this.#printed.seq, span: this.#lastSpan };
  }

  /** Settles when all processes that can have reported once, or after a while. */
  async whenHeard(milliseconds: number): Promise<void> {
    const end = runtime.now() + milliseconds;
    for (;;) {
      const isMissing = [...this.#watching.children()].some(({ number, isReady }) =>
        isReady && this.#processes.get(number)?.heardAt === undefined
      );
      if (!isMissing || runtime.now() >= end) return;
      await pause(5);
    }
  }

  /** A snapshot of now, with what is new to a reader. */
  async snapshot(cursor: Cursor): Promise<Snapshot> {
    await this.#look();
    return this.snapshotNow(cursor);
  }

  /** The same without finding out who waits where: for who was just told of a look. */
  snapshotNow(cursor: Cursor): Snapshot {
    return this.guard.complete(this.#assemble(cursor));
  }

  /** Prints what the program does when SIGUSR2 comes, until all who want that have ended it. */
  dumpOnSignal(): () => void {
    const reason = {};
    this.#dumps.add(reason);
    this.#stopDumps ??= dumpOnSignal(async () =>
      textOf(await this.snapshot(this.cursor()))
    );
    return () => {
      if (!this.#dumps.delete(reason) || this.#dumps.size > 0) return;
      this.#stopDumps?.();
      this.#stopDumps = undefined;
    };
  }

  // --- one look

  /** Has this process say what it does, and reads what the others have said. */
  async #look(): Promise<void> {
    this.#observer.look();
    // What was looked at is known when microtasks have run.
    await new Promise<void>((resolve) => runtime.nextTurn(resolve));
    if (this.#isEnded) return;
    const own = this.#observer.report();
    this.#take(ROOT, own);
    for (const [process, seen] of this.#processes) {
      for (const bytes of seen.pending.splice(0)) {
        const report = parseReport(bytes);
        if (report !== undefined) this.#take(process, report);
      }
    }
    this.#learn();
  }

  #take(process: number, report: Report): void {
    const seen = this.#of(process);
    seen.report = report;
    seen.heardAt ??= runtime.now();
    if (process === ROOT) seen.heardAt = runtime.now();
    for (const made of report.made) this.#told.push({ process, made });
    const now = Date.now();
    for (const pool of report.pools) {
      const number = this.#pools.of(process, pool.id);
      for (const span of pool.spans) {
        // Another host's clock may go ahead, and a process may lie.
        const begin = Math.min(span.begin, now - span.seconds * 1000);
        this.#spans.push({ ...span, begin, seq: ++this.#lastSpan, pool: number });
      }
      this.#remember(number, process, pool);
    }
    if (this.#spans.length > 2 * MOST_SPANS) this.#spans.splice(0, MOST_SPANS);
  }

  /** A pool that has ended by the next look: some have not got its last tasks. */
  #remember(number: number, process: number, pool: ReportedPool): void {
    this.#lastPools.delete(number);
    this.#lastPools.set(number, { number, process, pool });
    if (this.#lastPools.size <= MOST_POOLS) return;
    for (const oldest of this.#lastPools.keys()) {
      this.#lastPools.delete(oldest);
      return;
    }
  }

  /** Takes in what was told of objects, by those who have made them. */
  #learn(): void {
    const told = this.#told.splice(0);
    if (told.length === 0) return;
    const { objects } = this.#watching.describe();
    const makers = new Map(objects.map(({ id, maker }) => [id, maker]));
    for (const { process, made } of told) {
      if (made.server !== null) this.#learnManaged(process, made, made.server);
      else if (makers.get(made.id) === process) this.#known.set(made.id, made);
    }
    for (const id of this.#known.keys()) if (!makers.has(id)) this.#known.delete(id);
  }

  /** Whoever tells first: it is checked elsewhere whether that process has the object. */
  #learnManaged(process: number, made: ReportedObject, server: number): void {
    const key = managedKey(server, made.id);
    if (this.#knownManaged.size >= MOST_MANAGED || this.#knownManaged.has(key)) return;
    this.#knownManaged.set(key, { process, made });
  }

  #seen(process: number, report: Uint8Array): void {
    if (report.length > MAX_REPORT) return;
    const seen = this.#of(process);
    seen.heardAt = runtime.now();
    // More of them are not worth the reading.
    if (seen.pending.length < MOST_PENDING) seen.pending.push(report.slice());
  }

  #of(process: number): Seen {
    let seen = this.#processes.get(process);
    if (seen === undefined) {
      seen = {
        ...{ pending: [], report: undefined, heardAt: undefined },
        ...{ usedCpu: null, usedAt: runtime.now(), cores: null },
      };
      this.#processes.set(process, seen);
    }
    return seen;
  }

  #forget(process: number): void {
    this.#processes.delete(process);
    this.#printed.end(Date.now(), process);
    this.#pools.forget(process);
    this.#managed.forget(process);
  }

  // --- processor time

  #measure(): void {
    this.#measureOne(ROOT, ownUsage().cpu);
    for (const child of this.#watching.children()) {
      this.#measureOne(child.number, this.#usageOf(child).cpu);
    }
  }

  #measureOne(process: number, cpu: number | null): void {
    const seen = this.#of(process);
    const now = runtime.now();
    const seconds = (now - seen.usedAt) / 1000;
    if (cpu !== null && seen.usedCpu !== null && seconds > 0) {
      seen.cores = Math.max(0, cpu - seen.usedCpu) / seconds;
    }
    seen.usedCpu = cpu;
    seen.usedAt = now;
  }

  /** What a child has used: the system tells, or else it says so itself. */
  #usageOf({ number, pid, host }: ChildEntry): Usage {
    const known = host === null ? usageOf(pid) : undefined;
    if (known !== undefined && known.memory !== null) return known;
    const report = this.#processes.get(number)?.report;
    const [cpu, memory] = [report?.cpu ?? null, report?.memory ?? null];
    return { cpu, memory, isStopped: null };
  }

  // --- the snapshot

  #assemble(cursor: Cursor): Snapshot {
    const hub = this.#watching.describe();
    const processes = [this.#rootFacts()];
    for (const child of this.#watching.children()) processes.push(this.#factsOf(child));
    const output = this.#printed.since(cursor.line);
    const spans = this.#spansSince(cursor.span);
    Object.assign(cursor, this.cursor());
    return assemble({
      ...{ hub, processes, output, spans, known: this.#known, numbers: this.#pools },
      lastPools: [...this.#lastPools.values()],
      ...{ knownManaged: this.#knownManaged, managedNumbers: this.#managed },
      at: Date.now(),
      program: programName(),
    });
  }

  #spansSince(seq: number): Map<number, SpanSnapshot[]> {
    const spans = new Map<number, SpanSnapshot[]>();
    for (const { seq: own, pool, ...span } of this.#spans) {
      if (own <= seq) continue;
      const list = spans.get(pool);
      if (list === undefined) spans.set(pool, [span]);
      else list.push(span);
    }
    return spans;
  }

  #rootFacts(): ProcessFacts {
    const { report, cores } = this.#of(ROOT);
    return {
      ...{ number: ROOT, pid: runtime.pid, name: identity.current.name, host: null },
      ...{ isReady: true, isStopped: false, silence: 0, isSilent: false },
      age: performance.now() / 1000,
      cpu: cores,
      memory: ownUsage().memory,
      report,
    };
  }

  #factsOf(child: ChildEntry): ProcessFacts {
    const { number, pid, name, host, isReady, askedAt, startedAt } = child;
    const { report, heardAt, cores } = this.#of(number);
    const { memory, isStopped } = this.#usageOf(child);
    const now = runtime.now();
    const silence = now - (heardAt ?? askedAt ?? startedAt);
    const limit = INTERVALS * this.#options.interval * 1000 + SLACK;
    return {
      ...{ number, pid, name, host, isReady, memory, report, cpu: cores },
      isStopped: isStopped === true,
      age: (now - startedAt) / 1000,
      silence: silence / 1000,
      isSilent: silence > limit,
    };
  }
}

/** Waits, and keeps the process alive. */
function pause(milliseconds: number): Promise<void> {
  return currentPeer().refWhile(
    new Promise<void>((resolve) => void runtime.setTimer(resolve, milliseconds)),
  );
}

/** What is done for all of them. */
function togetherOf(all: readonly SessionOptions[]): SessionOptions {
  return {
    interval: Math.min(...all.map(({ interval }) => interval)),
    args: all.some(({ args }) => args),
    logs: all.some(({ logs }) => logs),
  };
}

let session: Session | undefined;

/** Whether somebody looks. */
export function isObserved(): boolean {
  return session !== undefined;
}

/**
 * The one session of this program, which ends when all who have opened it have called the
 * function that they got.
 *
 * @throws {RuntimeError} in a child
 */
export function openSession(options: SessionOptions): [Session, close: () => void] {
  if (session === undefined) {
    const made = new Session(options);
    made.begin();
    session = made;
  }
  const mine = session;
  const leave = mine.enter(options);
  let isOpen = true;
  return [mine, () => {
    if (isOpen && leave() === 0) {
      mine.end();
      session = undefined;
    }
    isOpen = false;
  }];
}

/** @throws {RuntimeError} */
function watchingHere(): Watching {
  currentPeer(); // makes the root
  const watching = currentWatching();
  if (watching !== undefined && identity.parent === null) return watching;
  throw new RuntimeError(
    `only the main process can look inside its program, and this is ` +
      `${identity.current.name}; call inspect(), snapshot() or dump() there: ` +
      "they show this process as well",
  );
}

function programName(): string {
  const { mainModule } = runtime;
  return mainModule?.slice(mainModule.lastIndexOf("/") + 1) || runtime.name;
}
