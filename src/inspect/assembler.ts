/**
 * Makes a snapshot of what the hub tells, what processes report, and what the system knows
 * of them. Pure.
 *
 * A process speaks for itself only: what it says of objects that it does not hold, or of
 * processes that are not its own, is left out.
 *
 * @module
 */
import type { HubDescription, ObjectDescription, Waiting } from "../hub/description.ts";
import { ROOT } from "../hub/ids.ts";
import type { Numbers, ProcessFacts } from "./facts.ts";
import { type HubWait, HubWaits, take } from "./hub_waits.ts";
import {
  type KnownManaged,
  managedKey,
  type ManagedObject,
  managedObjects,
} from "./managed.ts";
import type { ReportedObject, ReportedPool, ReportedWait } from "./report.ts";
import {
  type HoldSnapshot,
  type LockOrder,
  type ObjectBase,
  type ObjectSnapshot,
  type OutputLine,
  type PoolSnapshot,
  type ProcessRole,
  type ProcessSnapshot,
  type ProcessState,
  type Snapshot,
  SNAPSHOT_VERSION,
  type SpanSnapshot,
  type WaiterSnapshot,
  type WaitSnapshot,
} from "./snapshot.ts";

/** What is known of an object that its maker has told. */
export type KnownObjects = ReadonlyMap<number, ReportedObject>;

/** All that a snapshot is made of. */
export interface Facts {
  readonly at: number;
  readonly program: string;
  readonly hub: HubDescription;
  readonly processes: readonly ProcessFacts[];
  readonly known: KnownObjects;
  /** What was told of managers' objects. */
  readonly knownManaged: KnownManaged;
  /** The numbers of pools in snapshots. */
  readonly numbers: Numbers;
  /** Those of managers' objects. */
  readonly managedNumbers: Numbers;
  readonly output: readonly OutputLine[];
  /** Tasks that have ended, by the number of the pool in snapshots. */
  readonly spans: ReadonlyMap<number, readonly SpanSnapshot[]>;
  /** What was told last of pools, also of those that have ended. */
  readonly lastPools: readonly LastPool[];
}

/** A pool, by its number in snapshots. */
export interface LastPool {
  readonly number: number;
  readonly process: number;
  readonly pool: ReportedPool;
}

/** A snapshot of these facts, without what the finder of deadlocks adds. */
export function assemble(facts: Facts): Snapshot {
  const parents = new Map(
    facts.hub.members.map(({ number, parent }) => [number, parent]),
  );
  const { knownManaged, managedNumbers } = facts;
  const managed = managedObjects(facts.processes, managedNumbers, knownManaged);
  const all = [...facts.hub.objects, ...managed.values()];
  const objects = new Map(all.map((object) => [object.id, object]));
  const waits = new HubWaits(all);
  const scene = { facts, parents, objects, waits, managed };
  const processes = facts.processes
    .filter(({ number }) => parents.has(number))
    .map((process) => processSnapshot(process, scene));
  const writers = writersOf(processes);
  const snapshotOf = (
    object: ObjectDescription,
    told: ReportedObject | undefined,
    home: number,
  ) => objectSnapshot(object, told, home, writers.get(object.id) ?? []);
  return {
    version: SNAPSHOT_VERSION,
    at: facts.at,
    program: facts.program,
    processes: inTreeOrder(processes),
    objects: [
      ...facts.hub.objects.map((object) =>
        snapshotOf(object, facts.known.get(object.id), ROOT)
      ),
      ...Array.from(
        managed.values(),
        (object) => snapshotOf(object, object.told, object.home),
      ),
    ],
    pools: poolSnapshots(scene),
    output: facts.output,
    deadlocks: [],
    inversions: [],
  };
}

interface Scene {
  readonly facts: Facts;
  readonly parents: ReadonlyMap<number, number>;
  readonly objects: ReadonlyMap<number, ObjectDescription>;
  readonly waits: HubWaits;
  readonly managed: ReadonlyMap<string, ManagedObject>;
}

/** Parents before their children, those in the order of their starts. */
function inTreeOrder(processes: ProcessSnapshot[]): ProcessSnapshot[] {
  const children = new Map<number | null, ProcessSnapshot[]>();
  const numbers = new Set(processes.map(({ number }) => number));
  for (const process of processes) {
    // The children of one that has ended stand beside its own place: at the top.
    const { parent } = process;
    const under = parent === null || numbers.has(parent) ? parent : ROOT;
    const siblings = children.get(under);
    if (siblings === undefined) children.set(under, [process]);
    else siblings.push(process);
  }
  const ordered: ProcessSnapshot[] = [];
  const open = [...children.get(null) ?? []];
  while (open.length > 0) {
    const process = open.shift()!;
    ordered.push(process);
    open.unshift(...children.get(process.number) ?? []);
  }
  return ordered;
}

// -------------------------------------------------------------------------- processes

