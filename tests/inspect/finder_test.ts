import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ProcessSnapshot, Snapshot } from "../../src/inspect/snapshot.ts";
import {
  findDeadlocks,
  hold,
  join,
  lock,
  pipe,
  place,
  pool,
  process,
  queue,
  signal,
  snapshot,
  wait,
  waiters,
  worker,
} from "../helpers/snapshots.ts";
import { test } from "../suite.ts";

/** Processes 1 to n, where each holds a lock and waits for that of the next one. */
function ring(n: number, main: ProcessSnapshot, type = "Lock"): Snapshot {
  const numbers = Array.from({ length: n }, (_, i) => i + 1);
  return snapshot({
    processes: [
      main,
      ...numbers.map((i) =>
        process(i, [wait("acquire", 10 + i % n + 1)], { holds: [hold(10 + i)] })
      ),
    ],
    objects: numbers.map((i) => lock(10 + i, `l${i}`, [0, ...numbers], [i], { type })),
  });
}

/** The main process does something else. */
const busy = process(0, []);

/** The main process waits for the end of the first child. */
const joins = process(0, [join(1)]);

/** A child that sleeps. */
const sleeper = (number: number) => process(number, [], { state: "sleeping" });

/** A child that waits for a queue's items, and the main process for that child. */
function starved(
  main: Partial<ProcessSnapshot> = {},
  child: Partial<ProcessSnapshot> = {},
): Snapshot {
  return snapshot({
    processes: [
      process(0, [join(1)], main),
      process(1, [wait("get", 10)], child),
    ],
    objects: [queue(10, "q", [0, 1])],
  });
}

// ---------------------------------------------------------------------- deadlocks

/** A pool's task waits for an event that the task behind it would set. */
function ownPool(queued = 1): Snapshot {
  const workers = [worker(1, [wait("wait", 10)]), worker(2)].slice(
    0,
    queued > 0 ? 1 : 2,
  );
  return snapshot({
    processes: [process(0, [wait("result", null, { pool: 1 })]), ...workers],
    objects: [signal(10, "event", "ready", [0, 1])],
    pools: [pool(1, workers, { queued })],
  });
}

/** Both ends of a pipe have been filled. */
const full = { depth: 5, bytes: 70_000 };

