/** Conditions on a server: what is not in CPython's cases. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { asThread } from "../../src/python/thread.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { ON_SERVER, until } from "./server.ts";

ON_SERVER.test("sleepers of two contexts wake up one by one", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const order: string[] = [];
  const waitOn = async (mp: typeof one, name: string) => {
    const condition = mp.Condition({ name: "news" });
    await condition.with(async () => {
      strictEqual(await condition.wait(), true);
      order.push(name);
    });
  };
  const sleepers = async (count: number) =>
    await until(async () =>
      await server.command("LLEN", "{mp:test}:o:n.news:z") === count
    );
  const first = waitOn(one, "first");
  await sleepers(1);
  const second = waitOn(two, "second");
  await sleepers(2);
  const third = asThread("T", () => waitOn(one, "third"));
  await sleepers(3);
  const here = two.Condition({ name: "news" });
  await here.with(() => here.notify());
  await first;
  await here.with(() => here.notify_all());
  await Promise.all([second, third]);
  deepStrictEqual(order, ["first", "second", "third"]);
  await here.unlink();
  await two.RLock({ name: "news.lock" }).unlink();
});

ON_SERVER.test("a wait ends with the lock held", async (server) => {
  const mp = server.context();
  const lock = mp.Lock();
  const condition = mp.Condition(lock);
  await lock.acquire();
  strictEqual(await condition.wait(0.01), false);
  strictEqual(await lock.locked(), true);
  const controller = new AbortController();
  const waiting = condition.wait({ signal: controller.signal });
  await until(async () => !await lock.locked());
  controller.abort(new TypeError("enough"));
  await raises(waiting, "TypeError", "enough");
  strictEqual(await lock.locked(), true);
  await lock.release();
  await raises(() => condition.wait(), "AssertionError", /must acquire/);
  await raises(() => condition.notify(), "AssertionError", "lock is not owned");
});

ON_SERVER.test("an RLock is given up whole, and had again whole", async (server) => {
  const mp = server.context();
  const condition = mp.Condition();
  await condition.acquire();
  await condition.acquire();
  strictEqual(await condition.wait(0.01), false);
  await condition.release();
  await condition.release();
  await raises(() => condition.release(), "AssertionError");
  const semaphore = mp.Semaphore(2);
  const other = mp.Condition(semaphore);
  await semaphore.acquire();
  await semaphore.acquire();
  strictEqual(await other.wait(0.01), false);
  strictEqual(await semaphore.get_value(), 0);
});

ON_SERVER.test("a wake-up of a context that is shut down goes to the next", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const there = one.Condition({ name: "news" });
  const gone = asThread("T", async () => {
    await there.acquire();
    await raises(() => there.wait(), "ProcessError");
  });
  await until(async () => await server.command("LLEN", "{mp:test}:o:n.news:z") === 1);
  const here = two.Condition({ name: "news" });
  const waiting = asThread("U", () => here.with(() => here.wait()));
  await until(async () => await server.command("LLEN", "{mp:test}:o:n.news:z") === 2);
  await here.acquire();
  await here.notify(); // for the other one, which cannot have the lock yet
  await one.shutdown();
  await gone;
  await here.release();
  strictEqual(await waiting, true);
  await here.unlink();
  await two.RLock({ name: "news.lock" }).unlink();
});

ON_SERVER.test("wrong locks", async (server) => {
  const [mp, other] = [server.context(), server.context({ name: "other" })];
  await raises(() => mp.Condition(3 as never), "TypeError");
  await raises(() => mp.Condition(other.Lock()), "ValueError");
});