function processSnapshot(process: ProcessFacts, scene: Scene): ProcessSnapshot {
  const { number, pid, name, host, age, silence, cpu, memory, report } = process;
  const parent = number === ROOT ? null : scene.parents.get(number)!;
  const waits = waitsOf(process, scene);
  const tasks = report?.tasks ?? [];
  const role = report === undefined
    ? roleByName(number, name)
    : roleOf(number, report.role);
  return {
    ...{ number, pid, parent, host, age, silence, cpu, memory, waits, tasks },
    name: report?.name || name,
    role,
    daemon: report?.daemon ?? false,
    runtime: report?.runtime ?? "",
    state: stateOf(process, waits.length > 0, tasks.length > 0, role),
    isAlive: report?.isAlive ?? null,
    holds: holdsOf(process, scene),
    orders: ordersOf(process, scene),
  };
}

function roleOf(number: number, said: ProcessRole): ProcessRole {
  if (number === ROOT) return "main";
  return said === "main" ? "process" : said;
}

/** Of one that has not said anything. */
function roleByName(number: number, name: string): ProcessRole {
  if (number === ROOT) return "main";
  if (/PoolWorker-/.test(name)) return "worker";
  return /Manager-/.test(name) ? "manager" : "process";
}

/** Cores that are used by who runs rather than sleeps. */
const BUSY = 0.02;

function stateOf(
  { isReady, isStopped, isSilent, cpu }: ProcessFacts,
  waits: boolean,
  hasTask: boolean,
  role: ProcessRole,
): ProcessState {
  if (isStopped) return "stopped";
  if (!isReady) return "starting";
  if (isSilent) return "silent";
  if (waits) return "waiting";
  if (hasTask) return "running";
  if (role === "worker") return "idle";
  return (cpu ?? 0) >= BUSY ? "running" : "sleeping";
}

function holdsOf({ number, report }: ProcessFacts, scene: Scene): HoldSnapshot[] {
  const said = (report?.holds ?? []).filter(({ object }) =>
    scene.objects.get(object)?.kind === "lock" && isHolder(object, number, scene)
  );
  const known = new Set(said.map(({ object }) => object));
  // One that is silent, or has begun before it was observed.
  const taken = scene.waits.takenBy(number).filter(({ object }) => !known.has(object));
  return [...said, ...taken];
}

function ordersOf({ number, report }: ProcessFacts, scene: Scene): LockOrder[] {
  const isOwn = (lock: number) =>
    scene.objects.get(lock)?.kind === "lock" && isHolder(lock, number, scene);
  return (report?.orders ?? []).filter(({ first, second }) =>
    isOwn(first) && isOwn(second)
  );
}

function isHolder(object: number, process: number, { objects }: Scene): boolean {
  return objects.get(object)?.holders.includes(process) === true;
}

// ------------------------------------------------------------------------------ waits

/** The waits of a process: those that it reports, and those of which only the hub knows. */
function waitsOf({ number, report }: ProcessFacts, scene: Scene): WaitSnapshot[] {
  const left = scene.waits.of(number);
  const waits: WaitSnapshot[] = [];
  for (const said of report?.waits ?? []) {
    if (said.server !== null && said.managed !== null) {
      waits.push(managedWait(said, left, scene));
      continue;
    }
    const wait = checkedWait(said, number, scene);
    if (wait === undefined) continue;
    const now = wait.object === null ? wait : presentWait(wait, left, scene);
    if (now !== undefined) waits.push(now);
  }
  for (const { op, object, age, count, left: seconds } of left.values()) {
    const wait = { op, object, process: null, pool: null, age: age ?? 0 };
    for (let i = 0; i < Math.min(count, 16); i++) {
      waits.push({ ...wait, left: seconds, isOpen: false, place: null });
    }
  }
  return waits;
}

/** A wait for a manager's server: at an object, if it lasts until others do something. */
function managedWait(
  said: ReportedWait,
  left: Map<string, HubWait>,
  { facts, managed, objects }: Scene,
): WaitSnapshot {
  const { op, age, isOpen, place, server } = said;
  const home = facts.processes.find(({ pid, host }) => pid === server && host === null);
  const process = home?.number ?? null;
  const wait = { ...{ op, process, age, isOpen, place }, pool: null };
  const object = managed.get(managedKey(server!, said.managed!));
  const lock = object?.kind === "condition" ? object.lock : null;
  const own = object && take(left, op, object.id);
  if (own !== undefined) return { ...wait, object: own.object, left: own.left };
  if (lock !== null && objects.has(lock)) {
    const own = take(left, "acquire", lock);
    if (own !== undefined) return { ...wait, ...own };
  }
  return { ...wait, object: null, left: null };
}

/** A wait without what is not its process's own; undefined if nothing is left of it. */
function checkedWait(
  said: ReportedWait,
  number: number,
  scene: Scene,
): WaitSnapshot | undefined {
  const { op, object, process, pool, age, left, isOpen, place } = said;
  if (object !== null && !isHolder(object, number, scene)) return undefined;
  const { parents, facts } = scene;
  const isRelative = process !== null &&
    (parents.get(process) === number || parents.get(number) === process);
  return {
    ...{ op, object, age, left, isOpen, place },
    process: isRelative ? process : null,
    pool: pool === null ? null : facts.numbers.of(number, pool),
  };
}

