// Starts processes by `forkserver`; argument 1 names the case. Prints what it saw as JSON.
import { mkdtempSync, realpathSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  current_process,
  get_context,
  Process,
  set_forkserver_preload,
  set_start_method,
} from "../../mod.ts";
import { ensure_running } from "../../src/forkserver.ts";
import type { Event, Queue } from "../../mod.ts";
import { childrenOf, sleeps } from "../helpers/children_of.ts";
import { tellWho } from "../helpers/asks_who_it_is.ts";
import { pidOf, square } from "../helpers/pool_work.ts";

const ctx = get_context("forkserver");
const q = ctx.Queue<unknown>();

export async function tell(answers: Queue<unknown>): Promise<void> {
  const { env } = process;
  await answers.put({
    pid: process.pid,
    cwd: process.cwd(),
    variable: env["AHEAD"],
    args: process.argv.slice(2),
    name: current_process().name,
  });
}

export async function tellTwice(answers: Queue<unknown>): Promise<void> {
  const inner = new (get_context("forkserver").Process)({
    target: tell,
    args: [answers],
  });
  await inner.start();
  await inner.join();
  await tell(answers);
}

export async function waitAndTell(answers: Queue<unknown>, over: Event): Promise<void> {
  await answers.put("started");
  await over.wait();
  await answers.put("over");
}

interface Told {
  pid: number;
  cwd: string;
  variable?: string;
  args: string[];
  name: string;
}

async function run(options = {}): Promise<Told> {
  const answers = ctx.Queue<unknown>();
  const p = new ctx.Process({ target: tell, args: [answers], ...options });
  await p.start();
  const told = await answers.get() as Told;
  await p.join();
  if (p.exitcode !== 0 || p.pid !== told.pid) throw new Error("it is another one");
  return told;
}

