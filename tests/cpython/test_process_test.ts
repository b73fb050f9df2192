/**
 * `_TestProcess` of CPython 3.13's `test/_test_multiprocessing.py`, with 3.14's
 * `test_interrupt` and `test_interrupt_no_handler`. Written afresh from what each case
 * checks.
 *
 * Changed throughout: what CPython reports through a Pipe or an Event goes through a
 * queue; nothing is timed; where CPython sleeps so that a child may get going, the
 * child says that it runs.
 *
 * With processes only, as in CPython, but for what takes `kind`.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import {
  active_children,
  bound,
  cpu_count,
  current_process,
  parent_process,
  Process,
  Queue,
  set_executable,
  SimpleQueue,
} from "../../mod.ts";
import { wait } from "../../src/connection.ts";
import { checkCollected } from "../helpers/gc.ts";
import { noList } from "../helpers/children_of.ts";
import { outputOf, runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";
import {
  CLAIM_WAIT,
  endOf,
  exitcodeOf,
  processExists,
  raises,
  runToEnd,
  started,
} from "./helpers/checks.ts";
import { bind, endAll, startAll } from "./helpers/kinds.ts";
import * as targets from "./helpers/process_targets.ts";

const SIGINT = 2, SIGKILL = 9, SIGTERM = 15;

const processCase = bind("_TestProcess", ["processes", "threads"]);

test("_TestProcess.test_current", () => {
  const current = current_process();
  strictEqual(current.is_alive(), true);
  strictEqual(current.daemon, false);
  ok(current.authkey instanceof Uint8Array);
  ok(current.authkey.length > 0);
  strictEqual(current.ident, process.pid);
  strictEqual(current.exitcode, null);
});

// Changed: a path and a URL instead of the four Python types for a path.
test("_TestProcess.test_set_executable", async () => {
  try {
    for (const path of [process.execPath, pathToFileURL(process.execPath)]) {
      set_executable(path);
      const p = new Process();
      await p.start();
      strictEqual(await exitcodeOf(p), 0);
    }
  } finally {
    set_executable(process.execPath);
  }
});

// Changed: there are no tuples; args is an array or any other iterable.
processCase("test_args_argument", async (kind) => {
  for (const value of [1, "str", [1], [[1], 1]]) {
    const q = await kind.Queue<unknown>(1);
    for (const args of [[q, value], new Set([q, value])]) {
      const p = kind.Process({ target: targets.echo, args });
      p.daemon = true;
      await p.start();
      deepStrictEqual(await q.get(true, CLAIM_WAIT), value);
      await endAll([p]);
    }
    if (kind.TYPE === "threads") continue;
    q.close();
    await q.join_thread();
  }
});

test("_TestProcess.test_daemon_argument", () => {
  const by_default = new Process({ target: targets.nothing });
  strictEqual(by_default.daemon, current_process().daemon);
  strictEqual(new Process({ target: targets.nothing, daemon: true }).daemon, true);
  strictEqual(new Process({ target: targets.nothing, daemon: false }).daemon, false);
});

test("_TestProcess.test_parent_process_attributes", async () => {
  strictEqual(parent_process(), null);
  const q = Queue<unknown>();
  const p = await started(targets.reportParent, [q]);
  strictEqual(await exitcodeOf(p), 0);
  const { pid, name } = current_process();
  deepStrictEqual(await q.get(true, CLAIM_WAIT), [pid, name]);
  strictEqual(pid, process.pid);
});

test("_TestProcess.test_parent_process", async () => {
  const q = Queue<unknown>();
  const p = await started(targets.parentOfWatcher, [q]);
  const said = [await q.get(true, CLAIM_WAIT), await q.get(true, CLAIM_WAIT)];
  const pid = said.find((one) => typeof one === "number");
  strictEqual(said.find((one) => one !== pid), "alive");
  p.terminate();
  strictEqual(await exitcodeOf(p), -SIGTERM);
  strictEqual(await q.get(true, CLAIM_WAIT), "not alive");
  await endOf(pid!);
  await runToEnd(new Process()); // time for what the end leaves to be done
});

processCase("test_process", async (kind) => {
  const q = await kind.Queue<unknown>(1);
  const isThread = kind.TYPE === "threads";
  const kwargs = { hello: 23, bye: 2.54 };
  const p = kind.Process({
    target: isThread ? targets.reportThread : targets.report,
    args: [q, 1, 2],
    kwargs,
    name: "SomeProcess",
  });
  p.daemon = true;
  const current = current_process();

  if (!isThread) deepStrictEqual(p.authkey, current.authkey);
  strictEqual(p.is_alive(), false);
  strictEqual(p.daemon, true);
  ok(!kind.active_children().includes(p));
  ok(Array.isArray(kind.active_children()));
  strictEqual(p.exitcode, null);
  strictEqual(p.ident, null);

  await p.start();
  strictEqual(p.exitcode, null);
  strictEqual(p.is_alive(), true);
  ok(kind.active_children().includes(p));

  deepStrictEqual(await q.get(true, CLAIM_WAIT), [1, 2]);
  deepStrictEqual(await q.get(true, CLAIM_WAIT), kwargs);
  strictEqual(await q.get(true, CLAIM_WAIT), "SomeProcess");
  if (!isThread) {
    deepStrictEqual(await q.get(true, CLAIM_WAIT), Uint8Array.from(current.authkey));
  }
  strictEqual(await q.get(true, CLAIM_WAIT), p.ident);

  await endAll([p]);
  strictEqual(p.exitcode, 0);
  strictEqual(p.is_alive(), false);
  ok(!kind.active_children().includes(p));
});

/** Kills a child that says that it runs; gives its exit code. */
async function killed(
  how: (p: Process) => void,
  target: (ready: Queue<string>) => Promise<void>,
): Promise<number> {
  const ready = Queue<string>();
  const p = await started(target, [ready], { daemon: true });
  strictEqual(p.is_alive(), true);
  ok(active_children().includes(p));
  strictEqual(p.exitcode, null);
  for (const timeout of [0, -1]) {
    strictEqual((await p.join(timeout)) ?? null, null);
    strictEqual(p.is_alive(), true);
  }
  strictEqual(await ready.get(true, CLAIM_WAIT), "ready");
  const { pid } = p;
  how(p);
  const exitcode = await exitcodeOf(p);
  strictEqual(p.is_alive(), false);
  ok(!active_children().includes(p));
  await p.join();
  strictEqual(processExists(pid!), false);
  return exitcode;
}

