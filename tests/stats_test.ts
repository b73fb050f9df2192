/** `stats()` of queues, locks and pipes, with real processes. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  current_process,
  Event,
  JoinableQueue,
  Lock,
  Pipe,
  Queue,
  RLock,
  Semaphore,
  SimpleQueue,
} from "../mod.ts";
import { Client, Listener } from "../src/connection.ts";
import { started } from "./cpython/helpers/checks.ts";
import * as targets from "./helpers/stats_targets.ts";
import { test } from "./suite.ts";

/** Asks again and again until it is so. */
async function until<S>(
  ask: () => Promise<S>,
  isSo: (stats: S) => boolean,
): Promise<S> {
  for (;;) {
    const stats = await ask();
    if (isSo(stats)) return stats;
  }
}

test("Queue.stats counts items and the calls that wait for them", async () => {
  const q = Queue<number>(3), told = Queue<number>();
  const p = await started(targets.takeTwo, [q, told]);
  await q.put(5);
  strictEqual(await told.get(), 5);
  const waiting = await until(() => q.stats(), ({ getters }) => getters === 1);
  deepStrictEqual(waiting, {
    ...{ depth: 0, maxsize: 3, puts: 1, gets: 1, oldest: null },
    ...{ getters: 1, putters: 0, isShutDown: false },
  });
  ok(Object.isFrozen(waiting));
  await q.put(6);
  await p.join();
  const { puts, gets, getters } = await q.stats();
  deepStrictEqual({ puts, gets, getters }, { puts: 2, gets: 2, getters: 0 });
});

test("Queue.stats agrees with qsize, in each process, and knows an item's age", async () => {
  const q = Queue<number>(),
    told = Queue<[{ depth: number; oldest: number }, number]>();
  const before = performance.now();
  for (let n = 0; n < 100; n++) await q.put(n);
  const p = await started(targets.tellStats, [q, told]);
  const [stats, size] = await told.get();
  await p.join();
  const most = (performance.now() - before) / 1000 + 0.001;
  deepStrictEqual([stats.depth, size], [99, 99]);
  ok(stats.oldest >= 0 && stats.oldest <= most);
  const { depth, gets, oldest } = await q.stats();
  deepStrictEqual([depth, gets], [99, 1]);
  ok(oldest! >= stats.oldest && oldest! <= most);
});

test("Queue.stats counts who waits for room, and anew after a reset", async () => {
  const q = Queue<number>(1);
  await q.put(1);
  const puts = [q.put(2), q.put(3)];
  const { putters } = await until(() => q.stats(), ({ putters }) => putters > 0);
  strictEqual(putters, 2);
  strictEqual((await q.stats({ reset: true })).puts, 1);
  await q.get();
  await q.get();
  await Promise.all(puts);
  const after = await q.stats();
  deepStrictEqual([after.puts, after.gets, after.depth], [2, 2, 1]);
  await q.shutdown();
  strictEqual((await q.stats()).isShutDown, true);
});

test("JoinableQueue and SimpleQueue have stats of their own", async () => {
  const tasks = JoinableQueue<number>();
  await tasks.put(1);
  await tasks.get();
  deepStrictEqual(await tasks.stats(), {
    ...{ depth: 0, maxsize: 0, puts: 1, gets: 1, oldest: null, getters: 0, putters: 0 },
    ...{ isShutDown: false, unfinished: 1, joiners: 0, dead: 0 },
  });
  const simple = SimpleQueue<number>();
  await simple.put(1);
  const { depth, puts } = await simple.stats();
  deepStrictEqual({ depth, puts }, { depth: 1, puts: 1 });
});

test("Lock.stats tells which process has it, and who waits", async () => {
  const lock = Lock(), told = Queue<string>(), end = Event();
  const p = await started(targets.hold, [lock, told, end]);
  strictEqual(await told.get(), "held");
  const waiting = lock.acquire();
  const { owner, held, longest, ...numbers } = await until(
    () => lock.stats(),
    ({ waiters }) => waiters > 0,
  );
  deepStrictEqual(owner, { name: p.name, pid: p.pid });
  deepStrictEqual(numbers, { isLocked: true, grants: 1, waiters: 1 });
  ok(held! >= longest! && longest! >= 0);
  await end.set();
  await waiting;
  await p.join();
  const own = await lock.stats();
  deepStrictEqual([own.owner?.name, own.grants, own.waiters, own.longest], [
    ...[current_process().name, 2, 0, null],
  ]);
  await lock.release();
  deepStrictEqual(await lock.stats(), {
    ...{ isLocked: false, owner: null, held: null },
    ...{ grants: 2, waiters: 0, longest: null },
  });
});

