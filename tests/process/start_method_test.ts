import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import * as multiprocessing from "../../mod.ts";
import { launching } from "../../src/link/launch.ts";
import { SyncManager } from "../../src/managers.ts";
import { ThreadPool } from "../../src/pool.ts";
import { concrete, factory } from "../../src/process/start_method.ts";
import { identity } from "../../src/process/identity.ts";
import { pythonTest, runPython } from "../helpers/python.ts";
import { stdoutOf } from "../helpers/run.ts";
import { test } from "../suite.ts";

const { get_context, get_start_method, Process, set_executable, set_start_method } =
  multiprocessing;

/** Does something, and undoes it; says whether the start method was settled by it. */
async function settles(
  call: () => unknown,
  undo: (made: never) => unknown = () => {},
): Promise<boolean> {
  set_start_method(null, true);
  let made: unknown;
  try {
    made = call();
  } catch (error) {
    ok(/^(OSError|ValueError)$/.test((error as Error).name), String(error));
  }
  const isSettled = get_start_method(true) !== null;
  if (made !== undefined) await undo(made as never);
  set_start_method(null, true);
  return isSettled;
}

interface Pool {
  terminate(): void;
  join(): Promise<void>;
}

async function end(pool: Pool): Promise<void> {
  pool.terminate();
  await pool.join();
}

interface Manager {
  shutdown(): Promise<void>;
}

async function start(process: { start(): Promise<void>; join(): Promise<void> }) {
  await process.start();
  await process.join();
}

/** By context: all of it, as JSON. */
async function settling(): Promise<string> {
  const found: Record<string, boolean> = {};
  const spawn = get_context("spawn");
  for (const [where, ctx] of Object.entries({ default: multiprocessing, spawn })) {
    const simple: Record<string, () => unknown> = {
      ...{ Lock: ctx.Lock, RLock: ctx.RLock, Semaphore: ctx.Semaphore },
      ...{ BoundedSemaphore: ctx.BoundedSemaphore, Event: ctx.Event },
      ...{ Condition: ctx.Condition, Barrier: () => ctx.Barrier(2), Queue: ctx.Queue },
      ...{ JoinableQueue: ctx.JoinableQueue, SimpleQueue: ctx.SimpleQueue },
      ...{ Pipe: ctx.Pipe, "bad Semaphore": () => ctx.Semaphore(-1) },
      ...{ cpu_count: ctx.cpu_count, freeze_support: ctx.freeze_support },
      ...{ get_logger: ctx.get_logger, "bad Pool": () => ctx.Pool(-1) },
      ...{ active_children: ctx.active_children, Process: () => new ctx.Process() },
    };
    for (const [name, call] of Object.entries(simple)) {
      found[`${where} ${name}`] = await settles(() => void call());
    }
    found[`${where} start`] = await settles(
      () => start(new ctx.Process()),
      (made: Promise<void>) => made,
    );
    found[`${where} Pool`] = await settles(() => ctx.Pool(1), end);
    found[`${where} Manager`] = await settles(
      () => ctx.Manager(),
      (made: Manager) => made.shutdown(),
    );
  }
  found["ThreadPool"] = await settles(() => ThreadPool(1), end);
  found["SyncManager"] = await settles(() => void new SyncManager());
  found["SyncManager(ctx)"] = await settles(() => void new SyncManager({ ctx: spawn }));
  found["get_context"] = await settles(() => void get_context());
  found["get_context(spawn)"] = await settles(() => void get_context("spawn"));
  found["get_start_method"] = await settles(() => void get_start_method());
  set_start_method("spawn");
  return JSON.stringify(found);
}