/** As it is now: the report is older. Undefined if it is over. */
function presentWait(
  wait: WaitSnapshot,
  left: Map<string, HubWait>,
  { objects }: Scene,
): WaitSnapshot | undefined {
  const { op, object } = wait;
  if (take(left, op, object!)) return wait;
  const described = objects.get(object!)!;
  if (described.kind === "pipe") return wait; // of these the hub does not know all
  // Who was notified waits for the lock.
  const lock = described.kind === "condition" ? described.lock : null;
  if (lock !== null && take(left, "acquire", lock)) {
    return { ...wait, op: "acquire", object: lock };
  }
  return undefined;
}

// ---------------------------------------------------------------------------- objects

/**
 * Who waits for room in which end of a pipe. Processes count that themselves, so the hub does
 * not know it, and nobody of one that is not observed.
 */
function writersOf(
  processes: readonly ProcessSnapshot[],
): Map<number, WaiterSnapshot[]> {
  const writers = new Map<number, WaiterSnapshot[]>();
  for (const { number, waits } of processes) {
    for (const { op, object, age } of waits) {
      if (op !== "send" || object === null) continue;
      const list = writers.get(object);
      if (list === undefined) writers.set(object, [{ process: number, age }]);
      else list.push({ process: number, age });
    }
  }
  for (const list of writers.values()) list.sort((a, b) => (b.age ?? 0) - (a.age ?? 0));
  return writers;
}

function objectSnapshot(
  object: ObjectDescription,
  told: ReportedObject | undefined,
  home: number,
  writers: readonly WaiterSnapshot[],
): ObjectSnapshot {
  const { id, holders, inTransit } = object;
  const type = told?.type || typeOf(object);
  const base: ObjectBase = {
    ...{ id, type, holders, inTransit, home },
    name: told?.name ?? null,
    place: told?.place ?? null,
  };
  switch (object.kind) {
    case "queue": {
      const { kind, depth, maxsize, puts, gets, oldest, isShutDown } = object;
      return {
        ...{ ...base, kind, depth, maxsize, puts, gets, oldest, isShutDown },
        unfinished: type === "JoinableQueue" ? object.unfinished : null,
        getters: waiters(object.getters),
        putters: waiters(object.putters),
        joiners: waiters(object.joiners),
      };
    }
    case "lock": {
      const { kind, value, isOwned, grants } = object;
      const takers = waiters(object.takers);
      return {
        ...base,
        kind,
        value,
        isOwned,
        grants,
        takers,
        waiters: waiters(object.waiters),
      };
    }
    case "pipe": {
      const { kind, depth, bytes, sends, receives } = object;
      const readers = waiters(object.readers);
      const other = object.other ?? 0;
      return {
        ...{ ...base, kind, other, depth, bytes, sends, receives, readers },
        writers: writers.slice(0, 64),
      };
    }
    default: {
      const { kind, isSet, parties, lock } = object;
      return { ...base, kind, isSet, parties, lock, waiters: waiters(object.waiters) };
    }
  }
}

/** One for each wait. */
function waiters(waiting: readonly Waiting[]): WaiterSnapshot[] {
  return waiting.flatMap(({ process, count, age }) =>
    Array.from({ length: Math.min(count, 64) }, () => ({ process, age }))
  );
}

/** The class that an object is most likely of. */
function typeOf(object: ObjectDescription): string {
  switch (object.kind) {
    case "queue":
      return "Queue";
    case "lock":
      return object.isOwned ? "Lock" : "Semaphore";
    case "pipe":
      return "Connection";
    case "condition":
      return "Condition";
    case "event":
      return "Event";
    case "barrier":
      return "Barrier";
  }
}

// ------------------------------------------------------------------------------ pools

function poolSnapshots(scene: Scene): PoolSnapshot[] {
  const { processes, numbers, spans, lastPools } = scene.facts;
  const present = processes.flatMap(({ number, report }) =>
    (report?.pools ?? []).map((pool) =>
      poolSnapshot(numbers.of(number, pool.id), number, pool, scene)
    )
  );
  const known = new Set(present.map(({ id }) => id));
  // One that has ended is there without workers, for its last tasks.
  const ended = lastPools.filter(({ number }) =>
    !known.has(number) && spans.has(number)
  )
    .map(({ number, process, pool }) =>
      poolSnapshot(number, process, { ...pool, queued: 0, workers: [] }, scene)
    );
  return [...present, ...ended];
}

function poolSnapshot(
  id: number,
  process: number,
  pool: ReportedPool,
  { facts, parents }: Scene,
): PoolSnapshot {
  const { name, place, queued, done, failed, run, wait } = pool;
  const own = facts.processes.filter(({ number }) => parents.get(number) === process);
  const numbers = new Map(own.map(({ pid, number }) => [pid, number]));
  const workers = pool.workers.map(({ pid, ...worker }) => ({
    ...worker,
    process: numbers.get(pid ?? -1) ?? null,
  }));
  const spans = facts.spans.get(id) ?? [];
  return { id, process, name, place, workers, queued, done, failed, run, wait, spans };
}
