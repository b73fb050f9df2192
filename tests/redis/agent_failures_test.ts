/** Agents that are cut off, stopped or forgotten; and servers that stop. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { test } from "../suite.ts";
import {
  gone,
  isThere,
  LEASE,
  startAgent,
  stopAgent,
  WITH_AGENTS,
  WITH_SHORT_LEASES,
} from "./agents.ts";
import * as targets from "./process_targets.ts";
import { Proxy } from "./proxy.ts";
import { noServer, ON_DISK, until, withServer } from "./server.ts";

const SOON = { lease: LEASE };

WITH_SHORT_LEASES.test("a process of an agent that is cut off is lost, and ends there", async (given) => {
  const { server, mp } = given;
  const proxy = await Proxy.to(server);
  const agent = await startAgent(server, ["--processes", "1"], {
    ...SOON,
    url: proxy.url,
  });
  const q = mp.Queue<unknown>(), event = mp.Event();
  const lost = new mp.Process({ target: targets.stay, args: [q, event] });
  await lost.start();
  await q.get();
  proxy.cut();
  await lost.join();
  strictEqual(lost.exitcode, -9);
  await gone(lost.pid!); // by the agent, which knows that its lease is over
  // Another one is started elsewhere: here, as no agent is there.
  const here = new mp.Process({ target: targets.tell, args: [q, "here"] });
  await here.start();
  strictEqual(here.host, null);
  deepStrictEqual((await q.get() as unknown[]).at(-1), "here");
  await here.join();
  proxy.heal();
  // It comes back by itself.
  const again = new mp.Process({
    ...{ target: targets.stay, args: [q, event], where: [], start_timeout: 60 },
  });
  await until(async () => await server.command("HLEN", "{mp:test}:o:agents:g") === 1);
  await again.start();
  ok(again.host !== null);
  await q.get();
  await event.set();
  await again.join();
  strictEqual(again.exitcode, 0);
  strictEqual(lost.exitcode, -9); // nothing that came late has changed it
  await stopAgent(agent);
  await proxy.close();
});

WITH_SHORT_LEASES.test("a cut that is shorter than a lease does nothing", async ({ server, mp }) => {
  const proxy = await Proxy.to(server);
  const agent = await startAgent(server, [], { ...SOON, url: proxy.url });
  const q = mp.Queue<unknown>(), event = mp.Event();
  const p = new mp.Process({ target: targets.stay, args: [q, event] });
  await p.start();
  await q.get();
  proxy.cut();
  await event.wait(LEASE / 3);
  proxy.heal();
  await event.set();
  await p.join();
  strictEqual(p.exitcode, 0);
  await stopAgent(agent);
  await proxy.close();
});

WITH_SHORT_LEASES.test("an agent that is stopped for long kills what it has", async (given) => {
  const { server, mp } = given;
  const agent = await startAgent(server, ["--processes", "1"], SOON);
  const q = mp.Queue<unknown>(), event = mp.Event();
  const p = new mp.Process({ target: targets.stay, args: [q, event] });
  await p.start();
  await q.get();
  process.kill(agent.pid, "SIGSTOP");
  // What has not been handed out to it goes elsewhere, or waits.
  await p.join();
  strictEqual(p.exitcode, -9);
  ok(isThere(p.pid!));
  process.kill(agent.pid, "SIGCONT");
  await gone(p.pid!);
  await stopAgent(agent);
});

WITH_SHORT_LEASES.test("what a stopped agent was not handed yet, another one runs", async (given) => {
  const { server, mp } = given;
  const stopped = await startAgent(
    server,
    ["--processes", "4", "--host", "stopped"],
    SOON,
  );
  process.kill(stopped.pid, "SIGSTOP");
  const other = await startAgent(server, ["--processes", "2", "--host", "other"]);
  const q = mp.Queue<unknown>();
  const p = new mp.Process({ target: targets.tell, args: [q, 1] });
  await p.start(); // when the first one's lease is over
  strictEqual(p.host, "other");
  await q.get();
  await p.join();
  strictEqual(p.exitcode, 0);
  process.kill(stopped.pid, "SIGCONT");
  await Promise.all([stopAgent(stopped), stopAgent(other)]);
  strictEqual(await q.qsize(), 0); // it was not started twice
});

WITH_SHORT_LEASES.test("who was cut off itself has lost its processes", async ({ server }) => {
  const proxy = await Proxy.to(server);
  const agent = await startAgent(server, [], SOON);
  const mp = server.context({ url: proxy.url, lease: LEASE });
  const other = server.context({ lease: LEASE });
  const pids = other.Queue<number>({ name: "pids" });
  const p = new mp.Process({
    ...{
      target: targets.stay,
      args: [mp.Queue({ name: "pids" }), mp.Event()] as never,
    },
  });
  await p.start();
  await pids.get();
  proxy.cut();
  await gone(p.pid!); // by the agent, when the lease of this process was over
  proxy.heal();
  await p.join();
  strictEqual(p.exitcode, -9);
  await stopAgent(agent);
  await other.unlink();
  await mp.shutdown();
  await proxy.close();
});

WITH_SHORT_LEASES.test("an agent whose context was removed begins anew", async ({ server, mp }) => {
  const agent = await startAgent(server, [], SOON);
  const q = mp.Queue<unknown>();
  const p = new mp.Process({ target: targets.stay, args: [q, mp.Event()] });
  await p.start();
  await q.get();
  await mp.unlink();
  strictEqual(p.exitcode, -9);
  await gone(p.pid!);
  await until(async () => await server.command("HLEN", "{mp:test}:o:agents:g") === 1);
  const answers = mp.Queue<unknown>();
  const again = new mp.Process({ target: targets.tell, args: [answers, 2] });
  await again.start();
  ok(again.host !== null);
  await answers.get();
  await again.join();
  strictEqual(again.exitcode, 0);
  await stopAgent(agent);
});

WITH_AGENTS.test("an agent that drains does not wait for a lost server", async (given) => {
  const { server } = given;
  const proxy = await Proxy.to(server);
  const agent = await startAgent(server, [], { url: proxy.url });
  proxy.cut();
  const before = Date.now();
  await stopAgent(agent);
  ok(Date.now() - before < 8000); // less than the lease, after which it would be told
  await proxy.close();
});

test(
  "a server that starts again finds the processes as they were",
  () =>
    withServer(async (server) => {
      const agent = await startAgent(server, ["--processes", "1"], SOON);
      const mp = server.context({ lease: LEASE });
      const q = mp.Queue<unknown>({ name: "q" }), event = mp.Event({ name: "go" });
      const make = () => new mp.Process({ target: targets.stay, args: [q, event] });
      const [p, waiting] = [make(), make()];
      await p.start();
      await q.get();
      await waiting.start();
      await server.kill("SIGKILL");
      await server.start();
      await event.set();
      await p.join();
      await waiting.join();
      deepStrictEqual([p.exitcode, waiting.exitcode], [0, 0]);
      strictEqual(await q.get(), waiting.pid);
      await stopAgent(agent);
      await mp.unlink();
    }, ...ON_DISK),
  {
    skip: noServer,
    timeout: 120,
  },
);
