/** Sessions: leases that end, calls that are sent twice, time that stands still. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listOf, textOf } from "../../src/redis/driver/connection.ts";
import { Link } from "../../src/redis/driver/link.ts";
import { toAddress } from "../../src/redis/driver/open.ts";
import { SCRIPTS } from "../../src/redis/scripts/all.ts";
import { CLEAR, IS_SET, SET, WAIT } from "../../src/redis/scripts/event.ts";
import { OPEN } from "../../src/redis/scripts/object.ts";
import {
  AGAIN,
  GET,
  GIVE_BACK,
  PUT,
  PUT_ALL,
  SIZE,
  TASK_DONE,
} from "../../src/redis/scripts/queue.ts";
import type { Script } from "../../src/redis/scripts/script.ts";
import { BEGIN, END, LOOK } from "../../src/redis/scripts/session.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { kept, ON_SERVER, type Server, until } from "./server.ts";

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

ON_SERVER.test("calls that come twice, or late, do nothing", async (server) => {
  const link = new Link(toAddress(server.url), SCRIPTS, { reconnect: 20 });
  const call = async (script: Script, key: string, ...args: (string | number)[]) =>
    await kept(link.call(script, [`{mp:test}:${key}`], ["me", ...args.map(String)]));
  const look = async (number: number) =>
    listOf(await call(LOOK, "s:me", number)).map(textOf);
  try {
    await call(BEGIN, "sessions", 30_000, 60_000);
    await call(OPEN, "o:E", "event", 1);
    await call(OPEN, "o:Q", "queue", 1, "max", 0, "join", 1, "ret", 0);
    strictEqual(await call(WAIT, "o:E", 1, 7), 2);
    for (let i = 0; i < 3; i++) strictEqual(await call(SET, "o:E", 2), 1);
    deepStrictEqual(await look(1), ["7", "1"]);
    deepStrictEqual(await look(1), ["7", "1"]);
    strictEqual(await call(CLEAR, "o:E", 3), 1);
    strictEqual(await call(WAIT, "o:E", 4, 8), 2);
    strictEqual(await call(SET, "o:E", 5), 1);
    strictEqual(await call(CLEAR, "o:E", 3), 1); // late
    strictEqual(await call(SET, "o:E", 1024 + 6), 1);
    strictEqual(await call(CLEAR, "o:E", 6), 0); // later still
    strictEqual(await call(IS_SET, "o:E"), 1);
    deepStrictEqual(await look(0), []);
    deepStrictEqual(await look(2), ["8", "1"]);
    deepStrictEqual(await look(1), []);
    for (let i = 0; i < 2; i++) {
      strictEqual(await call(PUT_ALL, "o:Q", 11, "a", "b"), 1);
    }
    for (let i = 0; i < 2; i++) strictEqual(await call(PUT, "o:Q", 7, "c", 0), 1);
    strictEqual(await call(SIZE, "o:Q"), 3);
    const [, from, items] = listOf(await call(GET, "o:Q", 8, 0, 0, 2, 0, 1));
    strictEqual(from, 0);
    deepStrictEqual(listOf(items).map(textOf), ["1:0:a", "2:0:b"]);
    strictEqual(textOf(await call(GET, "o:Q", 8, 0, 0, 2, 0, 1)), "again");
    deepStrictEqual(listOf(listOf(await call(AGAIN, "o:Q", 1))[2]).map(textOf), [
      "2:0:b",
    ]);
    for (let i = 0; i < 2; i++) strictEqual(await call(TASK_DONE, "o:Q", 9, 1, 0), 1);
    strictEqual(await call(SIZE, "o:Q"), 2);
    for (let i = 0; i < 2; i++) strictEqual(await call(GIVE_BACK, "o:Q", 10, 1, 1), 1);
    await call(END, "sessions");
    await raises(() => call(SIZE, "o:Q"), "RuntimeError", "GONE the session has ended");
  } finally {
    link.close();
  }
});
