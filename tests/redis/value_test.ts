/** Values on a server. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { raises } from "../cpython/helpers/checks.ts";
import { ON_SERVER } from "./server.ts";

ON_SERVER.test("a value is the same in all contexts", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const here = one.Value<unknown>("i", 5, { name: "n" }),
    there = two.Value<unknown>("i", 7, { name: "n" });
  strictEqual(await here.get(), 5);
  strictEqual(await there.get(), 5);
  await there.set(6);
  strictEqual(await here.get(), 6);
  await Promise.all([...Array(20)].map((_, i) => (i % 2 ? here : there).increment(2)));
  strictEqual(await here.get(), 46);
  strictEqual(await here.increment(10n ** 20n), 10n ** 20n + 46n);
  await here.set({ a: [1] });
  deepStrictEqual(await there.get(), { a: [1] });
  await raises(() => here.increment(), "TypeError");
  await here.with(async () => strictEqual(await there.acquire(false), false));
  await here.unlink();
  await here.get_lock().unlink();
});

ON_SERVER.test("who has a lower token is refused", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const lock = one.Lock({ name: "door" }), other = two.Lock({ name: "door" });
  const value = one.Value("s", "", { lock: false });
  await lock.acquire();
  const { token } = lock;
  await value.set("a", { token });
  await lock.release();
  await other.with(() => value.set("b", { token: other.token }));
  await raises(() => value.set("c", { token }), "ProcessError", /higher token/);
  strictEqual(await value.get(), "b");
  await raises(() => value.set("c", { token: -1 }), "ValueError");
  await raises(() => value.get_lock(), "TypeError");
  await lock.unlink();
});