/** A snapshot, who is stuck in it, and whether that is certain. */
const DEADLOCKS: Record<string, [Snapshot, number[], boolean]> = {
  "a ring of two locks, whatever the main process does": [ring(2, busy), [1, 2], true],
  "a ring of five locks": [ring(5, busy), [1, 2, 3, 4, 5], true],
  "a ring of two, and one that waits for it": [ring(2, joins), [1, 2, 0], true],
  "a ring of RLocks": [ring(2, busy, "RLock"), [1, 2], true],
  "a ring of two, and one more that wants a lock of it": [
    snapshot({
      ...ring(2, busy),
      processes: [...ring(2, busy).processes, process(3, [wait("acquire", 11)])],
    }),
    [1, 2, 3],
    true,
  ],
  "a lock taken twice": [
    snapshot({
      processes: [joins, process(1, [wait("acquire", 10)], { holds: [hold(10)] })],
      objects: [lock(10, "l", [0, 1], [1])],
    }),
    [1, 0],
    true,
  ],
  "a lock taken twice by `with`, while the main process goes on": [
    snapshot({
      processes: [
        busy,
        process(1, [wait("acquire", 10)], { holds: [hold(10, { isScoped: true })] }),
      ],
      objects: [lock(10, "l", [0, 1], [1])],
    }),
    [1],
    true,
  ],
  "a semaphore whose permits are taken by those who want more": [
    snapshot({
      processes: [joins, ...[1, 2].map((i) => process(i, [wait("acquire", 10)]))],
      objects: [
        lock(10, "s", [0, 1, 2], [1, 2], { type: "Semaphore", isOwned: false }),
      ],
    }),
    [0, 1, 2],
    false,
  ],
  "a semaphore whose permits are taken by `with`": [
    snapshot({
      processes: [
        busy,
        ...[1, 2].map((i) =>
          process(i, [wait("acquire", 10)], { holds: [hold(10, { isScoped: true })] })
        ),
      ],
      objects: [
        lock(10, "s", [0, 1, 2], [1, 2], { type: "Semaphore", isOwned: false }),
      ],
    }),
    [1, 2],
    true,
  ],
  "a condition that nobody notifies": [
    snapshot({
      processes: [joins, process(1, [wait("wait", 10)])],
      objects: [
        signal(10, "condition", "c", [0, 1], { lock: 11, waiters: waiters(1) }),
        lock(11, "l", [0, 1], [], { type: "RLock" }),
      ],
    }),
    [0, 1],
    false,
  ],
  "one that was notified by somebody who keeps the condition's lock": [
    snapshot({
      processes: [
        joins,
        process(1, [wait("wait", 10)], { holds: [hold(12)] }),
        process(2, [wait("acquire", 12)], { holds: [hold(11)] }),
      ],
      objects: [
        signal(10, "condition", "c", [0, 1, 2], { lock: 11 }),
        lock(11, "l", [0, 1, 2], [2], { type: "RLock" }),
        lock(12, "m", [0, 1, 2], [1], { type: "RLock" }),
      ],
    }),
    [1, 2, 0],
    true,
  ],
  "a forgotten sentinel": [starved(), [0, 1], false],
  "a full queue that nobody drains": [
    snapshot({
      processes: [joins, process(1, [wait("put", 10)])],
      objects: [queue(10, "q", [0, 1], { depth: 2, maxsize: 2 })],
    }),
    [0, 1],
    false,
  ],
  "a full queue of one's own": [
    snapshot({
      processes: [process(0, [wait("put", 10)])],
      objects: [queue(10, "q", [0], { depth: 2, maxsize: 2 })],
    }),
    [0],
    false,
  ],
  "an item without task_done": [
    snapshot({
      processes: [process(0, [wait("join", 10)]), process(1, [wait("get", 10)])],
      objects: [queue(10, "q", [0, 1], { unfinished: 1 })],
    }),
    [0, 1],
    false,
  ],
  "a barrier that one does not come to": [
    snapshot({
      processes: [joins, ...[1, 2].map((i) => process(i, [wait("wait", 10)]))],
      objects: [
        signal(10, "barrier", "b", [0, 1, 2], { parties: 3, waiters: waiters(1, 2) }),
      ],
    }),
    [0, 1, 2],
    false,
  ],
  "an event that nobody sets": [
    snapshot({
      processes: [joins, process(1, [wait("wait", 10)])],
      objects: [signal(10, "event", "e", [0, 1])],
    }),
    [0, 1],
    false,
  ],
  "a join of a child that waits for its parent": [
    snapshot({
      processes: [
        process(0, [join(1)], { holds: [hold(10)] }),
        process(1, [wait("acquire", 10)]),
      ],
      objects: [lock(10, "l", [0, 1], [0])],
    }),
    [0, 1],
    false,
  ],
  "a pipe that is full both ways": [
    snapshot({
      processes: [
        joins,
        process(1, [wait("send", 10)]),
        process(2, [wait("send", 11)]),
      ],
      objects: pipe(10, [0, 1], [0, 2], [full, full]),
    }),
    [0, 1, 2],
    false,
  ],
  "two who each wait for a message of the other": [
    snapshot({
      processes: [busy, process(1, [wait("recv", 10)]), process(2, [wait("recv", 11)])],
      objects: pipe(10, [1], [2]),
    }),
    [1, 2],
    false,
  ],
  "a task that waits for one behind it in its own pool": [ownPool(), [0, 1], false],
  "a task that waits for nothing that comes, in a pool with free workers": [
    ownPool(0),
    [0, 1],
    false,
  ],
  "a ring through grandchildren": [
    snapshot({
      processes: [
        joins,
        process(1, [join(2)], { holds: [hold(10)] }),
        process(2, [wait("acquire", 10)], { parent: 1 }),
      ],
      objects: [lock(10, "l", [1, 2], [1])],
    }),
    [1, 2, 0],
    false,
  ],
  "locks of a manager": [
    snapshot({
      ...ring(2, joins),
      processes: [
        ...ring(2, joins).processes.map((one) => ({
          ...one,
          waits: one.waits.map((w) => w.op === "join" ? w : { ...w, process: 7 }),
        })),
        process(7, [], { role: "manager", isAlive: null, cpu: null }),
      ],
      objects: ring(2, joins).objects.map((one) => ({ ...one, home: 7 })),
    }),
    [1, 2, 0],
    true,
  ],
};

