/**
 * What an observed program looks like at one instant: plain data, which the page, the
 * deadlock finder, the text for terminals and users' own programs read. Types only.
 *
 * Times are seconds unless a name says otherwise. Numbers of processes and objects are
 * those of the hub; an object of a manager's server has a number that only snapshots know.
 * A field that could not be found out is null.
 *
 * @module
 */

/** The version of the shape below: it changes when a field changes its meaning or goes. */
export const SNAPSHOT_VERSION = 1;

/** A line of the program. */
export interface Place {
  /** The path or URL of the file, as the stack has it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function there; null at the top level of a module. */
  readonly func: string | null;
}

/** One wait of one process. */
export interface WaitSnapshot {
  /** What it waits in: the name of the method, such as `get`, `acquire`, `join`. */
  readonly op: string;
  /** The shared object; null if it waits for something else. */
  readonly object: number | null;
  /** The process that it waits for, in `join`; the manager's process, for its proxies. */
  readonly process: number | null;
  /** The pool whose result it waits for: {@linkcode PoolSnapshot.id}. */
  readonly pool: number | null;
  /** For how long. */
  readonly age: number;
  /** How much longer at most; null for ever. */
  readonly left: number | null;
  /** Whether something from outside this program may end it: a signal, a socket's other end. */
  readonly isOpen: boolean;
  readonly place: Place | null;
}

/** A lock or permit that a process has. */
export interface HoldSnapshot {
  readonly object: number;
  readonly age: number | null;
  /** Where it was acquired. */
  readonly place: Place | null;
  /**
   * Whether the process itself releases it for certain, as `with` does. A bare lock may be
   * released by others, who use it as a signal; so null and false say the same.
   */
  readonly isScoped: boolean | null;
}

/** Two locks that a process has taken in this order: the second while it had the first. */
export interface LockOrder {
  readonly first: number;
  readonly second: number;
  /** Where each was acquired. */
  readonly firstPlace: Place | null;
  readonly secondPlace: Place | null;
}

/** What a process does, in a word. */
export type ProcessState =
  | "starting"
  | "running"
  | "waiting"
  | "sleeping"
  | "stuck"
  | "stopped"
  | "silent";

/** What a process is for. */
export type ProcessRole = "main" | "process" | "worker" | "manager";

/** A task that a pool's worker runs now. */
export interface RunningTask {
  /** The function's name. */
  readonly func: string;
  /** Its arguments, shortened; null where they are not to be shown. */
  readonly args: string | null;
  readonly age: number;
}

/** One process of the program. */
export interface ProcessSnapshot {
  readonly number: number;
  readonly pid: number;
  /** The process that started it; null for the main process. */
  readonly parent: number | null;
  readonly name: string;
  readonly role: ProcessRole;
  readonly daemon: boolean;
  /** The host that it runs on; null for this one. */
  readonly host: string | null;
  /** Its runtime and version, such as `node 24.21.0`. */
  readonly runtime: string;
  readonly state: ProcessState;
  readonly age: number;
  /** Cores used since the last snapshot: 0.5 is half of one. */
  readonly cpu: number | null;
  /** Bytes of memory that are resident. */
  readonly memory: number | null;
  /** Seconds since it was last heard of; a process that computes is silent meanwhile. */
  readonly silence: number;
  /**
   * Whether something that is not of this package may still happen in it: a timer, a
   * server, a child of its own. Null where the runtime does not tell.
   */
  readonly isAlive: boolean | null;
  readonly waits: readonly WaitSnapshot[];
  readonly holds: readonly HoldSnapshot[];
  /** In which orders it has taken locks since it is observed, each once. */
  readonly orders: readonly LockOrder[];
  /** Tasks that it runs, if it is a pool's worker. */
  readonly tasks: readonly RunningTask[];
}

/** A process that waits at an object. */
export interface WaiterSnapshot {
  readonly process: number;
  readonly age: number | null;
}

/** What all shared objects have. */
export interface ObjectBase {
  readonly id: number;
  /** The class's name, such as `Queue`, `RLock`. */
  readonly type: string;
  /** The name of the variable or field that it was first kept in; null if that is unknown. */
  readonly name: string | null;
  /** Where it was made. */
  readonly place: Place | null;
  /** The processes that hold it. */
  readonly holders: readonly number[];
  /** Handles of it that are on their way: in items, and to processes that start. */
  readonly inTransit: number;
  /** The process whose memory it lives in: the main process, or a manager's. */
  readonly home: number;
}

