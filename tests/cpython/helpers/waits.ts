/**
 * Every wait that can be given a time, of each kind of objects, and what it gives when that
 * is over.
 */
import { Queue } from "../../../mod.ts";
import { wait } from "../../../src/connection.ts";
import type { Connection as ThreadConnection } from "../../../src/dummy/connection.ts";
import { inThread, newThread } from "../../../src/python/thread.ts";
import { Array as SharedArray, Value } from "../../../src/sharedctypes.ts";
import { ForkAwareThreadLock } from "../../../src/util.ts";
import { socketPair } from "../../helpers/socket_pairs.ts";
import type { Kind, Type } from "./kinds.ts";
import { keepQueue, sqr, takeOne } from "./pool_targets.ts";
import { waitFor } from "./process_targets.ts";

/** Waits so many seconds. */
type Wait = (timeout: number) => Promise<unknown>;

/** What is to be done with the things of the waits in the end. */
type Ends = (() => unknown)[];

/** One or more methods that wait for the same. */
export interface Waiting {
  /** What they give in the end, or the name of what they raise; or that by their names. */
  result: unknown;
  /** The kinds that have it, if not all. */
  only?: readonly Type[];
  /** Makes what is waited for, which never comes; gives the waits by their names. */
  make(kind: Kind, ends: Ends): Promise<Record<string, Wait>>;
}

/** Something that may be acquired, and is not free. */
interface Held {
  acquire(block: boolean, timeout: number): Promise<boolean>;
  acquire(options: { timeout: number }): Promise<boolean>;
}

/** The waits for what is held; those by Python's keyword have another name. */
function acquire(name: string, held: Held): Record<string, Wait> {
  return {
    [`${name}.acquire`]: (timeout) => held.acquire(true, timeout),
    [`${name}.acquire, keyword`]: (timeout) => held.acquire({ timeout }),
  };
}

/** Has another thread take something, until the end. */
async function taken<T>(
  lock: T & { acquire(): Promise<boolean>; release(): Promise<void> },
  ends: Ends,
): Promise<T> {
  const thread = newThread(null);
  await inThread(thread, () => lock.acquire());
  ends.push(() => inThread(thread, () => lock.release()));
  return lock;
}

/** The waits of a queue that is empty and of one that is full. */
async function putAndGet(
  name: string,
  empty: Queue<number>,
  full: Queue<number>,
): Promise<[gets: Record<string, Wait>, puts: Record<string, Wait>]> {
  await full.put(1);
  return [
    {
      [`${name}.get`]: (timeout) => empty.get(true, timeout),
      [`${name}.get, keyword`]: (timeout) => empty.get({ timeout }),
    },
    {
      [`${name}.put`]: (timeout) => full.put(2, true, timeout),
      [`${name}.put, keyword`]: (timeout) => full.put(2, { timeout }),
    },
  ];
}

const PROCESSES: readonly Type[] = ["processes"];
const THREADS: readonly Type[] = ["threads"];
const NO_MANAGER: readonly Type[] = ["processes", "threads"];

const LOCKS: Waiting[] = [
  {
    result: false,
    make: async (kind, ends) =>
      acquire("Lock", await taken(await kind.Lock(), ends) as Held),
  },
  {
    result: false,
    make: async (kind, ends) =>
      acquire("RLock", await taken(await kind.RLock(), ends) as Held),
  },
  {
    result: false,
    make: async (kind) => acquire("Semaphore", await kind.Semaphore(0) as Held),
  },
  {
    result: false,
    make: async (kind, ends) =>
      acquire(
        "BoundedSemaphore",
        await taken(await kind.BoundedSemaphore(1), ends) as Held,
      ),
  },
  {
    result: false,
    make: async (kind, ends) =>
      acquire("Condition", await taken(await kind.Condition(), ends) as Held),
  },
  {
    result: false,
    only: PROCESSES,
    make: async (_kind, ends) => ({
      ...acquire("Synchronized", await taken(Value("i", 0), ends)),
      ...acquire("SynchronizedArray", await taken(SharedArray("i", 1), ends)),
      ...acquire("SynchronizedString", await taken(SharedArray("c", 1), ends)),
    }),
  },
  {
    result: false,
    only: THREADS,
    make: async (_kind, ends) =>
      acquire("ForkAwareThreadLock", await taken(new ForkAwareThreadLock(), ends)),
  },
  {
    result: false,
    async make(kind, ends) {
      const [one, other] = [await kind.Condition(), await kind.Condition()];
      for (const condition of [one, other]) {
        await condition.acquire();
        ends.push(() => condition.release());
      }
      return {
        "Condition.wait": (timeout) => one.wait(timeout),
        "Condition.wait_for": (timeout) => other.wait_for(() => false, timeout),
      };
    },
  },
  {
    result: false,
    async make(kind) {
      const event = await kind.Event();
      return { "Event.wait": (timeout) => event.wait(timeout) };
    },
  },
  {
    result: "BrokenBarrierError",
    async make(kind) {
      const barrier = await kind.Barrier(2);
      return { "Barrier.wait": (timeout) => barrier.wait(timeout) };
    },
  },
  {
    result: "BrokenBarrierError",
    make: (kind) =>
      Promise.resolve({
        "Barrier, timeout": async (timeout) =>
          await (await kind.Barrier(2, null, timeout)).wait(),
      }),
  },
];