for (const [what, [seen, processes, isCertain]] of Object.entries(DEADLOCKS)) {
  test(`found: ${what}`, () => {
    const found = findDeadlocks(seen);
    deepStrictEqual(
      found.map(({ processes, isCertain }) => ({ processes, isCertain })),
      [{ processes, isCertain }],
    );
    strictEqual(found[0]!.age, 3);
  });

  test(`not while one of them does something else: ${what}`, () => {
    for (const number of processes) {
      for (const life of [{ isAlive: true }, { cpu: 0.5 }, { silence: 2 }]) {
        const changed = seen.processes.map((one) =>
          one.number === number ? { ...one, ...life } : one
        );
        const found = findDeadlocks({ ...seen, processes: changed });
        for (const one of found) strictEqual(one.processes.includes(number), false);
      }
    }
  });

  test(`not before it has lasted: ${what}`, () => {
    const processes = seen.processes.map((one) => ({
      ...one,
      waits: one.waits.map((wait) => ({ ...wait, age: 0.9 })),
    }));
    deepStrictEqual(findDeadlocks({ ...seen, processes }), []);
    strictEqual(findDeadlocks({ ...seen, processes }, 0.5).length, 1);
  });
}

test("two deadlocks are two", () => {
  const one = ring(2, busy);
  const two = ring(4, busy);
  const shift = (seen: Snapshot, by: number): Snapshot => ({
    ...seen,
    processes: seen.processes.slice(1).map((one) => ({
      ...one,
      number: one.number + by,
      waits: one.waits.map((wait) => ({ ...wait, object: wait.object! + by })),
    })),
    objects: seen.objects.map((one) => ({
      ...one,
      id: one.id + by,
      takers: waiters(one.id - 10 + by),
    } as typeof one)),
  });
  const other = shift(two, 100);
  const found = findDeadlocks(snapshot({
    processes: [
      process(0, [join(1), join(101)]),
      ...one.processes.slice(1),
      ...other.processes,
    ],
    objects: [...one.objects, ...other.objects],
  }));
  deepStrictEqual(
    found.map(({ processes }) => processes).sort(),
    [[1, 2, 0], [101, 102, 103, 104, 0]],
  );
});

test("a long ring is found", () => {
  strictEqual(findDeadlocks(ring(500, busy))[0]!.processes.length, 500);
});

// ---------------------------------------------------------------------- no deadlocks

/** Changes of `starved()`: of the main process, and of the child. */
const SIGNS_OF_LIFE: Record<string, Partial<ProcessSnapshot>> = {
  "computes": { cpu: 0.9, state: "running" },
  "may compute, as nobody can tell": { cpu: null },
  "has a timer, a server or the like": { isAlive: true },
  "may have one, as nobody can tell": { isAlive: null },
  "was not heard of for a while": { silence: 1.5 },
  "is silent": { state: "silent" },
  "is stopped": { state: "stopped" },
  "is starting": { state: "starting" },
  "is on another host": { host: "far", cpu: null },
  "is a manager's server": { role: "manager" },
  "waits for nothing that is seen": { waits: [] },
  "waits for something unknown": { waits: [wait("get", null)] },
  "waits for an object that is unknown": { waits: [wait("get", 99)] },
  "waits for a process that is unknown": { waits: [join(99)] },
  "waits for a pool that is unknown": { waits: [wait("result", null, { pool: 9 })] },
  "waits with a timeout": { waits: [wait("get", 10, { left: 60 })] },
  "waits with a signal, or for a socket": {
    waits: [wait("get", 10, { isOpen: true })],
  },
  "waits since a moment ago": { waits: [wait("get", 10, { age: 0.2 })] },
  "waits for something else as well": {
    waits: [wait("get", 10), wait("recv", null, { isOpen: true })],
  },
};

for (const [what, life] of Object.entries(SIGNS_OF_LIFE)) {
  test(`no alarm where a process ${what}`, () => {
    deepStrictEqual(findDeadlocks(starved(life)), []);
    deepStrictEqual(findDeadlocks(starved({}, life)), []);
  });
}

const workers = [worker(1), worker(2)];

