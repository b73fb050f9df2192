import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { textOf } from "../../src/inspect/text.ts";
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

test("the family, what each waits for and holds, and what is in use", () => {
  const at = place("work.ts:11:3 in transfer");
  const seen = snapshot({
    processes: [
      process(0, [join(1)], { cpu: 0.02 }),
      process(1, [wait("acquire", 12, { place: at })], {
        state: "stuck",
        holds: [hold(11, { age: 2.7, place: place("work.ts:9:3 in transfer") })],
      }),
      process(2, [wait("get", 13)], { parent: 1, cpu: null, memory: null }),
      worker(3, [], { tasks: [{ func: "resize", args: "398", age: 0.2 }], cpu: 0.9 }),
      worker(4),
    ],
    objects: [
      lock(11, "accountA", [0, 1], [1], { place: place("app.ts:9:34") }),
      lock(12, "accountB", [0, 1], [2], { waiters: waiters(1) }),
      queue(13, "frames", [2], {
        ...{ depth: 18, maxsize: 64, oldest: 0.25, puts: 2576, gets: 2558 },
        ...{ unfinished: 20, getters: waiters(2) },
      }),
      queue(14, "unused", [0]),
    ],
    pools: [
      pool(1, [worker(3, [wait("get", 13)]), worker(4)], { queued: 24, done: 925 }),
    ],
  });
  deepStrictEqual(textOf(seen).split("\n"), [
    "app.ts: 5 processes, 0.92 cores, 200 MB, 10.0 s",
    "",
    "MainProcess (pid 100) waiting, cpu 2%, 50 MB, 10.0 s",
    "    joins Process-1 (pid 101) for 3.0 s",
    "  Process-1 (pid 101) stuck, cpu 0%, 50 MB, 10.0 s",
    "      waits for Lock “accountB” for 3.0 s, at work.ts:11:3 in transfer",
    "      holds Lock “accountA” for 2.7 s, acquired at work.ts:9:3 in transfer",
    "    Process-2 (pid 102) waiting, 10.0 s",
    "        waits in get() of Queue “frames” for 3.0 s",
    "  SpawnPoolWorker-3 (pid 103) running, cpu 90%, 50 MB, 10.0 s",
    "      runs resize(398) for 0.2 s",
    "  SpawnPoolWorker-4 (pid 104) idle, cpu 0%, 50 MB, 10.0 s",
    "",
    "Lock “accountA” (app.ts:9:34): held by Process-1 for 4.0 s",
    "Lock “accountB”: held by Process-2 for 4.0 s; in acquire(): Process-1 for 3.0 s",
    "Queue “frames”: 18 of 64 in it, the oldest for 0.3 s, 20 unfinished, 2576 put, " +
    "2558 got; in get(): Process-2 for 3.0 s",
    "1 other object with nothing in it",
    "",
    "Pool “pool”: 1 of 2 workers busy, 24 queued, 925 done, 0 failed",
    "",
  ]);
});

test("objects of each kind say what is in them and who waits", () => {
  const histogram = { count: 9, buckets: [], p50: 0.0604, p99: 0.3 };
  const seen = snapshot({
    objects: [
      lock(1, "s", [], [], { type: "Semaphore", isOwned: false, waiters: waiters(9) }),
      signal(2, "event", "e", [], { waiters: waiters(9), isSet: true }),
      signal(3, "barrier", "b", [], { waiters: waiters(9), parties: 3 }),
      signal(4, "condition", "c", [], { waiters: waiters(9) }),
      ...pipe(5, [], [], [{ depth: 1, bytes: 80, readers: waiters(9) }, {}]),
      queue(8, "q", [], { putters: waiters(9), joiners: waiters(9), isShutDown: true }),
    ],
    pools: [pool(1, [], { run: histogram, name: null, place: place("app.ts:1:2") })],
  });
  const nine = "process 9 for 3.0 s";
  deepStrictEqual(textOf(seen).split("\n"), [
    "app.ts: 0 processes",
    "",
    "",
    "",
    `Semaphore “s”: 1 free; in acquire(): ${nine}`,
    `Event “e”: set; in wait(): ${nine}`,
    `Barrier “b”: 1 of 3 are there; in wait(): ${nine}`,
    `Condition “c”: in wait(): ${nine}`,
    `Connection “here”: 1 message, 80 bytes to receive; in recv(): ${nine}`,
    `Queue “q”: 0 in it, 0 put, 0 got, shut down; in put(): ${nine}; in join(): ${nine}`,
    "1 other object with nothing in it",
    "",
    "a pool (app.ts:1:2): 0 of 0 workers busy, 0 queued, 0 done, 0 failed, " +
    "half of them within 60 ms",
    "",
  ]);
});

test("a deadlock stands at the top", () => {
  const seen = snapshot({
    processes: [process(0, [join(1)]), process(1, [wait("get", 10)])],
    objects: [queue(10, "q", [0, 1])],
  });
  const lines = textOf({ ...seen, deadlocks: findDeadlocks(seen) }).split("\n");
  deepStrictEqual(lines.slice(1, 6), [
    "",
    "Nobody can go on: 2 processes wait for each other, for 3.0 s",
    "  MainProcess (pid 100) joins Process-1 (pid 101) for 3.0 s",
    "  Process-1 (pid 101) waits in get() of Queue “q” for 3.0 s",
    "     only MainProcess (pid 100) could put something, and waits too",
  ]);
});

test("nothing of a name that a terminal takes for a command gets through", () => {
  const bad = "\x1b]0;x\x07\r\n\u202e\x9b";
  const bytes = { file: bad, line: 1, column: 1, func: bad };
  const text = textOf(snapshot({
    program: bad,
    processes: [
      process(0, [wait(bad, 1, { place: bytes })], { name: bad, host: bad }),
      worker(1, [], { name: bad, tasks: [{ func: bad, args: bad, age: 1 }] }),
    ],
    objects: [queue(1, bad, [], { type: bad, depth: 1, place: bytes })],
    pools: [pool(1, [], { name: bad, place: bytes })],
  }));
  // deno-lint-ignore no-control-regex
  strictEqual(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(text), false);
});

test("a very large family is cut", () => {
  const processes = Array.from(
    { length: 3000 },
    (_, i) => process(i, [wait("get", 1)], { parent: i === 0 ? null : i - 1 }),
  );
  const objects = Array.from(
    { length: 3000 },
    (_, i) =>
      queue(i, "q", [], {
        depth: 1,
        getters: waiters(...processes.map((p) => p.number)),
      }),
  );
  const lines = textOf(snapshot({ processes, objects })).split("\n");
  strictEqual(lines.includes("and 2500 more processes"), true);
  strictEqual(lines.includes("and 2800 more objects"), true);
  strictEqual(Math.max(...lines.map((line) => line.length)) < 300, true);
});
