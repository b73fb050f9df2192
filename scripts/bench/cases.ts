/**
 * What the benchmark measures: its programs, and what the table calls their cases. Every
 * figure but that of memory is a rate, so more is better.
 *
 * @module
 */

/** One row of the table. */
export interface Case {
  title: string;
  /** The case of CPython's that it is compared with, if that has another name. */
  like?: string;
  /** The case of the same program that it is compared with, for what CPython does not have. */
  beside?: string;
  /** The figure is no rate: the less, the better. */
  lessIsBetter?: boolean;
}

/** One program of `scripts/bench/`; with a twin in Python, but where `alone` says otherwise. */
export interface Section {
  program: string;
  /** By the names that the program prints. */
  cases: Record<string, Case>;
  /** The program takes the name of a case and measures that alone, in a new process. */
  apart?: boolean;
  /** CPython has nothing like it. */
  alone?: boolean;
}

/** For each direction and size of messages; named as by `pipes.ts`. */
function pipeCases(): Record<string, Case> {
  const cases: Record<string, Case> = {
    pipeRoundTrip: { title: "pipe, round trip root and child (turns/s)" },
    pipeRoundTripOfChildren: { title: "pipe, round trip of two children (turns/s)" },
  };
  const directions = {
    ChildToRoot: "child to root",
    RootToChild: "root to child",
    ChildToChild: "child to child",
  };
  for (const [size, text] of [["100B", "100 B"], ["10KB", "10 KB"], ["1MB", "1 MB"]]) {
    for (const [name, direction] of Object.entries(directions)) {
      const title = `pipe, ${direction}, ${text} (messages/s)`;
      cases[`pipe${name}${size}`] = { title };
    }
  }
  return cases;
}

