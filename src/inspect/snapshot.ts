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
  /** From 1. */
  readonly line: number;
  /** From 1. */
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
  /** Where that is in the program. */
  readonly place: Place | null;
}

/** A lock or permit that a process has. */
export interface HoldSnapshot {
  /** Its number. */
  readonly object: number;
  /** For how long. */
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
  /** The lock that it had. */
  readonly first: number;
  /** The lock that it took then. */
  readonly second: number;
  /** Where it had acquired the first. */
  readonly firstPlace: Place | null;
  /** Where it acquired the second. */
  readonly secondPlace: Place | null;
}

/** What a process does, in a word. A pool's worker without a task is idle. */
export type ProcessState =
  | "starting"
  | "running"
  | "waiting"
  | "sleeping"
  | "idle"
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
  /** For how long. */
  readonly age: number;
}

/** One process of the program. */
export interface ProcessSnapshot {
  /** Its number in the hub. */
  readonly number: number;
  /** Its number in the system. */
  readonly pid: number;
  /** The process that started it; null for the main process. */
  readonly parent: number | null;
  /** Its name. */
  readonly name: string;
  /** What it is for. */
  readonly role: ProcessRole;
  /** Whether it ends with its parent. */
  readonly daemon: boolean;
  /** The host that it runs on; null for this one. */
  readonly host: string | null;
  /** Its runtime and version, such as `node 24.21.0`. */
  readonly runtime: string;
  /** What it does. */
  readonly state: ProcessState;
  /** Since when it runs. */
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
  /** What it waits in. */
  readonly waits: readonly WaitSnapshot[];
  /** The locks and permits that it has. */
  readonly holds: readonly HoldSnapshot[];
  /** In which orders it has taken locks since it is observed, each once. */
  readonly orders: readonly LockOrder[];
  /** Tasks that it runs, if it is a pool's worker. */
  readonly tasks: readonly RunningTask[];
}

/** A process that waits at an object. */
export interface WaiterSnapshot {
  /** The process. */
  readonly process: number;
  /** For how long. */
  readonly age: number | null;
}

/** What all shared objects have. */
export interface ObjectBase {
  /** Its number. */
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
  /** What it is. */
  readonly kind: "queue";
  /** Items that were put and not taken. */
  readonly depth: number;
  /** Items that fit in; 0 for any number. */
  readonly maxsize: number;
  /** Items put and taken since it was made. */
  readonly puts: number;
  /** Items taken since it was made. */
  readonly gets: number;
  /** How long the item that is next has been there; null if there is none. */
  readonly oldest: number | null;
  /** Items without `task_done`; null for a queue that does not count them. */
  readonly unfinished: number | null;
  /** Whether it was shut down. */
  readonly isShutDown: boolean;
  /** Those that wait for items. */
  readonly getters: readonly WaiterSnapshot[];
  /** Those that wait for room. */
  readonly putters: readonly WaiterSnapshot[];
  /** Those that wait until all is done. */
  readonly joiners: readonly WaiterSnapshot[];
}

/** Locks and semaphores. */
export interface LockSnapshot extends ObjectBase {
  /** What it is. */
  readonly kind: "lock";
  /** Permits that are free. */
  readonly value: number;
  /** Who holds it, or has taken permits, each as often as it has. */
  readonly takers: readonly WaiterSnapshot[];
  /** Whether a permit belongs to its taker: true for locks, false for semaphores. */
  readonly isOwned: boolean;
  /** Those that wait. */
  readonly waiters: readonly WaiterSnapshot[];
  /** How often it was granted. */
  readonly grants: number;
}

/** Conditions, events and barriers. */
export interface SignalSnapshot extends ObjectBase {
  /** What it is. */
  readonly kind: "condition" | "event" | "barrier";
  /** Whether an event is set, or a barrier broken. */
  readonly isSet: boolean;
  /** The number that a barrier waits for; null for the others. */
  readonly parties: number | null;
  /** The condition's lock; null for the others. */
  readonly lock: number | null;
  /** Those that wait. */
  readonly waiters: readonly WaiterSnapshot[];
}

/** One end of a pipe. */
export interface PipeSnapshot extends ObjectBase {
  /** What it is. */
  readonly kind: "pipe";
  /** The other end. */
  readonly other: number;
  /** Messages and bytes that wait to be received at this end. */
  readonly depth: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Messages sent to this end. */
  readonly sends: number;
  /** Messages received at it. */
  readonly receives: number;
  /** Those that wait for messages. */
  readonly readers: readonly WaiterSnapshot[];
  /** Those that wait for room to send from this end. */
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
  /** 99 of 100. */
  readonly p99: number | null;
}

/** A worker of a pool, as the pool knows it. */
export interface WorkerSnapshot {
  /** Its process; null for a thread. */
  readonly process: number | null;
  /** Its name. */
  readonly name: string;
  /** Whether it runs a task. */
  readonly isBusy: boolean;
  /** The share of its life that it was busy, 0 to 1. */
  readonly share: number;
  /** Tasks that have ended. */
  readonly done: number;
}

/** A task that is over, for the pool's lanes. */
export interface SpanSnapshot {
  /** The worker's name. */
  readonly worker: string;
  /** The function's name. */
  readonly func: string;
  /** Milliseconds since 1970 when it began, with a fraction. */
  readonly begin: number;
  /** How long it took. */
  readonly seconds: number;
  /** The number of calls: of those in a chunk, and in short tasks that were put together. */
  readonly count: number;
  /** Whether it has failed. */
  readonly hasFailed: boolean;
}

/** A pool. */
export interface PoolSnapshot {
  /** Its number. */
  readonly id: number;
  /** The process that made it. */
  readonly process: number;
  /** Its name. */
  readonly name: string | null;
  /** Where that is in the program. */
  readonly place: Place | null;
  /** Its workers; none if it has ended and is there only for its last tasks. */
  readonly workers: readonly WorkerSnapshot[];
  /** Tasks that no worker has begun. */
  readonly queued: number;
  /** Tasks that have ended. */
  readonly done: number;
  /** Those among them that have failed. */
  readonly failed: number;
  /** How long tasks ran, and how long they had waited for that. */
  readonly run: HistogramSnapshot;
  /** How long they had waited for that. */
  readonly wait: HistogramSnapshot;
  /** Tasks that ended since the snapshot before. */
  readonly spans: readonly SpanSnapshot[];
}

/** One line of what a process has printed. */
export interface OutputLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The process. */
  readonly process: number;
  /** Where it was printed. */
  readonly stream: "stdout" | "stderr";
  /** The line, without its end. */
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
  /** Who waits for what, and where. */
  readonly lines: readonly string[];
}

/** Two locks that were taken in both orders: nothing has happened yet. */
export interface Inversion {
  /** The two locks. */
  readonly objects: readonly [number, number];
  /** One sentence. */
  readonly title: string;
  /** Who waits for what, and where. */
  readonly lines: readonly string[];
}

/** All of it. */
export interface Snapshot {
  /** The version of this shape. */
  readonly version: typeof SNAPSHOT_VERSION;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The name of the main module's file. */
  readonly program: string;
  /** The main process first, parents before their children. */
  readonly processes: readonly ProcessSnapshot[];
  /** All shared objects. */
  readonly objects: readonly ObjectSnapshot[];
  /** All pools. */
  readonly pools: readonly PoolSnapshot[];
  /** What was printed since the snapshot before. */
  readonly output: readonly OutputLine[];
  /** The deadlocks that are there now. */
  readonly deadlocks: readonly Deadlock[];
  /** The inversions that were seen. */
  readonly inversions: readonly Inversion[];
}
