/** Tests of src/dummy/synchronize.ts, and of its channel and waits. */
import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Process,
  Queue,
  RLock,
  Semaphore,
} from "../../src/dummy.ts";
import { dumps } from "../../src/reduction/mod.ts";
import { test } from "../suite.ts";

/** Runs a function as a thread of its own, to its end. */
async function inProcess<T>(target: () => T): Promise<Awaited<T>> {
  let result: Awaited<T>;
  const p = new Process({ target: async () => void (result = await target()) });
  await p.start();
  await p.join();
  return result!;
}

/** What one may do until something has happened, without a wait in it. */
const LOOKING: Record<string, (event: Event, p: Process) => Promise<unknown>> = {
  "is_set()": (event) => event.is_set(),
  "wait(0)": (event) => event.wait(0),
  "join(0)": async (_event, p) => await p.join(0) ?? !p.is_alive(),
};

for (const [name, look] of Object.entries(LOOKING)) {
  test(`a loop of ${name} lets timers have their turn`, async () => {
    const event = Event();
    const p = new Process({ target: () => Event().wait(0.01).then(() => event.set()) });
    await p.start();
    while (!await look(event, p));
    await p.join();
  });
}

test("a lock keeps threads apart; any of them may release it", async () => {
  const lock = Lock();
  match(String(lock), /^<unlocked _thread.lock object at 0x/);
  strictEqual(await lock.acquire(), true);
  match(String(lock), /^<locked _thread.lock object at 0x/);
  strictEqual(await inProcess(() => lock.acquire(false)), false);
  strictEqual(await inProcess(() => lock.acquire({ timeout: 0.01 })), false);
  await inProcess(() => lock.release());
  strictEqual(await lock.locked(), false);
  await rejects(lock.release(), {
    name: "RuntimeError",
    message: "release unlocked lock",
  });
  strictEqual(await new Lock().with(() => 5), 5);
  const held = await lock.__enter__();
  await held[Symbol.asyncDispose]();
  strictEqual(await lock.locked(), false);
});

test("threads get a lock in the order of their coming", async () => {
  const lock = Lock();
  await lock.acquire();
  const order: number[] = [];
  const threads = [1, 2, 3].map((i) =>
    new Process({ target: () => lock.with(() => order.push(i)) })
  );
  for (const p of threads) await p.start();
  await lock.release();
  for (const p of threads) await p.join();
  deepStrictEqual(order, [1, 2, 3]);
});

test("an RLock belongs to its thread", async () => {
  const lock = RLock();
  await lock.with(async () => {
    await lock.with(() => match(String(lock), /RLock object owner=.* count=2/));
    const foreign = inProcess(() => lock.release().catch((error: Error) => error));
    strictEqual((await foreign as Error).message, "cannot release un-acquired lock");
  });
  strictEqual(
    await inProcess(async () => [await lock.acquire(), await lock.release()][0]),
    true,
  );
});

test("a wait that is given up takes nothing", async () => {
  const lock = Lock();
  await lock.acquire();
  const stop = new AbortController();
  const waiting = lock.acquire({ signal: stop.signal });
  stop.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  await lock.release();
  strictEqual(await lock.acquire(false), true);
  await rejects(lock.acquire({ signal: stop.signal }), /enough/);
});

test("what happened before the signal stays", async () => {
  const lock = Lock();
  await lock.acquire();
  const stop = new AbortController();
  const waiting = lock.acquire({ signal: stop.signal });
  void lock.release();
  stop.abort();
  strictEqual(await waiting, true);
});

test("semaphores", async () => {
  const s = Semaphore(2);
  strictEqual(await s.acquire() && await s.acquire(), true);
  strictEqual(await s.acquire(false), false);
  await s.release(2);
  await s.release();
  match(String(s), /^<threading.Semaphore at 0x.*: value=3>$/);
  const bounded = BoundedSemaphore({ value: 1 });
  ok(bounded instanceof Semaphore && !(s instanceof BoundedSemaphore));
  match(String(bounded), /^<threading.BoundedSemaphore at 0x.*: value=1\/1>$/);
  await rejects(bounded.release(), {
    name: "ValueError",
    message: "Semaphore released too many times",
  });
  throws(() => Semaphore(-1), { message: "semaphore initial value must be >= 0" });
});