/** All programs, in the order of the table. */
export const SECTIONS: Section[] = [
  {
    program: "queues",
    cases: {
      childToRoot: { title: "queue, child to root (items/s)" },
      rootToChild: { title: "queue, root to child (items/s)" },
      childToChild: { title: "queue, child to child (items/s)" },
      childToRootInFlight: {
        title: "queue, child to root, 100 in flight (items/s)",
        like: "childToRoot",
      },
      rootToChildInFlight: {
        title: "queue, root to child, 100 in flight (items/s)",
        like: "rootToChild",
      },
      childToChildInFlight: {
        title: "queue, child to child, 100 in flight (items/s)",
        like: "childToChild",
      },
      rootToFour: { title: "queue, root to 4 children (items/s)" },
      roundTrip: { title: "two queues, round trip (turns/s)" },
      startAndJoin: { title: "process, start and join (1/s)" },
      idleMemory: {
        title: "process that waits, in memory (MB; less is better)",
        lessIsBetter: true,
      },
    },
  },
  {
    program: "starts",
    cases: {
      startSpawn: { title: "spawn, start and join (1/s)" },
      startForkserver: { title: "forkserver, start and join (1/s)" },
      startForkserverOrFork: {
        title: "forkserver, start and join; CPython's fork (1/s)",
        like: "startFork",
      },
      burstSpawn: { title: "spawn, 20 at once (1/s)" },
      burstForkserver: { title: "forkserver, 20 at once (1/s)" },
      firstResultSpawn: { title: "spawn, pool of 1 to a result (1/s)" },
      firstResultForkserver: { title: "forkserver, pool of 1 to a result (1/s)" },
      replacementSpawn: { title: "spawn, pool's killed worker to a result (1/s)" },
      replacementForkserver: {
        title: "forkserver, pool's killed worker to a result (1/s)",
      },
    },
  },
  {
    program: "synchronize",
    cases: {
      lockInRoot: { title: "lock, nobody else wants it, in the root (pairs/s)" },
      lockInChild: { title: "lock, nobody else wants it, in a child (pairs/s)" },
      lockOfTwo: { title: "lock, wanted by 2 processes (pairs/s)" },
      lockOfEight: { title: "lock, wanted by 8 processes (pairs/s)" },
      handOver: { title: "two semaphores, handing over (1/s)" },
      eventSetToWait: { title: "event, set to wait and back (1/s)" },
      barrierOfTwo: { title: "barrier of 2 (meetings/s)" },
    },
  },
  {
    program: "memory",
    cases: {
      valueInChild: { title: "Value += 1 under its lock, in a child (1/s)" },
      valueOfTwo: { title: "Value += 1 under its lock, by 2 processes (1/s)" },
      arrayElement: { title: "Array, an element += 1 (1/s)" },
      arraySlice: { title: "Array, a slice of 1,000 doubles (slices/s)" },
      largeBySegment: { title: "64 MB, child to root, by SharedMemory (1/s)" },
      largeByQueue: { title: "64 MB, child to root, by a queue (1/s)" },
    },
  },
  {
    program: "pipes",
    cases: pipeCases(),
  },
  {
    program: "pool",
    cases: {
      poolApply: { title: "pool, apply in sequence (calls/s)" },
      poolApplyAsync: { title: "pool, burst of apply_async (calls/s)" },
      poolMap: { title: "pool, map of 100,000, default chunks (elements/s)" },
      poolMapSingly: { title: "pool, map of 100,000, chunks of 1 (elements/s)" },
      poolImapUnordered: { title: "pool, imap_unordered (elements/s)" },
      poolMixed: {
        title: "pool, burst, 1 call of 100 takes 50 ms (share of the ideal)",
      },
      poolLarge: { title: "pool, 1 MB there and back (calls/s)" },
      poolFirstResult: { title: "pool, from its start to a result (1/s)" },
    },
  },
  {
    program: "managers",
    cases: {
      dictSet: { title: "managed dict, set (calls/s)" },
      dictGet: { title: "managed dict, get (calls/s)" },
      dictSetInFlight: {
        title: "managed dict, set, 100 in flight (calls/s)",
        like: "dictSet",
      },
      dictGetInFlight: {
        title: "managed dict, get, 100 in flight (calls/s)",
        like: "dictGet",
      },
      listAppend: { title: "managed list, append (calls/s)" },
      managedQueue: { title: "managed queue, put and get (calls/s)" },
      socketRoundTrip: { title: "Listener and Client, round trip (turns/s)" },
      socketThroughput: { title: "Client to Listener, 100 bytes (messages/s)" },
    },
  },
  {
    program: "cold",
    apart: true,
    cases: {
      coldQueueChildToRoot: { title: "cold queue, child to root, 20,000 (items/s)" },
      coldQueueRootToChild: { title: "cold queue, root to child, 20,000 (items/s)" },
      coldQueueChildToChild: { title: "cold queue, child to child, 20,000 (items/s)" },
      coldQueueRoundTrip: { title: "cold queues, round trip, 200 (turns/s)" },
      coldPipeChildToRoot: { title: "cold pipe, child to root, 20,000 (messages/s)" },
      coldPipeRootToChild: { title: "cold pipe, root to child, 20,000 (messages/s)" },
      coldPipeChildToChild: { title: "cold pipe, child to child, 20,000 (messages/s)" },
      coldPipeRoundTrip: { title: "cold pipe, round trip, 200 (turns/s)" },
      coldPoolApply: { title: "cold pool, apply in sequence, 200 (calls/s)" },
      coldPoolApplyAsync: { title: "cold pool, burst of apply_async, 200 (calls/s)" },
      coldPoolMap: { title: "cold pool, map of 20,000, default chunks (elements/s)" },
      coldPoolImapUnordered: {
        title: "cold pool, imap_unordered of 20,000 (elements/s)",
      },
      coldPoolFromStart: { title: "cold pool, its start and 200 apply (calls/s)" },
    },
  },
  {
    program: "redis",
    alone: true,
    cases: {
      redisPing: { title: "server: the client's PING, awaited (calls/s)" },
      redisPush: { title: "server: the client's RPUSH, all in flight (calls/s)" },
      redisBenchmark: {
        title: "server: redis-benchmark, RPUSH, awaited (calls/s)",
        beside: "redisPing",
      },
      redisBenchmarkInFlight: {
        title: "server: redis-benchmark, RPUSH, 100 in flight (calls/s)",
        beside: "redisPush",
      },
      redisPut: { title: "server: put, awaited (items/s)", beside: "redisPing" },
      redisGet: { title: "server: get, awaited (items/s)", beside: "redisPing" },
      redisLock: { title: "server: lock, 2 calls (pairs/s)", beside: "redisPing" },
      redisPutInFlight: {
        title: "server: put, all in flight (items/s)",
        beside: "redisPush",
      },
      redisGetAhead: {
        title: "server: get, 1,000 leased ahead (items/s)",
        beside: "redisPush",
      },
      redisBullMQ: { title: "server: BullMQ, burst of tasks, 2 processes (tasks/s)" },
      redisPool: {
        title: "server: pool, burst of apply_async, 2 processes (tasks/s)",
        beside: "redisBullMQ",
      },
    },
  },
];