test("a lock counts also what processes take in shared memory", async () => {
  const lock = Lock();
  const p = await started(targets.takeOften, [lock, 1000]);
  await p.join();
  strictEqual((await lock.stats({ reset: true })).grants, 1000);
  await lock.with(() => {});
  strictEqual((await lock.stats()).grants, 1);
});

test("RLock and semaphores have stats", async () => {
  const lock = RLock();
  await lock.acquire();
  await lock.acquire();
  const { isLocked, grants } = await lock.stats();
  deepStrictEqual({ isLocked, grants }, { isLocked: true, grants: 1 });
  for (const semaphore of [Semaphore(2), BoundedSemaphore(2)]) {
    await semaphore.acquire();
    deepStrictEqual(await semaphore.stats(), {
      ...{ value: 1, grants: 1, waiters: 0, longest: null },
    });
  }
});

test("Condition, Event, Barrier and JoinableQueue tell who waits", async () => {
  const [condition, event, barrier] = [Condition(), Event(), Barrier(2)];
  const tasks = JoinableQueue<number>();
  await tasks.put(1);
  const all = [condition, event, barrier, tasks] as const;
  const p = await started(targets.waitAtAll, [...all]);
  const one = ({ waiters }: { waiters: number }) => waiters === 1;

  const sleeping = await until(() => condition.stats(), one);
  ok(sleeping.longest! >= 0);
  deepStrictEqual(Object.keys(sleeping), ["waiters", "longest"]);
  await condition.with(() => condition.notify());

  const { isSet } = await until(() => event.stats(), one);
  strictEqual(isSet, false);
  await event.set();
  strictEqual((await event.stats()).isSet, true);

  const { parties, isBroken } = await until(() => barrier.stats(), one);
  deepStrictEqual({ parties, isBroken }, { parties: 2, isBroken: false });
  await barrier.wait();

  await until(() => tasks.stats(), ({ joiners }) => joiners === 1);
  await tasks.get();
  await tasks.task_done();
  await p.join();
  const { joiners, unfinished } = await tasks.stats();
  deepStrictEqual({ joiners, unfinished }, { joiners: 0, unfinished: 0 });
});

test("Connection.stats counts what was sent and received at an end of a pipe", async () => {
  const [own, other] = Pipe(), told = Queue<unknown>();
  for (const text of ["a", "b", "c"]) await own.send(text);
  deepStrictEqual(await other.stats(), { depth: 3, bytes: 6, sends: 0, receives: 0 });
  const p = await started(targets.receiveOne, [other, told]);
  other.close();
  strictEqual(await told.get(), "a");
  deepStrictEqual(await told.get(), { depth: 2, bytes: 4, sends: 0, receives: 1 });
  const { sends } = await own.stats({ reset: true });
  strictEqual(sends, 3);
  await own.send("d");
  deepStrictEqual(await own.stats(), { depth: 0, bytes: 0, sends: 1, receives: 0 });
  await p.join();
  own.close();
  await rejects(own.stats(), { name: "OSError", message: "handle is closed" });
});

test("Connection.stats: a socket has none", async () => {
  const listener = await Listener();
  const [client, server] = await Promise.all([
    Client(listener.address),
    listener.accept(),
  ]);
  await rejects(client.stats(), { name: "NotImplementedError" });
  for (const one of [client, server, listener]) one.close();
});

test("stats can be aborted, and takes no other options", async () => {
  const signal = AbortSignal.abort("enough");
  const [end, other] = Pipe();
  for (const one of [Queue(), SimpleQueue(), JoinableQueue(), Lock(), Event(), end]) {
    await rejects(one.stats({ signal }), (reason) => reason === "enough");
    await rejects(async () => await one.stats({ rest: true } as never), {
      name: "TypeError",
      message: /unexpected keyword argument 'rest'/,
    });
    const { signal: live } = new AbortController();
    ok(await one.stats({ signal: live }));
  }
  for (const one of [end, other]) one.close();
});