test("a condition wakes threads, and wait_for asks again", async () => {
  for (const lock of [undefined, Lock(), RLock()]) {
    const condition = Condition(lock);
    let ready = 0;
    const threads = [1, 2].map(() =>
      new Process({
        target: () =>
          condition.with(async () => {
            await condition.wait_for(() => ready > 0);
            ready++;
          }),
      })
    );
    for (const p of threads) await p.start();
    await condition.with(() => condition.notify_all()); // not ready: they go on waiting
    await condition.with(async () => {
      ready = 1;
      await condition.notify();
      await condition.notify();
    });
    for (const p of threads) await p.join();
    strictEqual(ready, 3);
    strictEqual(await condition.with(() => condition.wait(0.01)), false);
  }
});

test("a condition's errors", async () => {
  const condition = Condition();
  const needs = (message: string) => ({ name: "RuntimeError", message });
  await rejects(condition.wait(), needs("cannot wait on un-acquired lock"));
  await rejects(condition.notify(), needs("cannot notify on un-acquired lock"));
  throws(() => Condition(3 as never), {
    name: "AttributeError",
    message: "'int' object has no attribute 'acquire'",
  });
  throws(() => Condition(Semaphore() as never), /has no attribute '_is_owned'/);
  const stop = new AbortController();
  await condition.with(async () => {
    const waiting = condition.wait({ signal: stop.signal });
    stop.abort(new Error("enough"));
    await rejects(waiting, /enough/);
    await condition.notify(); // the lock is held again
  });
});

test("events", async () => {
  const event = Event();
  strictEqual(await event.wait(0.01), false);
  const waiting = inProcess(() => event.wait());
  await event.set();
  strictEqual(await waiting, true);
  match(String(event), /^<threading.Event at 0x.*: set>$/);
  await event.clear();
  strictEqual(await event.is_set(), false);
});

test("a barrier lets all pass at once, and calls its action once", async () => {
  let acted = 0;
  const barrier = Barrier(3, { action: () => acted++ });
  const places = await Promise.all([
    inProcess(() => barrier.wait()),
    inProcess(() => barrier.wait()),
    barrier.wait(),
  ]);
  deepStrictEqual([places.toSorted(), acted], [[0, 1, 2], 1]);
  deepStrictEqual([await barrier.parties, await barrier.n_waiting], [3, 0]);
  await rejects(barrier.wait(0.01), { name: "BrokenBarrierError" });
  strictEqual(await barrier.broken, true);
  await barrier.reset();
  strictEqual(await barrier.broken, false);
});

test("wrong arguments have the texts of Python's threading", async () => {
  throws(() => new (Event as new (x: number) => unknown)(1), {
    message: "Event.__init__() takes 1 positional argument but 2 were given",
  });
  throws(() => (Queue as unknown as (...args: number[]) => unknown)(1, 2), {
    message: "Queue.__init__() takes from 1 to 2 positional arguments but 3 were given",
  });
  for (const object of [Lock(), RLock(), Condition()]) {
    const release = object.release as (n: number) => Promise<void>;
    await rejects(
      release.call(object, 1),
      /release\(\) takes no arguments \(1 given\)/,
    );
  }
  await rejects(Queue().put(1, { x: 1 } as never), /unexpected keyword argument 'x'/);
});

test("what belongs to this process cannot be sent to another", () => {
  const texts: [unknown, string][] = [
    [Lock(), "_thread.lock"],
    [RLock(), "_thread.RLock"],
    [Semaphore(), "_thread.lock"],
    [Condition(), "_thread.RLock"],
    [Condition(Lock()), "_thread.lock"],
    [Event(), "_thread.lock"],
    [Barrier(1), "_thread.lock"],
    [Queue(), "_thread.lock"],
  ];
  for (const [object, name] of texts) {
    throws(() => dumps(object), {
      name: "TypeError",
      message: new RegExp(`cannot pickle '${name}' object`),
    });
  }
});