const INNOCENT: Record<string, Snapshot> = {
  "nothing": snapshot({}),
  "a main process that waits for a sleeper": snapshot({
    processes: [joins, sleeper(1)],
  }),
  "a child that will be given an item by a sleeper": snapshot({
    processes: [
      process(0, [join(1), join(2)]),
      process(1, [wait("get", 10)]),
      sleeper(2),
    ],
    objects: [queue(10, "q", [0, 1, 2])],
  }),
  "an item that is on its way": snapshot({
    ...starved(),
    objects: [queue(10, "q", [0, 1], { depth: 1 })],
  }),
  "room that there is": snapshot({
    processes: [joins, process(1, [wait("put", 10)])],
    objects: [queue(10, "q", [0, 1], { depth: 1, maxsize: 2 })],
  }),
  "a queue that is shut down": snapshot({
    ...starved(),
    objects: [queue(10, "q", [0, 1], { isShutDown: true })],
  }),
  "a handle that is on its way to somebody who runs": snapshot({
    processes: [...starved().processes, sleeper(2)],
    objects: [queue(10, "q", [0, 1], { inTransit: 1 })],
  }),
  "a daemon that waits for work, while its parent goes on": snapshot({
    processes: [busy, process(1, [wait("get", 10)], { daemon: true })],
    objects: [queue(10, "q", [1])],
  }),
  "a process that waits to be terminated": snapshot({
    processes: [busy, process(1, [wait("wait", 10)])],
    objects: [signal(10, "event", "never", [1])],
  }),
  "daemons that serve each other": snapshot({
    processes: [
      busy,
      process(1, [wait("get", 10)], { daemon: true }),
      process(2, [wait("get", 11)], { daemon: true }),
    ],
    objects: [queue(10, "a", [1, 2]), queue(11, "b", [1, 2])],
  }),
  "a pool that has nothing to do": snapshot({
    processes: [busy, ...workers],
    pools: [pool(1, workers)],
  }),
  "a pool whose task runs": snapshot({
    processes: [
      process(0, [wait("result", null, { pool: 1 })]),
      worker(1, [], { tasks: [{ func: "slow", args: null, age: 9 }], isAlive: true }),
      worker(2),
    ],
    pools: [pool(1, workers)],
  }),
  "a task that is on its way to a worker": snapshot({
    processes: [process(0, [wait("result", null, { pool: 1 })]), ...workers],
    pools: [pool(1, workers, { queued: 1 })],
  }),
  "a worker of a pool that is unknown": snapshot({
    processes: [process(0, [join(1)]), worker(1)],
  }),
  "a lock that was released just now": snapshot({
    processes: [joins, process(1, [wait("acquire", 10)])],
    objects: [lock(10, "l", [0, 1], [])],
  }),
  "a lock that is used as a signal between two": snapshot({
    processes: [
      joins,
      process(1, [wait("acquire", 10)], { holds: [hold(10)] }),
      sleeper(2),
    ],
    objects: [lock(10, "l", [0, 1, 2], [1])],
  }),
  "a gate that the main process has shut and another one opens": snapshot({
    processes: [
      process(0, [join(1)], { holds: [hold(10)] }),
      process(1, [wait("acquire", 10)]),
      sleeper(2),
    ],
    objects: [lock(10, "gate", [0, 1, 2], [0])],
  }),
  "a semaphore that another one will release": snapshot({
    processes: [joins, process(1, [wait("acquire", 10)]), sleeper(2)],
    objects: [
      lock(10, "s", [0, 1, 2], [], { type: "Semaphore", isOwned: false, value: 0 }),
    ],
  }),
  "an event that is set": snapshot({
    processes: [joins, process(1, [wait("wait", 10)])],
    objects: [signal(10, "event", "e", [0, 1], { isSet: true })],
  }),
  "a barrier that all have come to": snapshot({
    processes: [joins, process(1, [wait("wait", 10)])],
    objects: [signal(10, "barrier", "b", [0, 1], { parties: 1, waiters: waiters(1) })],
  }),
  "an end of a pipe whose other end is gone": snapshot({
    processes: [joins, process(1, [wait("recv", 10)])],
    objects: pipe(10, [0, 1], []),
  }),
  "a message that has come": snapshot({
    processes: [joins, process(1, [wait("recv", 10)])],
    objects: pipe(10, [1], [0], [{ depth: 1 }, {}]),
  }),
  "room in a pipe": snapshot({
    processes: [joins, process(1, [wait("send", 10)])],
    objects: pipe(10, [1], [0]),
  }),
  "a server of a manager that is asked": snapshot({
    processes: [
      process(0, [wait("get", null, { process: 1 })]),
      process(1, [], { role: "manager", isAlive: false }),
    ],
  }),
  "all tasks are done": snapshot({
    processes: [process(0, [wait("join", 10)])],
    objects: [queue(10, "q", [0], { unfinished: 0 })],
  }),
};

for (const [what, seen] of Object.entries(INNOCENT)) {
  test(`no alarm: ${what}`, () => deepStrictEqual(findDeadlocks(seen), []));
}

// --------------------------------------------------------------------------- texts

/** The title and lines of the only deadlock. */
function textOf(seen: Snapshot): string[] {
  const [found, ...more] = findDeadlocks(seen);
  strictEqual(more.length, 0);
  return [found!.title, ...found!.lines];
}