/** The processes that wait for their work; settles when there are so many, and all wait. */
async function spares(count: number, but: number[] = []): Promise<number[]> {
  for (;;) {
    const pids = childrenOf(process.pid).filter((pid) => !but.includes(pid));
    if (pids.length === count && pids.every(sleeps)) return pids;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const CASES: Record<string, () => unknown> = {
  async taken() {
    const before = childrenOf(process.pid).length;
    const first = await run();
    const ahead = await spares(2);
    const second = await run();
    const now = await spares(2);
    const third = await run();
    return {
      before,
      names: [first.name, second.name, third.name],
      wasAhead: [ahead.includes(second.pid), now.includes(third.pid)],
      args: third.args,
    };
  },
  async directory() {
    await run();
    const ahead = await spares(2);
    const home = process.cwd();
    const place = realpathSync(mkdtempSync(join(tmpdir(), "ahead-")));
    process.chdir(place);
    const there = await run();
    await run();
    const now = await spares(2);
    process.chdir(home);
    rmdirSync(place);
    const back = await run();
    return {
      isThere: there.cwd === place,
      wasAhead: ahead.includes(there.pid),
      areOthers: now.every((pid) => !ahead.includes(pid)),
      isBack: back.cwd === home,
      wasAheadThere: now.includes(back.pid),
    };
  },
  async environment() {
    await run();
    const ahead = await spares(2);
    process.env["AHEAD"] = "set";
    const set = await run();
    const own = await run({ env: { AHEAD: "own" } });
    const flagged = await run({ execArgv: [] });
    return {
      values: [set.variable, own.variable, flagged.variable],
      wasAhead: [set, own, flagged].map(({ pid }) => ahead.includes(pid)),
    };
  },
  async killed() {
    await run();
    const ahead = await spares(2);
    process.kill(ahead[0]!, "SIGKILL");
    const replaced = await spares(2, [ahead[0]!]);
    process.kill(replaced[0]!, "SIGSTOP");
    process.kill(replaced[1]!, "SIGSTOP");
    const told = await run();
    await spares(2, replaced);
    return {
      wasReplaced: replaced.some((pid) => !ahead.includes(pid)),
      tookStopped: replaced.includes(told.pid),
      left: replaced.filter((pid) => childrenOf(process.pid).includes(pid)),
    };
  },
  async "killed at once"() {
    await run();
    const ahead = await spares(2);
    for (const pid of ahead) process.kill(pid, "SIGKILL");
    const told = await run(); // before the root can have heard of it
    return { tookKilled: ahead.includes(told.pid) };
  },
  async "dies beside one that runs"() {
    const q = ctx.Queue<unknown>(), over = ctx.Event();
    const p = new ctx.Process({ target: waitAndTell, args: [q, over] });
    await p.start();
    const started = await q.get();
    const ahead = await spares(2, [p.pid!]);
    for (const pid of ahead) process.kill(pid, process.argv[3] as NodeJS.Signals);
    const other = await run();
    await over.set();
    const said = [started, await q.get()];
    await p.join();
    return { said, exitcode: p.exitcode, wasAhead: ahead.includes(other.pid) };
  },
  async bound() {
    const counts: number[] = [];
    for (const spare of [5, 0, 1]) {
      set_forkserver_preload([], { spares: spare });
      for (let n = 0; n < Math.max(spare, 1); n++) await run();
      counts.push((await spares(spare)).length);
    }
    ensure_running();
    counts.push((await spares(1)).length);
    return counts;
  },
  async ensured() {
    ensure_running();
    const ahead = await spares(2);
    const told = await run();
    return ahead.includes(told.pid);
  },
  async burst() {
    await run();
    await spares(2);
    const all = Array.from({ length: 12 }, () => run({ name: "one of many" }));
    const pids = new Set((await Promise.all(all)).map(({ pid }) => pid));
    return { count: pids.size, left: (await spares(2)).length };
  },
  async asking() {
    // The main module asks, too, as it imports this one.
    set_forkserver_preload(["../helpers/asks_who_it_is.ts"].map(compiled));
    ensure_running();
    const ahead = await spares(2);
    const p = new ctx.Process({ target: tellWho, args: [q], name: "asked" });
    await p.start();
    const told = await q.get();
    await p.join();
    return { told, wasAhead: ahead.includes(p.pid!), exitcode: p.exitcode };
  },
  async missing() {
    set_forkserver_preload(["./no_such_module.ts"], { spares: 1 });
    ensure_running();
    await spares(1);
    return (await run()).name;
  },
  async inner() {
    await run();
    const ahead = await spares(2);
    const p = new ctx.Process({ target: tellTwice, args: [q] });
    await p.start();
    const told = [await q.get() as Told, await q.get() as Told];
    await p.join();
    return {
      names: told.map(({ name }) => name),
      wereAhead: told.map(({ pid }) => ahead.includes(pid)),
    };
  },
  async pool() {
    ensure_running();
    const ahead = await spares(2);
    const pool = ctx.Pool(2, { maxtasksperchild: 1 });
    const first = await Promise.all([1, 2].map((n) => pool.apply(pidOf, [n])));
    const names = pool._pool.map(({ name }) => name.replace(/\d+$/, "N"));
    const squares = await pool.map(square, [1, 2, 3], 1);
    pool.close();
    await pool.join();
    return { tookAhead: first.some((pid) => ahead.includes(pid)), names, squares };
  },
  async recycled() {
    set_forkserver_preload([], { spares: 4 }); // for processes and for pools, in turn
    ensure_running();
    const ahead = await spares(4);
    const pool = ctx.Pool(1, { maxmemory: 1 });
    const pids = [];
    for (const n of [1, 2]) pids.push(await pool.apply(pidOf, [n]));
    await pool.terminate();
    return { wereAhead: pids.map((pid) => ahead.includes(pid)) };
  },
  async idle() {
    set_forkserver_preload([], { spares: 4 }); // for processes and for pools, in turn
    ensure_running();
    const ahead = await spares(4);
    const pool = ctx.Pool({ max: 1, idle: 0 });
    const pids = [];
    for (const n of [1, 2]) {
      pids.push(await pool.apply(pidOf, [n]));
      while (pool._pool.length > 0) await new Promise((resolve) => setTimeout(resolve));
    }
    await pool.terminate();
    return { wereAhead: pids.map((pid) => ahead.includes(pid)) };
  },
  async "default"() {
    set_start_method("forkserver", true);
    ensure_running();
    const ahead = await spares(2);
    const p = new Process({ target: tell, args: [q] });
    await p.start();
    const { pid, name } = await q.get() as Told;
    await p.join();
    return { name, wasAhead: ahead.includes(pid) };
  },
  async quiet() {
    const p = new Process({ target: tell, args: [q] });
    await p.start();
    await q.get();
    await p.join();
    await new Promise((resolve) => setTimeout(resolve, 200));
    return childrenOf(process.pid).length;
  },
  async waiting() {
    ensure_running();
    const ahead = await spares(2);
    console.log(JSON.stringify(ahead));
    await new Promise((resolve) => setTimeout(resolve, 1e8));
  },
  async exit() {
    ensure_running();
    console.log(JSON.stringify(await spares(2)));
    process.exit(3);
  },
  async throw() {
    ensure_running();
    const ahead = await spares(2);
    setTimeout(() => {
      throw new Error("thrown");
    });
    return ahead;
  },
  async "last line"() {
    ensure_running();
    return await spares(2);
  },
};

/** Where this file is compiled, the others are, too. */
function compiled(name: string): string {
  return import.meta.url.endsWith(".ts") ? name : name.replace(/\.ts$/, ".js");
}

if (import.meta.main) {
  console.log(JSON.stringify(await CASES[process.argv[2]!]!()));
}
