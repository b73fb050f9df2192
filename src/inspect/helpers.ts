/**
 * Who could end a wait. The answer errs on the side of life: whoever might do it is named,
 * and where that is not known, or where nobody needs to do anything, the wait counts as one
 * that ends.
 *
 * | a wait for | ends by |
 * | --- | --- |
 * | a lock | its holder; for a bare `Lock` whoever has the handle, as any process may release it |
 * | a semaphore | whoever has the handle, or those who took the permits, if by `with` |
 * | an item, room, a message, an event, a barrier, a notification | whoever has the object |
 * | the end of a process | that process |
 * | a pool's result | its workers |
 * | a task, in a worker without one | the pool's process |
 *
 * @module
 */
import type {
  LockSnapshot,
  ObjectSnapshot,
  PipeSnapshot,
  PoolSnapshot,
  ProcessSnapshot,
  QueueSnapshot,
  SignalSnapshot,
  Snapshot,
  WaiterSnapshot,
  WaitSnapshot,
} from "./snapshot.ts";
import { type Index, indexOf } from "./wording.ts";

/** Those who could end a wait, if none of them can go on. */
export interface Helpers {
  /** The numbers of the processes. */
  readonly processes: ReadonlySet<number>;
  /**
   * Whether any other process could become one of them: a handle is on its way, or nobody is
   * there, so it waits for something like its own end.
   */
  readonly orAnyone: boolean;
  /** Those who have it, if it is a lock, or permits that are certainly given back by them. */
  readonly takers: ReadonlySet<number> | null;
}

/** A wait, and who could end it. */
export interface Blocked {
  readonly wait: WaitSnapshot;
  readonly helpers: Helpers;
}

/** A process that may be stuck. */
export interface Member {
  readonly process: ProcessSnapshot;
  /** Its waits; none for a worker without a task. */
  readonly blocked: readonly Blocked[];
  /** Who could give that worker a task. */
  readonly idle: Helpers | undefined;
}

/** What ends by itself, or may; nothing is to be said of it. */
export type Life = "life";

/** A snapshot with what is looked up in it. */
export interface View extends Index {
  /** The pool of each process that is a worker. */
  readonly poolOf: ReadonlyMap<number, PoolSnapshot>;
}

/** Prepares a snapshot. */
export function viewOf(snapshot: Snapshot): View {
  const poolOf = new Map<number, PoolSnapshot>();
  for (const pool of snapshot.pools) {
    for (const { process } of pool.workers) {
      if (process !== null) poolOf.set(process, pool);
    }
  }
  return { ...indexOf(snapshot), poolOf };
}

/** Whether it is a pool's worker that has nothing to do. */
export function isIdleWorker(process: ProcessSnapshot): boolean {
  const { role, tasks, waits } = process;
  return role === "worker" && tasks.length === 0 && waits.length === 0;
}

/** Who gives a worker without a task its next one. */
export function helpersOfIdle(worker: ProcessSnapshot, view: View): Helpers | Life {
  const pool = view.poolOf.get(worker.number);
  if (pool === undefined || pool.queued > 0) return "life";
  return { processes: new Set([pool.process]), orAnyone: false, takers: null };
}

/** Who could end this wait of a process. */
export function helpersOf(
  wait: WaitSnapshot,
  waiting: ProcessSnapshot,
  view: View,
): Helpers | Life {
  if (wait.left !== null || wait.isOpen) return "life";
  if (wait.object !== null) {
    const object = view.objects.get(wait.object);
    return object === undefined ? "life" : ofObject(object, wait, waiting, view);
  }
  if (wait.pool !== null) return ofPool(wait.pool, view);
  if (wait.process === null) return "life";
  const { role } = view.processes.get(wait.process) ?? { role: "manager" };
  // A process that is unknown has ended just now; a manager's server can always answer.
  return role === "manager" ? "life" : only([wait.process]);
}

function only(processes: Iterable<number>): Helpers {
  return { processes: new Set(processes), orAnyone: false, takers: null };
}

function ofObject(
  object: ObjectSnapshot,
  wait: WaitSnapshot,
  waiting: ProcessSnapshot,
  view: View,
): Helpers | Life {
  switch (object.kind) {
    case "lock":
      return ofLock(object, waiting, view);
    case "queue":
      return ofQueue(object, wait.op, waiting);
    case "pipe":
      return ofPipe(object, wait.op, waiting, view);
    case "condition":
    case "event":
    case "barrier":
      return ofSignal(object, waiting, view);
  }
}

