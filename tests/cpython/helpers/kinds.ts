/**
 * Binds a suite to kinds of objects, as the mixins of CPython's
 * `test/_test_multiprocessing.py` do: the same cases run with objects of the package
 * (`processes`), with proxies of a manager's (`manager`), and with those of
 * `multiprocessing.dummy` (`threads`).
 *
 * A case uses what its kind has, and nothing else: `kind.Lock()`, `kind.Queue()`. What
 * differs between kinds it looks up by `kind.TYPE`. All objects have the types of the
 * package's own, as the others have the same methods; so what may be a promise is awaited.
 */
import { fail } from "node:assert/strict";
import {
  active_children,
  Barrier,
  BoundedSemaphore,
  Condition,
  current_process,
  Event,
  JoinableQueue,
  Lock,
  Pipe,
  Pool,
  Process,
  Queue,
  RLock,
  Semaphore,
} from "../../../mod.ts";
import {
  Client,
  type Connection,
  families,
  Listener,
} from "../../../src/connection.ts";
import * as dummy from "../../../src/dummy.ts";
import * as dummyConnection from "../../../src/dummy/connection.ts";
import { SyncManager } from "../../../src/managers.ts";
import type { BasePool } from "../../../src/pool/base_pool.ts";
import type { PoolWorker } from "../../../src/pool/worker_link.ts";
import { LEAKING } from "../../helpers/groups.ts";
import { test, type TestOptions } from "../../suite.ts";
import { CLAIM_WAIT, exitcodeOf } from "./checks.ts";

/** CPython's `TYPE` of a mixin. */
export type Type = "processes" | "manager" | "threads";

/** CPython's default of `ALLOWED_TYPES`. */
export const ALL: readonly Type[] = ["processes", "manager", "threads"];

/** Any function with its own arguments. */
// deno-lint-ignore no-explicit-any -- its arguments are checked where it is called
type Any = (...args: any[]) => any;

/** What a process is made with: its function, and what CPython's suite gives it too. */
export interface Work {
  target?: Any;
  args?: Iterable<unknown>;
  kwargs?: Record<string, unknown>;
  name?: string;
}

/** CPython's `connection` of a mixin. */
export interface Connections {
  readonly families: readonly unknown[];
  Listener(options?: { family: unknown }): Promise<Listener>;
  Client(address: unknown): Promise<Connection>;
}

/** The factories of one kind of objects. */
export interface Kind {
  readonly TYPE: Type;
  /** Whether its objects are on a server: what they hold is not in their texts. */
  readonly isOnServer?: boolean;
  readonly connection: Connections;
  Process(work?: Work): Process;
  current_process(): { readonly name: string };
  active_children(): Process[];
  Pipe(duplex?: boolean): [Connection, Connection];
  Lock(): Promise<Lock>;
  RLock(): Promise<RLock>;
  Semaphore(value: number): Promise<Semaphore>;
  BoundedSemaphore(value: number): Promise<BoundedSemaphore>;
  Condition(): Promise<Condition>;
  Event(): Promise<Event>;
  Barrier(
    parties: number,
    action?: Any | null,
    timeout?: number | null,
  ): Promise<Barrier>;
  Queue<T>(maxsize?: number | { maxsize: number }): Promise<Queue<T>>;
  JoinableQueue<T>(maxsize?: number): Promise<JoinableQueue<T>>;
  Pool(
    processes: number,
    initializer?: Any,
    initargs?: unknown[],
  ): Promise<BasePool<PoolWorker>>;
  /** What callbacks may append to. */
  list(): Promise<{ append(value: unknown): unknown; values(): Promise<unknown[]> }>;
}

/** The objects of the package, which other processes share. */
export const PROCESSES: Kind = {
  TYPE: "processes",
  connection: { families, Listener, Client } as unknown as Connections,
  Process: (work) => new Process(work as { target: Any }),
  current_process,
  active_children,
  Pipe,
  Lock: async () => await Lock(),
  RLock: async () => await RLock(),
  Semaphore: async (value) => await Semaphore(value),
  BoundedSemaphore: async (value) => await BoundedSemaphore(value),
  Condition: async () => await Condition(),
  Event: async () => await Event(),
  Barrier: async (parties, action = null, timeout = null) =>
    await Barrier(parties, action, timeout),
  Queue: async <T>(maxsize = 0) => await Queue<T>(maxsize as number),
  JoinableQueue: async <T>(maxsize = 0) => await JoinableQueue<T>(maxsize),
  Pool: async (processes, initializer, initargs = []) =>
    await Pool(processes, initializer, initargs),
  list: async () => await new LocalList(),
};

/** What a thread has raised: its exit code is 0 all the same. */
const failures = new WeakMap<object, unknown>();

/** A thread whose error can be asked for. */
class WatchedThread extends dummy.Process {
  override async run(): Promise<unknown> {
    try {
      return await super.run();
    } catch (error) {
      failures.set(this, error);
      throw error;
    }
  }
}

/** The threads of this process, and what they share. */
const THREADS: Kind = {
  ...dummy as unknown as Kind,
  TYPE: "threads",
  connection: dummyConnection as unknown as Connections,
  Process: (work) => new WatchedThread(work as { target: Any }) as unknown as Process,
  Pool: async (processes, initializer, initargs = []) =>
    await dummy.Pool(processes, initializer, initargs),
  list: PROCESSES.list,
};