const TWIN = `
import json, multiprocessing
from multiprocessing.managers import SyncManager
from multiprocessing.pool import ThreadPool
from multiprocessing import get_context, get_start_method, set_start_method

def settles(call, undo=lambda made: None):
    set_start_method(None, True)
    made = None
    try:
        made = call()
    except (OSError, ValueError):
        pass
    is_settled = get_start_method(True) is not None
    if made is not None:
        undo(made)
    set_start_method(None, True)
    return is_settled

def end(pool):
    pool.terminate()
    pool.join()

def start(process):
    process.start()
    process.join()

if __name__ == "__main__":
    found = {}
    spawn = get_context("spawn")
    for where, ctx in ("default", multiprocessing), ("spawn", spawn):
        simple = dict(
            Lock=ctx.Lock, RLock=ctx.RLock, Semaphore=ctx.Semaphore,
            BoundedSemaphore=ctx.BoundedSemaphore, Event=ctx.Event,
            Condition=ctx.Condition, Barrier=lambda: ctx.Barrier(2), Queue=ctx.Queue,
            JoinableQueue=ctx.JoinableQueue, SimpleQueue=ctx.SimpleQueue,
            Pipe=ctx.Pipe, **{"bad Semaphore": lambda: ctx.Semaphore(-1)},
            cpu_count=ctx.cpu_count, freeze_support=ctx.freeze_support,
            get_logger=ctx.get_logger, **{"bad Pool": lambda: ctx.Pool(-1)},
            active_children=ctx.active_children, Process=lambda: ctx.Process())
        for name, call in simple.items():
            found[where + " " + name] = settles(lambda: (call(), None)[1])
        found[where + " start"] = settles(lambda: start(ctx.Process()))
        found[where + " Pool"] = settles(lambda: ctx.Pool(1), end)
        found[where + " Manager"] = settles(ctx.Manager, lambda made: made.shutdown())
    found["ThreadPool"] = settles(lambda: ThreadPool(1), end)
    found["SyncManager"] = settles(lambda: (SyncManager(), None)[1])
    found["SyncManager(ctx)"] = settles(lambda: (SyncManager(ctx=spawn), None)[1])
    found["get_context"] = settles(lambda: (get_context(), None)[1])
    found["get_context(spawn)"] = settles(lambda: (get_context("spawn"), None)[1])
    found["get_start_method"] = settles(lambda: (get_start_method(), None)[1])
    print(json.dumps(found, separators=(",", ":")))
`;

pythonTest("the start method is settled by what settles it in CPython", async () => {
  strictEqual(`${await settling()}\n`, stdoutOf(await runPython(TWIN)));
});

test("after a queue was made, or a process started, no start method can be set", async () => {
  const error = { name: "RuntimeError", message: "context has already been set" };
  const calls: (() => unknown)[] = [
    () => multiprocessing.Queue(),
    () => new multiprocessing.Lock(),
    () => start(new Process()),
  ];
  for (const call of calls) {
    set_start_method(null, true);
    await call();
    try {
      set_start_method("spawn");
      throw new Error("it could be set");
    } catch (thrown) {
      const { name, message } = thrown as Error;
      deepStrictEqual({ name, message }, error);
    }
  }
});

test("a concrete factory is the same factory, but settles nothing", () => {
  class PlainClass {
    readonly settled = identity.startMethod.name;
  }
  const Plain = factory<typeof PlainClass & (() => PlainClass)>("Plain", PlainClass);
  const Concrete = concrete(Plain, "spawn");
  try {
    for (const make of [() => Concrete(), () => new Concrete()]) {
      set_start_method(null, true);
      ok(make() instanceof Plain);
      ok(make() instanceof Concrete);
      strictEqual(identity.startMethod.name, null);
    }
    for (const make of [() => Plain(), () => new Plain()]) {
      set_start_method(null, true);
      strictEqual(make().settled, "spawn");
    }
  } finally {
    set_start_method("spawn", true);
  }
});

test("set_executable() takes a path, a file URL or null", () => {
  set_executable("/a b");
  strictEqual(launching.executable, "/a b");
  set_executable(new URL("file:///a%20b"));
  strictEqual(launching.executable, "/a b");
  set_executable(new TextEncoder().encode("/b"));
  strictEqual(launching.executable, "/b");
  set_executable(null);
  strictEqual(launching.executable, null);
  throws(() => set_executable(5 as never), TypeError);
});