/** Whoever else has the object; a daemon's parent too, as its end ends the wait. */
function others(object: ObjectSnapshot, waiting: ProcessSnapshot): Helpers {
  const processes = new Set(object.holders);
  processes.delete(waiting.number);
  const isAlone = processes.size === 0;
  if (waiting.daemon && waiting.parent !== null) processes.add(waiting.parent);
  return {
    processes,
    orAnyone: object.inTransit > 0 || isAlone,
    takers: null,
  };
}

// ------------------------------------------------------------------------------ locks

function ofLock(
  lock: LockSnapshot,
  waiting: ProcessSnapshot,
  view: View,
): Helpers | Life {
  if (lock.value > 0) return "life";
  const takers = new Set(numbers(lock.takers));
  if (takers.size === 0) return others(lock, waiting);
  if (isReleasedByTakers(lock, takers, view)) {
    return { processes: takers, orAnyone: false, takers };
  }
  const processes = new Set([...lock.holders, ...takers]);
  if (!takers.has(waiting.number)) processes.delete(waiting.number);
  const orAnyone = lock.inTransit > 0;
  return { processes, orAnyone, takers: lock.isOwned ? takers : null };
}

/** Whether those who have it are certainly the only ones to release it. */
function isReleasedByTakers(
  lock: LockSnapshot,
  takers: ReadonlySet<number>,
  view: View,
): boolean {
  if (lock.isOwned && lock.type === "RLock") return true;
  return [...takers].every((taker) => {
    const holds = view.processes.get(taker)?.holds ?? [];
    const mine = holds.filter(({ object }) => object === lock.id);
    return mine.length > 0 && mine.every(({ isScoped }) => isScoped === true);
  });
}

function numbers(waiters: readonly WaiterSnapshot[]): number[] {
  return waiters.map(({ process }) => process);
}

// ---------------------------------------------------------------- queues, pipes, signals

function ofQueue(
  queue: QueueSnapshot,
  op: string,
  waiting: ProcessSnapshot,
): Helpers | Life {
  const { depth, maxsize, unfinished, isShutDown } = queue;
  if (isShutDown) return "life";
  switch (op) {
    case "get":
      return depth > 0 ? "life" : others(queue, waiting);
    case "put":
      return maxsize === 0 || depth < maxsize ? "life" : others(queue, waiting);
    case "join":
      return unfinished === null || unfinished === 0 ? "life" : others(queue, waiting);
    default:
      return "life";
  }
}

function ofPipe(
  end: PipeSnapshot,
  op: string,
  waiting: ProcessSnapshot,
  view: View,
): Helpers | Life {
  const other = view.objects.get(end.other);
  if (other === undefined || other.kind !== "pipe") return "life";
  // Where nobody has the other end, the wait ends at once.
  if (other.holders.length === 0 && other.inTransit === 0) return "life";
  if (op === "recv") return end.depth > 0 ? "life" : others(other, waiting);
  return op === "send" && other.depth > 0 ? others(other, waiting) : "life";
}

function ofSignal(
  signal: SignalSnapshot,
  waiting: ProcessSnapshot,
  view: View,
): Helpers | Life {
  if (signal.isSet) return "life";
  if (signal.kind === "barrier") {
    const { parties, waiters } = signal;
    if (parties === null || waiters.length >= parties) return "life";
  }
  const helpers = others(signal, waiting);
  if (signal.kind !== "condition" || numbers(signal.waiters).includes(waiting.number)) {
    return helpers;
  }
  // It is awake, and waits for the lock.
  const lock = signal.lock === null ? undefined : view.objects.get(signal.lock);
  return lock?.kind === "lock" ? ofLock(lock, waiting, view) : "life";
}

// ------------------------------------------------------------------------------ pools

function ofPool(number: number, view: View): Helpers | Life {
  const pool = view.pools.get(number);
  if (pool === undefined || pool.workers.length === 0) return "life";
  // A thread works in the process of the pool.
  const workers = pool.workers.map(({ process }) => process ?? pool.process);
  const isFree = pool.workers.some(({ isBusy }) => !isBusy);
  return pool.queued > 0 && isFree ? "life" : only(workers);
}
