/** Agents: processes of a context on other machines; here they are programs beside. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { hostname } from "node:os";
import process from "node:process";
import { raises } from "../cpython/helpers/checks.ts";
import { runProgram, startProgram } from "../helpers/run.ts";
import {
  agentCount,
  gone,
  isThere,
  LEASE,
  startAgent,
  stopAgent,
  WITH_AGENTS,
} from "./agents.ts";
import * as targets from "./process_targets.ts";
import { until } from "./server.ts";

const SPAWNER = "tests/children/redis_spawner.ts";

WITH_AGENTS.test("a process runs on the machine of an agent", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "2"]);
  const q = mp.Queue<unknown>();
  const p = new mp.Process({ target: targets.tell, args: [q, "x"], name: "Bob" });
  await p.start();
  strictEqual(p.host, hostname());
  deepStrictEqual(mp.active_children(), [p]);
  deepStrictEqual(await q.get(), ["Bob", p.pid, "x"]);
  await p.join();
  strictEqual(p.exitcode, 0);
  deepStrictEqual(mp.active_children(), []);
  const failing = new mp.Process({ target: targets.exit, args: [7] });
  await failing.start();
  await failing.join();
  strictEqual(failing.exitcode, 7);
  await stopAgent(agent);
});

WITH_AGENTS.test("it can be waited for, and ended", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "2"]);
  const q = mp.Queue<unknown>();
  const event = mp.Event();
  for (const [end, code] of [["terminate", -15], ["kill", -9]] as const) {
    const p = new mp.Process({ target: targets.stay, args: [q, event] });
    await p.start();
    strictEqual(await q.get(), p.pid);
    await p.join(0.05);
    ok(p.is_alive() && isThere(p.pid!));
    strictEqual(p.exitcode, null);
    p[end]();
    await p.join();
    strictEqual(p.exitcode, code);
    ok(!p.is_alive() && !isThere(p.pid!));
  }
  await stopAgent(agent);
});

WITH_AGENTS.test("its processes end with an agent", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "2"], { lease: LEASE });
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

WITH_AGENTS.test("what it prints comes home, and errors do", async ({ server }) => {
  const agent = await startAgent(server, ["--where", "there"]);
  const { stdout, stderr, code } = await runProgram(SPAWNER, {
    args: [server.url, "print"],
  });
  strictEqual(code, 0, stderr);
  strictEqual(stdout, "said hello\n0\n1\n");
  match(stderr, /^complained hello\nProcess P:\n(.*\n)*RangeError: wrong\n/);
  await stopAgent(agent);
  strictEqual(agent.stdout, "");
});

WITH_AGENTS.test("much that it prints comes home in order", async ({ server }) => {
  const agent = await startAgent(server, ["--where", "there"]);
  const lines = 50_000;
  const { stdout, stderr, code } = await runProgram(SPAWNER, {
    args: [server.url, "chatter", "10", String(lines)],
  });
  deepStrictEqual({ stderr, code }, { stderr: "", code: 0 });
  const said = stdout.split("\n");
  strictEqual(said.length, lines + 2);
  ok(said.slice(0, lines).every((line, i) => line.startsWith(`line ${i} x`)));
  await stopAgent(agent);
});

WITH_AGENTS.test("a program waits for its processes elsewhere", async ({ server }) => {
  const agent = await startAgent(server, ["--where", "there", "--processes", "4"]);
  const { stdout, stderr, code } = await runProgram(SPAWNER, {
    args: [server.url, "leave"],
  });
  strictEqual(code, 0, stderr);
  strictEqual(stdout, "end\nsaid last\n");
  strictEqual(stderr, "complained last\n");
  await stopAgent(agent); // which has none left
});

WITH_AGENTS.test("they end with a program that is killed", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--where", "there", "--processes", "4"]);
  const program = startProgram(SPAWNER, { args: [server.url, "kill", String(LEASE)] });
  await program.waitForOutput("ready");
  const pids = () => [...agent.stderr.matchAll(/has started \S+ \(pid (\d+)\)/g)];
  await until(() => server.command("PING").then(() => pids().length === 2));
  program.kill("SIGKILL");
  await program.finished;
  for (const [, pid] of pids()) await gone(Number(pid));
  await stopAgent(agent);
  await mp.Queue({ name: "pids" }).qsize();
});

WITH_AGENTS.test("who finds no room waits for it", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "1"]);
  const q = mp.Queue<unknown>(), event = mp.Event();
  const make = () => new mp.Process({ target: targets.stay, args: [q, event] });
  const [first, second, third, fourth] = [make(), make(), make(), make()];
  for (const p of [first, second, third, fourth]) await p.start();
  strictEqual(await q.get(), first.pid);
  deepStrictEqual([second.pid, second.host, second.is_alive()], [null, null, true]);
  third.kill();
  await third.join();
  strictEqual(third.exitcode, -9);
  await event.set();
  strictEqual(await q.get(), second.pid);
  await q.get();
  await Promise.all([first, second, fourth].map((p) => p.join()));
  deepStrictEqual([first, second, fourth].map((p) => p.exitcode), [0, 0, 0]);
  strictEqual(third.pid, null);
  await stopAgent(agent);
});

WITH_AGENTS.test("one that does not give way keeps what it holds", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "1"], { lease: LEASE });
  const q = mp.Queue<unknown>(), lock = mp.Lock();
  const p = new mp.Process({ target: targets.holdOn, args: [q, lock, 2 * LEASE] });
  await p.start();
  const token = await q.get() as number;
  ok(await lock.acquire());
  ok(lock.token! > token);
  await lock.release();
  await p.join();
  strictEqual(p.exitcode, 0); // its release was not refused
  await stopAgent(agent);
});

WITH_AGENTS.test("agents have labels, and the one with most room is taken", async (given) => {
  const { server, mp } = given;
  const gpu = ["--processes", "2", "--where", "gpu,big", "--host", "one"];
  const agents = [
    await startAgent(server, gpu),
    await startAgent(server, ["--processes", "3", "--host", "two"]),
  ];
  const q = mp.Queue<unknown>(), event = mp.Event();
  const started = [];
  for (const where of ["gpu", null, null, ["big", "gpu"], null, null]) {
    const p = new mp.Process({ target: targets.stay, args: [q, event], where });
    await p.start();
    started.push(p);
  }
  const hosts = started.map(({ host }) => host);
  deepStrictEqual(hosts, ["one", "two", "two", "one", "two", null]);
  await event.set();
  await Promise.all(started.map((p) => p.join()));
  const p = new mp.Process(
    { target: targets.speak, where: "tpu", start_timeout: 0 } as never,
  );
  await raises(() => p.start(), "ProcessError", /no agent .* is at 'tpu'/);
  // One that comes in time is waited for.
  const late = new mp.Process({
    ...{ target: targets.exit, args: [3], where: "late", start_timeout: 60 },
  });
  const starting = late.start();
  agents.push(await startAgent(server, ["--where", "late"]));
  await starting;
  await late.join();
  strictEqual(late.exitcode, 3);
  await Promise.all(agents.map(stopAgent));
});

WITH_AGENTS.test("an agent drains on SIGTERM", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "2"]);
  const q = mp.Queue<unknown>(), event = mp.Event();
  const p = new mp.Process({ target: targets.stay, args: [q, event] });
  await p.start();
  await q.get();
  process.kill(agent.pid, "SIGTERM");
  await until(async () => await agentCount(server) === 0);
  // It takes no more: as if there was none.
  const here = new mp.Process({ target: targets.tell, args: [q] });
  await here.start();
  strictEqual(here.host, null);
  await q.get();
  await here.join();
  ok(p.is_alive());
  await event.set();
  await p.join();
  strictEqual(p.exitcode, 0);
  const { code, stderr } = await agent.finished;
  strictEqual(code, 0, stderr);
  match(stderr, /takes no more processes, and waits for 1\n/);
});

WITH_AGENTS.test("what does not end while it drains is ended", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "2", "--grace", "0.1"]);
  const q = mp.Queue<unknown>();
  const p = new mp.Process({ target: targets.stay, args: [q, mp.Event()] });
  await p.start();
  await q.get();
  process.kill(agent.pid, "SIGTERM");
  await p.join();
  strictEqual(p.exitcode, -15);
  strictEqual((await agent.finished).code, 0);
});

WITH_AGENTS.test("versions are compared", async ({ server, mp }) => {
  const other = server.context();
  await other.Lock().acquire();
  const [sid] = await server.command("ZRANGE", "{mp:test}:sessions", "0", "-1") as [
    Uint8Array,
  ];
  const agent = { version: "9.9.9", labels: [], processes: 1, host: "old" };
  const key = "{mp:test}:o:agents:g";
  await server.command(
    "HSET",
    key,
    new TextDecoder().decode(sid),
    JSON.stringify(agent),
  );
  const p = new mp.Process({ target: targets.speak, args: ["x"] });
  await raises(
    () => p.start(),
    "ProcessError",
    /^the agent on old has the version 9\.9\.9 of .*, this program \d+\.\d+\.\d+: install/,
  );
  await server.command("DEL", key);
});
