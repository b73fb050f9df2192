/**
 * The seam at which a process is observed. While nobody looks, each place that an observer
 * would hear of costs one check of a variable; nothing of src/inspect is loaded.
 *
 * Those that wait say what they wait in and for: one of {@linkcode ops}, and a number or a
 * pool. These are constants, so that nothing is made where nobody looks.
 *
 * @module
 */

/** What a wait is in. */
export interface Op {
  /** The name of the method, as the user knows it. */
  readonly name: string;
  /** What the number is of that goes with it; `managed` is an object of a manager's server. */
  readonly of: "object" | "process" | "managed" | null;
  /** Whether something from outside the program may end it. */
  readonly isOpen: boolean;
}

function op(name: string, of: Op["of"], isOpen = false): Op {
  return { name, of, isOpen };
}

/** All of them. */
export const ops = {
  get: op("get", "object"),
  put: op("put", "object"),
  joinQueue: op("join", "object"),
  acquire: op("acquire", "object"),
  wait: op("wait", "object"),
  recv: op("recv", "object"),
  send: op("send", "object"),
  join: op("join", "process"),
  /** Of a pool: what is waited for is the pool. */
  result: op("result", null),
  next: op("next", null),
  joinPool: op("join", null),
  supervise: op("run", null, true),
  joinThread: op("join", null, true),
  /** Of sockets, and of several things at once. */
  accept: op("accept", null, true),
  connect: op("Client", null, true),
  recvSocket: op("recv", null, true),
  sendSocket: op("send", null, true),
  waitAny: op("wait", null, true),
} as const;

/** Where a managed object is. */
export interface ManagedServer {
  /** Its pid; 0 while that is not known. */
  readonly server: number;
}

/** A wait of which an observer has heard. */
export interface ObservedWait {
  /** What the program waits for. It is to have one reaction only, that of the program. */
  promise: Promise<unknown> | undefined;
  /** It is over; false if it was before. */
  end(): boolean;
}

/** What is told of a process that is observed. */
export interface Observer {
  /**
   * A wait begins.
   *
   * @param on The number of the object or process, 0 if there is none; or a pool.
   * @param timeout Seconds; null for ever.
   * @param hasSignal Whether a signal may end it.
   * @param server Where it is, if it is a managed object.
   */
  wait(
    op: Op,
    on: number | object,
    timeout: number | null,
    hasSignal: boolean,
    server?: ManagedServer,
  ): ObservedWait;
  /** A handle is made of a new object. */
  made(object: number, type: string): void;
  /** A pool is made. */
  madePool(pool: number): void;
  /** A manager is asked for an object; what this gives is told of it when it is there. */
  making?(): (server: number, object: number, type: string) => void;
  /** A lock is acquired; not all is told, see {@linkcode sampling}. */
  acquired(lock: ObservedLock): void;
}

/** A task of one of this process's pools that is over. */
export interface FinishedTask {
  /** The number of its pool: see `livePools`. */
  readonly pool: number;
  /** The name of the worker. */
  readonly worker: string;
  /** The name of the function. */
  readonly func: string;
  /** The calls that the task was made of. */
  readonly count: number;
  /** When it began, on the runtime's clock. */
  readonly begin: number;
  /** How long it ran. */
  readonly seconds: number;
  readonly hasFailed: boolean;
}

/** Is told of tasks of all pools of this process. */
export type TaskObserver = (task: FinishedTask) => void;

/**
 * Hears of what happens in this process; undefined while nobody looks. Fields, not variables
 * that are exported: where the package is a script, others would see those as they were at
 * first.
 */
export const observed: { by: Observer | undefined; tasks: TaskObserver | undefined } = {
  by: undefined,
  tasks: undefined,
};

/** Has this process observed, or no longer; and the tasks of its pools. */
export function setObserver(to: Observer | undefined, tasks?: TaskObserver): void {
  observed.by = to;
  observed.tasks = tasks;
}

/** A lock or semaphore, as an observer sees it. */
export interface ObservedLock {
  /** Its number in the hub. */
  readonly _number: number;
  /** How often this process holds it. */
  readonly _held: number;
}

/** A handle of a shared object, as an observer sees it: 0 and false if it is no lock. */
export interface ObservedHandle extends ObservedLock {
  /** Whether it is held by a block that releases it. */
  readonly _isScoped: boolean;
}

/**
 * While this process is observed the period changes every few milliseconds: a lock tells that
 * it is acquired once in each, and so do the first few acquisitions in it, of whichever lock.
 */
export const sampling: { period: number; left: number } = { period: 0, left: 0 };

/** A lock is acquired, and that is to be told. Gives the period that it is told of in no more. */
export function tellAcquired(lock: ObservedLock): number {
  observed.by?.acquired(lock);
  return sampling.left-- > 0 ? -1 : sampling.period;
}

// ------------------------------------------------------------- what is to be looked at
//
// What can tell something says so here when it is loaded. So an observer loads nothing that
// the process has no use for.

/** A task of a pool's worker. */
export interface CurrentTask {
  readonly func: string;
  /** Its arguments; undefined while they are not there. */
  readonly args: unknown;
  /** When it began, on the runtime's clock. */
  readonly since: number;
}

/** What this process can tell of itself. */
export interface Sources {
  /** The task that it runs, if it is a pool's worker; undefined for none. */
  task: (() => CurrentTask | undefined) | undefined;
  /** The objects of a manager's server, if it is one, as inspect/report.ts has them. */
  managed: (() => object[]) | undefined;
  /** The handles of this process; undefined if it can have none. */
  handles: (() => Iterable<ObservedHandle>) | undefined;
  /** Its pools by number, as pool/live_pools.ts has them; undefined if it can have none. */
  pools: (() => Map<number, object>) | undefined;
}

/** What this process can tell of itself. */
export const sources: Sources = {
  task: undefined,
  managed: undefined,
  handles: undefined,
  pools: undefined,
};

// --------------------------------------------------------------------- the late parts

/** Has this process observed from now on, or no longer; of inspect/observer.ts. */
export type Observe = (how: ObserveOptions, send: (report: Uint8Array) => void) => void;

/** How a process is observed. */
export interface ObserveOptions {
  /** Milliseconds between two reports; 0 for no more. */
  readonly interval: number;
  /** Whether arguments of tasks may be shown. */
  readonly args: boolean;
}

let loadObserve: (() => Promise<Observe>) | undefined;
/** Settles when the present change is done. */
let changing: Promise<void> | undefined;

/** Sets how the module is loaded that observes. */
export function setObserveLoader(load: () => Promise<Observe>): void {
  loadObserve = load;
}

/** The root has asked this process to report, or to stop. */
export function observe(how: ObserveOptions, send: (report: Uint8Array) => void): void {
  const before = changing;
  const change = async () => {
    await before;
    (await loadObserve!())(how, send);
  };
  const mine = changing = change().catch(() => {}).finally(() => {
    if (changing === mine) changing = undefined;
  });
}

/** Settles when this process is observed, if it is to be; undefined if there is nothing to wait for. */
export function whenObserved(): Promise<void> | undefined {
  return changing;
}
