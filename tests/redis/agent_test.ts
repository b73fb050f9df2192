/** Agents: processes of a context on other machines; here they are programs beside. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { hostname } from "node:os";
import { gone, isThere, startAgent, stopAgent, WITH_AGENTS } from "./agents.ts";
import * as targets from "./process_targets.ts";

WITH_AGENTS.test("a process runs on the machine of an agent", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "2"]);
  const q = mp.Queue<unknown>();
  const p = new mp.Process({ target: targets.tell, args: [q, "x"] });
  await p.start();
  strictEqual(p.host, hostname());
  deepStrictEqual(await q.get(), ["RedisProcess-" + p.name.split("-")[1], p.pid, "x"]);
  await p.join();
  strictEqual(p.exitcode, 0);
  const event = mp.Event();
  const killed = new mp.Process({ target: targets.stay, args: [q, event] });
  await killed.start();
  strictEqual(await q.get(), killed.pid);
  killed.kill();
  await killed.join();
  strictEqual(killed.exitcode, -9);
  ok(!isThere(killed.pid!));
  await stopAgent(agent);
});

WITH_AGENTS.test("its processes end with an agent", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "2"]);
  const q = mp.Queue<unknown>();
  const p = new mp.Process({ target: targets.compute, args: [q] });
  await p.start();
  strictEqual(await q.get(), p.pid);
  agent.kill("SIGKILL");
  await p.join();
  strictEqual(p.exitcode, -9);
  await gone(p.pid!);
  await agent.finished;
});