test("the text of locks says who holds which, and where", () => {
  const child = (i: number, other: number) =>
    process(i, [
      wait("acquire", other, { age: 22.7, place: place("work.ts:11:3 in transfer") }),
    ], {
      name: `transfer-${i}`,
      holds: [hold(10 + i, { age: 23.3, place: place("work.ts:9:3 in transfer") })],
    });
  const objects = [
    lock(11, "accountA", [0, 1, 2], [1]),
    lock(12, "accountB", [0, 1, 2], [2]),
  ];
  deepStrictEqual(
    textOf(snapshot({ processes: [joins, child(1, 12), child(2, 11)], objects })),
    [
      "Deadlock: 2 processes wait for locks that they hold themselves, for 22.7 s",
      "transfer-1 (pid 101) waits for Lock “accountB” for 22.7 s, at work.ts:11:3 in transfer",
      "   held by transfer-2 (pid 102) for 23.3 s, acquired at work.ts:9:3 in transfer",
      "transfer-2 (pid 102) waits for Lock “accountA” for 22.7 s, at work.ts:11:3 in transfer",
      "   held by transfer-1 (pid 101) for 23.3 s, acquired at work.ts:9:3 in transfer",
      "behind them:",
      "   MainProcess (pid 100) joins transfer-1 (pid 101) for 3.0 s",
    ],
  );
});

test("the text of a lock that was taken twice", () => {
  deepStrictEqual(textOf(DEADLOCKS["a lock taken twice"]![0]), [
    "Deadlock: Process-1 waits for a lock that it holds itself, for 3.0 s",
    "Process-1 (pid 101) waits for Lock “l” for 3.0 s",
    "   held by itself for 4.0 s",
    "behind them:",
    "   MainProcess (pid 100) joins Process-1 (pid 101) for 3.0 s",
  ]);
});

test("the text of a forgotten sentinel says who could help", () => {
  const at = place("starved.ts:3:73 in consumer");
  const seen = starved({
    waits: [join(1, { age: 1.2, place: place("starved.ts:18:25") })],
  }, {
    waits: [wait("get", 10, { age: 1, place: at })],
  });
  deepStrictEqual(textOf(seen), [
    "Nobody can go on: 2 processes wait for each other, for 1.0 s",
    "MainProcess (pid 100) joins Process-1 (pid 101) for 1.2 s, at starved.ts:18:25",
    "Process-1 (pid 101) waits in get() of Queue “q” for 1.0 s, at starved.ts:3:73 in consumer",
    "   only MainProcess (pid 100) could put something, and waits too",
  ]);
});

test("the text of a pool whose task waits for one behind it", () => {
  deepStrictEqual(textOf(ownPool()), [
    "Nobody can go on: 2 processes wait for each other, for 3.0 s",
    "MainProcess (pid 100) waits for a result of Pool “pool” for 3.0 s",
    "   only SpawnPoolWorker-1 (pid 101) could give it, and waits too",
    "   1 task of it waits for a worker",
    "SpawnPoolWorker-1 (pid 101) waits in wait() of Event “ready” for 3.0 s",
    "   only MainProcess (pid 100) could set it, and waits too",
  ]);
});

test("the text of a barrier says how many are there", () => {
  const seen = DEADLOCKS["a barrier that one does not come to"]![0];
  deepStrictEqual(textOf(seen).slice(2, 5), [
    "Process-1 (pid 101) waits in wait() of Barrier “b” for 3.0 s",
    "   2 of 3 are there",
    "   only MainProcess (pid 100), Process-2 (pid 102) could come to it, and they wait too",
  ]);
});

test("a queue of one's own has nobody else", () => {
  deepStrictEqual(textOf(DEADLOCKS["a full queue of one's own"]![0]), [
    "Nobody can go on: MainProcess waits for what nobody else does, for 3.0 s",
    "MainProcess (pid 100) waits in put() of Queue “q” for 3.0 s",
    "   no other process has it",
  ]);
});

test("names cannot write to the terminal", () => {
  const seen = starved({ name: "a\x1b[2Jb" }, { name: "x".repeat(1000) });
  const text = textOf({ ...seen, objects: [queue(10, "q\r\n\u202e", [0, 1])] }).join(
    "\n",
  );
  // deno-lint-ignore no-control-regex
  strictEqual(/[\x00-\x09\x0b-\x1f\u202e]/.test(text), false);
  strictEqual(text.includes("a\\x1b[2Jb"), true);
  strictEqual(text.length < 1000, true);
});

test("of many processes some are told of", () => {
  strictEqual(textOf(ring(300, busy)).length, 1 + 2 * 20 + 1);
});