for (
  const [how, code] of [
    ["interrupt", 1],
    ["terminate", -SIGTERM],
    ["kill", -SIGKILL],
  ] as const
) {
  test(`_TestProcess.test_${how}`, async () => {
    strictEqual(await killed((p) => p[how](), targets.sleepSome), code);
  });
}

// Changed: the child takes the handlers of SIGINT away, which is JavaScript's default.
test("_TestProcess.test_interrupt_no_handler", async () => {
  strictEqual(await killed((p) => p.interrupt(), targets.sleepWithoutHandler), -SIGINT);
}, {
  skip: runtimeName === "deno" && "there a program takes away its own handlers only",
});

processCase("test_cpu_count", async () => {
  ok(Number.isInteger(await cpu_count()));
  ok(cpu_count() >= 1);
});

// Changed: the child ends when it is told to, not by the clock.
processCase("test_active_children", async (kind) => {
  ok(Array.isArray(kind.active_children()));
  const gate = await kind.Queue<null>();
  const p = kind.Process({ target: targets.waitFor, args: [gate] });
  ok(!kind.active_children().includes(p));
  p.daemon = true;
  await p.start();
  ok(kind.active_children().includes(p));
  await gate.put(null);
  await endAll([p]);
  ok(!kind.active_children().includes(p));
});

processCase("test_recursion", async (kind) => {
  const q = await kind.Queue<number[]>();
  const isThread = kind.TYPE === "threads";
  await (isThread ? targets.recurseInThreads : targets.recurse)(q, []);
  const ids: number[][] = [];
  while (!await q.empty()) ids.push(await q.get(true, CLAIM_WAIT));
  deepStrictEqual(ids, [[], [0], [0, 0], [0, 1], [1], [1, 0], [1, 1]]);
});

// Changed: a sentinel is an object of ours, not a file descriptor.
test("_TestProcess.test_sentinel", async () => {
  const gate = Queue<null>();
  const p = new Process({ target: targets.waitFor, args: [gate] });
  await raises(() => p.sentinel, "ValueError", "process not started");
  await p.start();
  const { sentinel } = p;
  strictEqual(p.sentinel, sentinel);
  deepStrictEqual(await wait([sentinel], 0), []);
  await gate.put(null);
  deepStrictEqual(await wait([sentinel], CLAIM_WAIT), [sentinel]);
  strictEqual(await exitcodeOf(p), 0);
  deepStrictEqual(await wait([sentinel], 0), [sentinel]);
});

test("_TestProcess.test_close", () => checkCollected(closeOne));

