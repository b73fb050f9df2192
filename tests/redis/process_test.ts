/** `Process` of a context where no agent is: on this machine. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Queue } from "../../mod.ts";
import { get_context } from "../../src/redis.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";
import * as targets from "./process_targets.ts";
import { square } from "./pool/pool_targets.ts";
import { noServer, ON_DISK, ON_SERVER, withServer } from "./server.ts";

const nowhere = () => get_context("redis", { url: "redis://127.0.0.1:1" });

ON_SERVER.test("without an agent a process is started here", async (server) => {
  const mp = server.context();
  const q = mp.Queue<unknown>();
  const p = new mp.Process({ target: targets.tell, args: [q, 1], name: "Bob" });
  strictEqual(p.exitcode, null);
  strictEqual(p.pid, null);
  await p.start();
  ok(p.pid! > 0 && p.pid !== process.pid);
  strictEqual(p.host, null);
  deepStrictEqual(mp.active_children(), [p]);
  deepStrictEqual(await q.get(), ["Bob", p.pid, 1]);
  await p.join();
  strictEqual(p.exitcode, 0);
  strictEqual(p.is_alive(), false);
  deepStrictEqual(mp.active_children(), []);
  match(String(p), /^<RedisProcess name='Bob' pid=\d+ parent=\d+ stopped exitcode=0>$/);
  p.close();
});

ON_SERVER.test("it has the context, without an address", async (server) => {
  const authkey = new TextEncoder().encode("secret");
  const mp = server.context({ authkey });
  const p = new mp.Process({ target: targets.answer });
  await p.start();
  strictEqual(await mp.Queue({ name: "answers" }).get(), "by name");
  await p.join();
  await mp.unlink();
});

test(
  "it waits for a server that is away when it first uses that by its address",
  () =>
    withServer(async (server) => {
      const [mp, own] = [server.context(), server.context({ name: "own" })];
      const p = new mp.Process({
        target: targets.killServerAndPut,
        args: [server.url, server.pid],
      });
      await p.start();
      await server.ended();
      await p.join(1); // it would end if it did not wait
      await server.start();
      strictEqual(await own.Queue({ name: "late" }).get(), "put");
      await p.join();
      strictEqual(p.exitcode, 0);
      for (const context of [mp, own]) await context.unlink();
    }, ...ON_DISK),
  { skip: noServer },
);

ON_SERVER.test("one that does not give way keeps what it holds", async (server) => {
  const lease = 2;
  const mp = server.context({ lease });
  const q = mp.Queue<unknown>(), lock = mp.Lock();
  const p = new mp.Process({ target: targets.holdOn, args: [q, lock, 3 * lease] });
  await p.start();
  await q.get();
  ok(await lock.acquire());
  await lock.release();
  await p.join();
  strictEqual(p.exitcode, 0); // its release was not refused
});

ON_SERVER.test("it has the address of a client that was handed in", async (server) => {
  const { createClient } = await import("@redis/client");
  const mp = server.context({ url: null, client: createClient({ url: server.url }) });
  const p = new mp.Process({ target: targets.answer });
  await p.start();
  strictEqual(await mp.Queue({ name: "answers" }).get(), "by name");
  await p.join();
  await using pool = mp.Pool(1);
  deepStrictEqual(await pool.map(square, [2, 3]), [4, 9]);
  await mp.unlink();
});

ON_SERVER.test("its end is told as that of any process", async (server) => {
  const mp = server.context();
  const q = mp.Queue<unknown>(), event = mp.Event();
  const run = async (p: InstanceType<typeof mp.Process>, end: () => void) => {
    await p.start();
    await q.get();
    await p.join(0);
    ok(p.is_alive());
    strictEqual(p.exitcode, null);
    end();
    await p.join();
    return p.exitcode;
  };
  const make = () =>
    new mp.Process({ target: targets.stay, args: [q, event], daemon: true });
  let p = make();
  strictEqual(await run(p, () => p.terminate()), -15);
  p = make();
  strictEqual(await run(p, () => p.kill()), -9);
  p = make();
  strictEqual(p.daemon, true);
  strictEqual(await run(p, () => void event.set()), 0);
  const failing = new mp.Process({ target: targets.exit, args: [7] });
  await failing.start();
  await failing.join();
  strictEqual(failing.exitcode, 7);
  const killed = new mp.Process({ target: targets.stay, args: [q, event] });
  const starting = killed.start();
  killed.kill(); // nobody knows yet where it is
  await starting;
  await killed.join();
  strictEqual(killed.exitcode, -9);
  await mp.unlink(); // those that were killed are there until their leases are over
});

test("what cannot be sent is refused at the call", async () => {
  const mp = nowhere();
  const start = (target: unknown, args: unknown[] = []) =>
    new mp.Process({ target, args } as never).start();
  await raises(() => start(() => {}), "PicklingError");
  await raises(
    () => start(targets.speak, [Queue()]),
    "RuntimeError",
    /only be shared between processes through inheritance: take that of the context/,
  );
});

test("its options are checked", async () => {
  const mp = nowhere();
  const make = (options: unknown) => new mp.Process(options as never);
  await raises(() => make({ target: null, wher: "gpu" }), "TypeError", /mean 'where'/);
  await raises(() => make({ where: 1 }), "TypeError", /where must be a label, not int/);
  await raises(() => make({ where: "a b" }), "ValueError", /no comma or space/);
  await raises(() => make({ start_timeout: "1" }), "TypeError");
  await raises(() => make({ env: {} }), "TypeError", /unexpected keyword argument/);
  await raises(() => make({ args: 1 }), "TypeError", /not iterable/);
  const p = make({ where: ["gpu", "big"] });
  await raises(() => p.join(), "AssertionError", "can only join a started process");
  strictEqual(p.host, null);
  const { RedisProcess } = await import("../../src/redis/process/process.ts");
  await raises(() => new RedisProcess(), "TypeError", /made by a context/);
});

test("a server that cannot be reached is told, and it can be started again", async () => {
  const mp = nowhere();
  const p = new mp.Process({ target: targets.speak, args: ["x"] });
  await raises(() => p.start(), "ConnectionRefusedError");
  strictEqual(p.pid, null);
  deepStrictEqual(mp.active_children(), []);
  await raises(() => p.start(), "ConnectionRefusedError");
});

ON_SERVER.test("a place where no agent is is told, with the cure", async (server) => {
  const mp = server.context();
  const p = new mp.Process(
    { target: targets.fail, where: "gpu", start_timeout: 0.1 } as never,
  );
  await raises(
    () => p.start(),
    "ProcessError",
    /no agent of the context 'test' is at 'gpu': start one .* --name test --where gpu/,
  );
  strictEqual(await server.command("HLEN", "{mp:test}:o:agents:p"), 0);
});
