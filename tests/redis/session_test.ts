/** Sessions: leases that end, calls that are sent twice, time that stands still. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listOf, textOf } from "../../src/redis/driver/connection.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { ON_SERVER, type Server, until } from "./server.ts";

/** The session that is on the server. */
async function sessionOf(server: Server): Promise<string> {
  const [session] = listOf(
    await server.command("ZRANGE", "{mp:test}:sessions", "0", "0"),
  );
  return textOf(session);
}

ON_SERVER.test("a session beats", async (server) => {
  const mp = server.context({ lease: 0.3 });
  await mp.Queue().put(1);
  const score = async () =>
    Number(await server.text("ZSCORE", "{mp:test}:sessions", await sessionOf(server)));
  const before = await score();
  await until(async () => await score() > before + 300);
});

ON_SERVER.test("a wait goes on in the next session", async (server) => {
  const mp = server.context({ lease: 0.3 });
  const q = mp.Queue<number>({ name: "jobs" });
  const lock = mp.Lock({ name: "door" });
  await lock.acquire();
  const got = [q.get(), q.get()], joined = mp.Event({ name: "go" }).wait();
  await until(async () => await server.command("LLEN", "{mp:test}:o:n.jobs:w") === 2);
  const before = await sessionOf(server);
  await server.command("DEL", `{mp:test}:s:${before}`);
  await raises(() => lock.release(), "ProcessError", /lease of this process was over/);
  await until(async () => await sessionOf(server) !== before || undefined);
  await mp.Event({ name: "go" }).set();
  strictEqual(await joined, true);
  await q.put(1);
  await q.put(2);
  deepStrictEqual(await Promise.all(got), [1, 2]);
  await mp.unlink();
});