/** Queues of all kinds. */
export interface QueueSnapshot extends ObjectBase {
  readonly kind: "queue";
  /** Items that were put and not taken. */
  readonly depth: number;
  /** Items that fit in; 0 for any number. */
  readonly maxsize: number;
  /** Items put and taken since it was made. */
  readonly puts: number;
  readonly gets: number;
  /** How long the item that is next has been there; null if there is none. */
  readonly oldest: number | null;
  /** Items without `task_done`; null for a queue that does not count them. */
  readonly unfinished: number | null;
  readonly isShutDown: boolean;
  readonly getters: readonly WaiterSnapshot[];
  readonly putters: readonly WaiterSnapshot[];
  readonly joiners: readonly WaiterSnapshot[];
}

/** Locks and semaphores. */
export interface LockSnapshot extends ObjectBase {
  readonly kind: "lock";
  /** Permits that are free. */
  readonly value: number;
  /** Who holds it, or has taken permits, each as often as it has. */
  readonly takers: readonly WaiterSnapshot[];
  /** Whether a permit belongs to its taker: true for locks, false for semaphores. */
  readonly isOwned: boolean;
  readonly waiters: readonly WaiterSnapshot[];
  /** How often it was granted. */
  readonly grants: number;
}

/** Conditions, events and barriers. */
export interface SignalSnapshot extends ObjectBase {
  readonly kind: "condition" | "event" | "barrier";
  /** Whether an event is set, or a barrier broken. */
  readonly isSet: boolean;
  /** The number that a barrier waits for; null for the others. */
  readonly parties: number | null;
  /** The condition's lock; null for the others. */
  readonly lock: number | null;
  readonly waiters: readonly WaiterSnapshot[];
}

/** One end of a pipe. */
export interface PipeSnapshot extends ObjectBase {
  readonly kind: "pipe";
  /** The other end. */
  readonly other: number;
  /** Messages and bytes that wait to be received at this end. */
  readonly depth: number;
  readonly bytes: number;
  readonly sends: number;
  readonly receives: number;
  readonly readers: readonly WaiterSnapshot[];
  readonly writers: readonly WaiterSnapshot[];
}

/** A shared object, told apart by `kind`. */
export type ObjectSnapshot =
  | QueueSnapshot
  | LockSnapshot
  | SignalSnapshot
  | PipeSnapshot;

/** Counts of durations by powers of two, as `stats()` gives them. */
export interface HistogramSnapshot {
  /** The number of durations. */
  readonly count: number;
  /** `buckets[i]` were shorter than `2 ** i` microseconds, and not in the bucket before. */
  readonly buckets: readonly number[];
  /** Half of them, and 99 of 100, were shorter than this many seconds; null without any. */
  readonly p50: number | null;
  readonly p99: number | null;
}

/** A worker of a pool, as the pool knows it. */
export interface WorkerSnapshot {
  /** Its process; null for a thread. */
  readonly process: number | null;
  readonly name: string;
  readonly isBusy: boolean;
  /** The share of its life that it was busy, 0 to 1. */
  readonly share: number;
  readonly done: number;
}

/** A task that is over, for the pool's lanes. */
export interface SpanSnapshot {
  /** The worker's name. */
  readonly worker: string;
  readonly func: string;
  /** Milliseconds since 1970 when it began, with a fraction. */
  readonly begin: number;
  readonly seconds: number;
  /** The number of tasks, if short ones were put together. */
  readonly count: number;
  readonly hasFailed: boolean;
}

/** A pool. */
export interface PoolSnapshot {
  readonly id: number;
  /** The process that made it. */
  readonly process: number;
  readonly name: string | null;
  readonly place: Place | null;
  readonly workers: readonly WorkerSnapshot[];
  /** Tasks that no worker has begun. */
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
  /** How long tasks ran, and how long they had waited for that. */
  readonly run: HistogramSnapshot;
  readonly wait: HistogramSnapshot;
  /** Tasks that ended since the snapshot before. */
  readonly spans: readonly SpanSnapshot[];
}

/** One line of what a process has printed. */
export interface OutputLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly process: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Processes of which none can go on. */
export interface Deadlock {
  /** Whether it is certain; else something that this package does not see may still help. */
  readonly isCertain: boolean;
  /** The numbers of those processes. */
  readonly processes: readonly number[];
  /** For how long the youngest of their waits has lasted. */
  readonly age: number;
  /** One sentence, and then who waits for what, where, and who could help. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** Two locks that were taken in both orders: nothing has happened yet. */
export interface Inversion {
  readonly objects: readonly [number, number];
  readonly title: string;
  readonly lines: readonly string[];
}

/** All of it. */
export interface Snapshot {
  readonly version: typeof SNAPSHOT_VERSION;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The name of the main module's file. */
  readonly program: string;
  /** The main process first, parents before their children. */
  readonly processes: readonly ProcessSnapshot[];
  readonly objects: readonly ObjectSnapshot[];
  readonly pools: readonly PoolSnapshot[];
  /** What was printed since the snapshot before. */
  readonly output: readonly OutputLine[];
  readonly deadlocks: readonly Deadlock[];
  readonly inversions: readonly Inversion[];
}