/** The proxies of a manager's objects. */
export function kindOf(manager: SyncManager): Kind {
  const made = manager as unknown as Kind;
  return {
    ...PROCESSES, // a manager has no processes and connections of its own
    TYPE: "manager",
    Lock: () => made.Lock(),
    RLock: () => made.RLock(),
    Semaphore: (value) => made.Semaphore(value),
    BoundedSemaphore: (value) => made.BoundedSemaphore(value),
    Condition: () => made.Condition(),
    Event: () => made.Event(),
    Barrier: (parties, action = null, timeout = null) =>
      made.Barrier(parties, action, timeout),
    Queue: (maxsize = 0) => made.Queue(maxsize),
    JoinableQueue: (maxsize = 0) => made.JoinableQueue(maxsize),
    Pool: (processes, initializer, initargs = []) =>
      initializer === undefined
        ? made.Pool(processes)
        : made.Pool(processes, initializer, initargs),
    list: async () => {
      const list = await manager.list();
      return Object.assign(list, { values: () => list._getvalue() });
    },
  };
}

class LocalList {
  readonly #values: unknown[] = [];

  append(value: unknown): void {
    this.#values.push(value);
  }

  async values(): Promise<unknown[]> {
    return await this.#values;
  }
}

/** Options of a suite, and of single cases. */
export interface CaseOptions {
  /** The kinds that it runs with, if not all of the suite's: CPython skips the others. */
  only?: readonly Type[];
  /** Seconds until it counts as failed. */
  timeout?: number;
  /** Why Deno's checks for leaks are off; a manager's sockets are a reason already. */
  leaks?: string;
}

/** A kind that stands in for all others: of objects that behave as the package's own do. */
export interface StandIn {
  /** Its name in the names of cases. */
  readonly name: string;
  /** Makes it, has a case use it, and puts it away. */
  use(fn: (kind: Kind) => Promise<void>): Promise<void>;
  readonly options: TestOptions;
}

let standIn: StandIn | undefined;

/** From now on, all cases that know kinds are bound to this one alone. */
export function bindInstead(kind: StandIn): void {
  standIn = kind;
}

/**
 * Binds a suite to kinds: gives what registers a case, once for each of them. A manager is
 * made for each case and is shut down after it.
 *
 * @param suite CPython's name of it.
 * @param types The kinds.
 * @param initializer What the manager's server runs first. It loads the module of that, and
 * so what clients may name; otherwise the server would load the test file.
 */
export function bind(
  suite: string,
  types: readonly Type[],
  initializer: (() => void) | null = null,
) {
  // A timer of a manager's case, for the proxies that it sent, rings half a minute later.
  const leaks = types.includes("manager") ? LEAKING : {};
  return (
    name: string,
    fn: (kind: Kind) => Promise<void>,
    { only = types, ...options }: CaseOptions = {},
  ): void => {
    if (standIn !== undefined) {
      // Those for one kind use the package's own names.
      if (only.length === 1) return;
      const { name: kind, use, options: own } = standIn;
      return test(`${suite}.${name} (${kind})`, () => use(fn), { ...options, ...own });
    }
    for (const type of only) {
      const title = `${suite}.${name} (${type})`;
      const run = type === "manager"
        ? () => withManager(fn, initializer)
        : () => fn(type === "threads" ? THREADS : PROCESSES);
      test(title, run, { ...leaks, ...options });
    }
  };
}

async function withManager(
  fn: (kind: Kind) => Promise<void>,
  initializer: (() => void) | null,
): Promise<void> {
  const manager = new SyncManager();
  await manager.start(initializer);
  try {
    await fn(kindOf(manager));
  } finally {
    await manager.shutdown();
  }
}

/** Starts daemons that run a function, and gives them. */
export async function startAll<A extends unknown[]>(
  kind: Kind,
  count: number,
  target: (...args: A) => unknown,
  args: A,
): Promise<Process[]> {
  const processes = Array.from({ length: count }, () => {
    const p = kind.Process({ target, args });
    p.daemon = true;
    return p;
  });
  for (const p of processes) await p.start();
  return processes;
}

/** Waits for processes that are to end well. @throws {Error} if one does not */
export async function endAll(processes: readonly Process[]): Promise<void> {
  for (const p of processes) {
    if (p instanceof Process) {
      const exitcode = await exitcodeOf(p);
      if (exitcode !== 0) fail(`${p.name} ended with ${exitcode}`);
    } else await endThread(p as unknown as dummy.DummyProcess);
  }
}

async function endThread(p: dummy.DummyProcess): Promise<void> {
  await p.join(CLAIM_WAIT);
  if (p.is_alive()) fail(`${p.name} did not end within ${CLAIM_WAIT} s`);
  if (failures.has(p)) throw failures.get(p);
}

/** All that is in a queue now. */
export async function drain<T>(queue: Queue<T>): Promise<T[]> {
  const items: T[] = [];
  while (!await queue.empty()) items.push(await queue.get());
  return items;
}