/** Closes a process in every state; gives a reference that does not keep it. */
async function closeOne(): Promise<WeakRef<Process>[]> {
  const q = Queue<null>();
  const p = await started(targets.waitFor, [q], { daemon: true });
  strictEqual(p.is_alive(), true);
  await raises(
    () => p.close(),
    "ValueError",
    "Cannot close a process while it is still running. " +
      "You should first call join() or terminate().",
  );
  await q.put(null);
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(p.is_alive(), false);
  p.close();
  const closed = "process object is closed";
  await raises(() => p.is_alive(), "ValueError", closed);
  await raises(() => p.join(), "ValueError", closed);
  await raises(() => p.terminate(), "ValueError", closed);
  p.close();
  return [new WeakRef(p)];
}

test("_TestProcess.test_many_processes", async () => {
  const five = <T>(make: () => T): T[] => Array.from({ length: 5 }, make);
  const quick = five(() => new Process({ target: targets.nothing }));
  await Promise.all(quick.map((p) => p.start()));
  for (const p of quick) strictEqual(await exitcodeOf(p), 0);

  const sleeping = five(() => new Process({ target: targets.sleepSome }));
  await Promise.all(sleeping.map((p) => p.start()));
  for (const p of sleeping) p.terminate();
  for (const p of sleeping) strictEqual(await exitcodeOf(p), -SIGTERM);
});

// Changed: a callable instance is a bound method here; besides asking the collector, we
// see that the object has forgotten what to run.
processCase("test_lose_target_ref", async (kind) => {
  const q = await kind.Queue<number>();
  await checkCollected(async () => {
    const callable = new targets.DummyCallable();
    const target = bound(callable, "__call__");
    const processes = await startAll(kind, 1, target, [q, callable]);
    await endAll(processes);
    strictEqual(await q.get(true, CLAIM_WAIT), 5);
    await processes[0]!.run();
    strictEqual(await q.empty(), true);
    return [new WeakRef(callable)];
  });
});

// Changed: only where /proc tells the open files.
test("_TestProcess.test_child_fd_inflation", async () => {
  const q = Queue<number>();
  const gate = SimpleQueue<null>();
  const children = Array.from(
    { length: 5 },
    () => new Process({ target: targets.countFiles, args: [q, gate] }),
  );
  await Promise.all(children.map((p) => p.start()));
  const counts: number[] = [];
  for (const _ of children) counts.push(await q.get(true, CLAIM_WAIT));
  strictEqual(new Set(counts).size, 1, `counts differ: ${counts}`);
  for (const _ of children) await gate.put(null);
  for (const p of children) strictEqual(await exitcodeOf(p), 0);
}, { skip: !existsSync("/proc/self/fd") && "no /proc/self/fd" });

// Changed: a timer stands for a thread, an unref'd one for a daemon thread.
test("_TestProcess.test_wait_for_threads", async () => {
  const q = Queue<string>();
  const p = await started(targets.leaveTimers, [q]);
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await q.get(true, CLAIM_WAIT), "timer");
  strictEqual(await q.empty(), true);
});

// Changed: a stream is destroyed, or replaced by null; in a program of its own if that
// has the tests' own streams.
processCase("test_error_on_stdio_flush_1", async (kind) => {
  const { code } = await runProgram("tests/children/broken_streams.ts", {
    args: [kind.TYPE, "own"],
  });
  strictEqual(code, 0);
});

processCase("test_error_on_stdio_flush_2", async (kind) => {
  if (kind.TYPE === "threads") {
    const args = ["threads", "theirs"];
    const { code } = await runProgram("tests/children/broken_streams.ts", { args });
    return strictEqual(code, 0);
  }
  for (const stream of ["stdout", "stderr"] as const) {
    for (const action of ["close", "remove"] as const) {
      const q = Queue<string>();
      const p = await started(targets.breakStream, [q, stream, action]);
      strictEqual(await q.get(true, CLAIM_WAIT), action);
      strictEqual(await exitcodeOf(p), 0, `${action} of ${stream}`);
    }
  }
});

// Changed: there is no server to be killed; the processes that were started ahead are, and
// what runs is ended by an event, not by time. In a program, see forkserver_test.ts.
for (const signal of ["SIGINT", "SIGKILL"]) {
  test(`_TestProcess.test_forkserver_${signal.toLowerCase()}`, async () => {
    const args = ["dies beside one that runs", signal];
    deepStrictEqual(JSON.parse(await outputOf("tests/children/ahead.ts", args)), {
      said: ["started", "over"],
      exitcode: 0,
      wasAhead: false,
    });
  }, { skip: noList });
}
