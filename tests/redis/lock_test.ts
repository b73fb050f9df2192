/** Locks and semaphores on a server: what is not in CPython's cases. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { asThread } from "../../src/python/thread.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { ON_SERVER, until } from "./server.ts";

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

ON_SERVER.test("a lock is had by one of two contexts", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const here = one.Lock({ name: "door" }), there = two.Lock({ name: "door" });
  strictEqual(await here.acquire(), true);
  strictEqual(await there.acquire(false), false);
  strictEqual(await there.acquire(true, MOMENT), false);
  strictEqual(await there.locked(), true);
  const waiting = there.acquire();
  await here.release();
  strictEqual(await waiting, true);
  strictEqual(String(there), "<Lock(owner=MainProcess)>");
  strictEqual(String(here), "<Lock(owner=unknown)>");
  await here.release(); // any process may
  await raises(() => there.release(), "ValueError", /too many times/);
  await here.unlink();
});

ON_SERVER.test("tokens are always higher", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const tokens: number[] = [];
  for (const mp of [one, two, one, two]) {
    const lock = mp.Lock({ name: "door" });
    strictEqual(lock.token, null);
    await lock.with(() => tokens.push(lock.token!));
    strictEqual(lock.token, null);
  }
  await one.unlink();
  await one.shutdown();
  await two.shutdown();
  const lock = server.context().Lock();
  await lock.with(() => tokens.push(lock.token!));
  ok(tokens.every(Number.isSafeInteger));
  deepStrictEqual(tokens, [...new Set(tokens)].sort((a, b) => a - b));
});

ON_SERVER.test("those who wait for a lock have it in their order", async (server) => {
  const contexts = [server.context(), server.context(), server.context()];
  const order: number[] = [];
  const first = contexts[0]!.Lock({ name: "door" });
  await first.acquire();
  const all = [1, 2, 0, 1, 2, 0].map(async (n, at) => {
    const lock = contexts[n]!.Lock({ name: "door" });
    await until(async () =>
      await server.command("LLEN", "{mp:test}:o:n.door:w") === at
    );
    await lock.acquire();
    order.push(at);
    await lock.release();
  });
  await until(async () => await server.command("LLEN", "{mp:test}:o:n.door:w") === 6);
  await first.release();
  await Promise.all(all);
  deepStrictEqual(order, [0, 1, 2, 3, 4, 5]);
  await first.unlink();
});

ON_SERVER.test("an RLock is its owner's, a process and thread", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const here = one.RLock({ name: "door" }), there = two.RLock({ name: "door" });
  await here.acquire();
  await here.acquire();
  strictEqual(String(here), "<RLock(MainProcess, 2)>");
  strictEqual(await there.acquire(false), false);
  await raises(() => there.release(), "AssertionError");
  await asThread("T", () =>
    raises(
      () => here.release(),
      "AssertionError",
      "attempt to release recursive lock not owned by thread",
    ));
  await here.release();
  strictEqual(await there.acquire(false), false);
  await here.release();
  strictEqual(await there.acquire(false), true);
  await there.release();
  await here.unlink();
});

ON_SERVER.test("semaphores", async (server) => {
  const mp = server.context();
  const places = mp.BoundedSemaphore(2);
  await places.acquire();
  await places.acquire();
  strictEqual(await places.get_value(), 0);
  strictEqual(await places.acquire(false), false);
  const waiting = places.acquire();
  await places.release();
  await waiting;
  await places.release();
  await places.release();
  await raises(() => places.release(), "ValueError", /too many times/);
  const open = mp.Semaphore({ value: 0 });
  await open.release();
  strictEqual(await open.get_value(), 1);
  strictEqual(open.token, null);
  await raises(() => mp.Semaphore(-1), "OSError");
  await raises(() => mp.Lock(1 as never), "TypeError");
});

ON_SERVER.test("a lock of a context that is shut down is free", async (server) => {
  const [one, two] = [server.context(), server.context()];
  await one.Lock({ name: "door" }).acquire();
  const lock = two.Lock({ name: "door" });
  const waiting = lock.acquire();
  await lock.locked();
  await one.shutdown();
  strictEqual(await waiting, true);
  await lock.release();
  await lock.unlink();
});