const QUEUES: Waiting[] = (["Queue", "JoinableQueue"] as const).flatMap((name) => {
  const make = async (kind: Kind) => {
    return await putAndGet(
      name,
      await kind[name]<number>(),
      await kind[name]<number>(1),
    );
  };
  return [
    { result: "Empty", make: async (kind: Kind) => (await make(kind))[0] },
    { result: "Full", make: async (kind: Kind) => (await make(kind))[1] },
  ];
});

/** The waits for a pool whose one worker is busy. */
const POOL: Waiting = {
  result: (name: string) => name.endsWith(".wait") ? undefined : "TimeoutError",
  async make(kind, ends) {
    const gate = await kind.Queue<number>();
    const pool = await kind.Pool(1, keepQueue, [gate]);
    ends.push(() => gate.put(1), () => pool.terminate());
    const applied = await pool.apply_async(takeOne);
    const mapped = await pool.map_async(sqr, [1]);
    const ordered = await pool.imap(sqr, [1]);
    const unordered = await pool.imap_unordered(sqr, [1]);
    const waits: Record<string, Wait> = {
      "AsyncResult.get": (timeout) => applied.get(timeout),
      "AsyncResult.get, keyword": (timeout) => applied.get({ timeout }),
      "AsyncResult.wait": (timeout) => applied.wait(timeout),
      "MapResult.get": (timeout) => mapped.get(timeout),
      "MapResult.wait": (timeout) => mapped.wait(timeout),
      "IMapIterator.__next__": (timeout) => ordered.__next__(timeout),
      "IMapUnorderedIterator.__next__": (timeout) => unordered.__next__(timeout),
    };
    if (kind.TYPE === "manager") return waits; // its iterators have no more
    const others = [await pool.imap(sqr, [1]), await pool.imap_unordered(sqr, [1])];
    return {
      ...waits,
      "IMapIterator.next": async (timeout) => await others[0]!.next(timeout),
      "IMapUnorderedIterator.next": async (timeout) => await others[1]!.next(timeout),
    };
  },
};

const CONNECTIONS: Waiting[] = [
  {
    result: false,
    only: NO_MANAGER,
    make(kind, ends) {
      const [a, b] = kind.Pipe();
      ends.push(() => b.close());
      return Promise.resolve({ "Connection.poll": (timeout) => a.poll(timeout) });
    },
  },
  {
    result: "Empty",
    only: THREADS,
    make(kind) {
      const [a, b] = kind.Pipe() as unknown as ThreadConnection[];
      return Promise.resolve({
        "Connection.recv": (timeout) => a!.recv(true, timeout),
        "Connection.recv_bytes": (timeout) => b!.recv_bytes({ timeout }),
      });
    },
  },
  {
    result: false,
    only: PROCESSES,
    async make(_kind, ends) {
      const pair = await socketPair();
      ends.push(() => pair.forEach((end) => end.close()));
      return { "Connection.poll, a socket": (timeout) => pair[0].poll(timeout) };
    },
  },
  {
    result: [],
    only: PROCESSES,
    async make(kind, ends) {
      const pairs = [kind.Pipe(), await socketPair()];
      ends.push(() => pairs.flat().forEach((end) => end.close()));
      const all = pairs.map(([end]) => end);
      return { "connection.wait": (timeout) => wait(all, timeout) };
    },
  },
];

const ENDS: Waiting[] = [
  {
    result: undefined,
    only: NO_MANAGER,
    async make(kind, ends) {
      const gate = await kind.Queue<null>();
      const p = kind.Process({ target: waitFor, args: [gate] });
      await p.start();
      ends.push(() => gate.put(null), () => p.join());
      return {
        "Process.join": (timeout) => p.join(timeout),
        "Process.join, keyword": (timeout) => p.join({ timeout } as never),
      };
    },
  },
  {
    result: [],
    only: PROCESSES,
    async make(kind, ends) {
      const gate = Queue<null>();
      const p = kind.Process({ target: waitFor, args: [gate] });
      await p.start();
      ends.push(() => gate.put(null), () => p.join());
      return {
        "connection.wait, a sentinel": (timeout) => wait([p.sentinel], timeout),
      };
    },
  },
];

/** All of them. */
export const WAITS: Waiting[] = [
  ...LOCKS,
  ...QUEUES,
  POOL,
  ...CONNECTIONS,
  ...ENDS,
];
