/**
 * `_TestProcess` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs
 * as processes, with 3.14's `test_interrupt` and `test_interrupt_no_handler`. Written
 * afresh from what each case checks.
 *
 * Changed throughout: what CPython reports through a Pipe or an Event goes through a
 * queue; nothing is timed; where CPython sleeps so that a child may get going, the
 * child says that it runs.
 *
 * Left out:
 * - `test_process_mainthread_native_id`: JavaScript does not tell the number of a
 *   thread.
 * - `test_error_on_stdio_flush_1`: this program's own `sys.stdout` cannot be replaced.
 * - `test_forkserver_sigint`, `test_forkserver_sigkill`: there is no fork server.
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
import * as targets from "./helpers/process_targets.ts";

const SIGINT = 2, SIGKILL = 9, SIGTERM = 15;

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
test("_TestProcess.test_args_argument", async () => {
  for (const value of [1, "str", [1], [[1], 1]]) {
    const q = Queue<unknown>(1);
    for (const args of [[q, value] as const, new Set([q, value])]) {
      const p = await started(targets.echo, args as [typeof q, unknown], {
        daemon: true,
      });
      deepStrictEqual(await q.get(true, CLAIM_WAIT), value);
      strictEqual(await exitcodeOf(p), 0);
    }
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

test("_TestProcess.test_process", async () => {
  const q = Queue<unknown>(1);
  const kwargs = { hello: 23, bye: 2.54 };
  const p = new Process({
    target: targets.report,
    args: [q, 1, 2],
    kwargs,
    name: "SomeProcess",
  });
  p.daemon = true;
  const current = current_process();

  deepStrictEqual(p.authkey, current.authkey);
  strictEqual(p.is_alive(), false);
  strictEqual(p.daemon, true);
  ok(!active_children().includes(p));
  ok(Array.isArray(active_children()));
  strictEqual(p.exitcode, null);
  strictEqual(p.pid, null);

  await p.start();
  strictEqual(p.exitcode, null);
  strictEqual(p.is_alive(), true);
  ok(active_children().includes(p));
  const { pid } = p;

  deepStrictEqual(await q.get(true, CLAIM_WAIT), [1, 2]);
  deepStrictEqual(await q.get(true, CLAIM_WAIT), kwargs);
  strictEqual(await q.get(true, CLAIM_WAIT), p.name);
  deepStrictEqual(await q.get(true, CLAIM_WAIT), Uint8Array.from(current.authkey));
  strictEqual(await q.get(true, CLAIM_WAIT), pid);

  strictEqual(await exitcodeOf(p), 0);
  strictEqual(p.is_alive(), false);
  ok(!active_children().includes(p));
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

test("_TestProcess.test_cpu_count", () => {
  ok(Number.isInteger(cpu_count()));
  ok(cpu_count() >= 1);
});

// Changed: the child ends when it is told to, not by the clock.
test("_TestProcess.test_active_children", async () => {
  ok(Array.isArray(active_children()));
  const gate = Queue<null>();
  const p = new Process({ target: targets.waitFor, args: [gate] });
  ok(!active_children().includes(p));
  p.daemon = true;
  await p.start();
  ok(active_children().includes(p));
  await gate.put(null);
  strictEqual(await exitcodeOf(p), 0);
  ok(!active_children().includes(p));
});

test("_TestProcess.test_recursion", async () => {
  const q = Queue<number[]>();
  await targets.recurse(q, []);
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

// Left out: that the object can be collected, which no runtime promises.
test("_TestProcess.test_close", async () => {
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
});

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

// Changed: a callable instance is a bound method here; and instead of asking the
// collector, we see that the parent's object has forgotten what to run.
test("_TestProcess.test_lose_target_ref", async () => {
  const callable = new targets.DummyCallable();
  const q = Queue<number>();
  const p = await started(bound(callable, "__call__"), [q, callable]);
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await q.get(true, CLAIM_WAIT), 5);
  await p.run();
  strictEqual(await q.empty(), true);
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

// Changed: a stream is destroyed, or replaced by null.
test("_TestProcess.test_error_on_stdio_flush_2", async () => {
  for (const stream of ["stdout", "stderr"] as const) {
    for (const action of ["close", "remove"] as const) {
      const q = Queue<string>();
      const p = await started(targets.breakStream, [q, stream, action]);
      strictEqual(await q.get(true, CLAIM_WAIT), action);
      strictEqual(await exitcodeOf(p), 0, `${action} of ${stream}`);
    }
  }
});
