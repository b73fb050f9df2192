/**
 * What holds for processes on other hosts, whatever leads there: the tests of one way there
 * call this.
 *
 * @module
 */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import {
  Condition,
  Lock,
  Manager,
  Pipe,
  Pool,
  Process,
  Queue,
  set_executable,
  Value,
  type WorkerLostError,
} from "../../mod.ts";
import { SyncManager } from "../../src/managers.ts";
import type { Host } from "../../src/process.ts";
import { endOf, exitcodeOf, left } from "../cpython/helpers/checks.ts";
import {
  addTo,
  compute,
  computeTold,
  filesThere,
  holdLock,
  idle,
  keepQueue,
  leaveSegment,
  mirror,
  openSegment,
  ownManager,
  printAndExit,
  squareThere,
  startAnother,
  startElsewhere,
  tellPlace,
  useMuch,
} from "../helpers/host_targets.ts";
import { startProgram } from "../helpers/run.ts";
import { type TestOptions, testsWith } from "../suite.ts";

/** The two hosts of a test, whose variable WHERE is `first` and `second`. */
export type Hosts = [first: Host, second: Host];

/** One way to other hosts. */
export interface Way {
  /** Runs a test with two of them. */
  use(test: (hosts: Hosts) => Promise<void>): Promise<void>;
  /** The pids of the processes of this machine that lead to them, of the test's process. */
  commands(): number[];
  /** Whether they have the files of this machine's memory, as they are on it. */
  readonly sharesFiles: boolean;
}

const SOCKETS = { leaks: "Deno keeps what Node's part of it has loaded for sockets" };

/** Settles when none of these processes is there any more. */
async function ended(pids: number[]): Promise<void> {
  for (const pid of pids) await endOf(pid);
  deepStrictEqual(await left(pids), []);
}

/** Registers the tests of one way. */
export function testHosts(name: string, way: Way, options: TestOptions = {}): void {
  const HERE = testsWith<Hosts>(
    options,
    (fn) => way.use(async (hosts) => await fn(hosts)),
  );
  const test: typeof HERE.test = (text, ...more) =>
    HERE.test(`${name}: ${text}`, ...more);

  test("a process there has its own pid, and tells its exit code", async ([host]) => {
    const told = Queue<[number, string]>();
    const p = new Process({ target: tellPlace, args: [told], host });
    strictEqual(p.pid, null);
    await p.start();
    const [pid, where] = await told.get();
    deepStrictEqual([pid, where], [p.pid, "first"]);
    strictEqual(await exitcodeOf(p), 0);
    const q = new Process({ target: printAndExit, args: [3], host });
    await q.start();
    await q.join();
    strictEqual(q.exitcode, 3);
    await ended(way.commands());
  });

  test("signals reach it: while it computes, and when it is stopped", async ([host]) => {
    const told = Queue<number>();
    const p = new Process({ target: compute, args: [told], host });
    await p.start();
    strictEqual(await told.get(), p.pid);
    p.terminate();
    strictEqual(await exitcodeOf(p), -15);
    const stopped = new Process({ target: idle, args: [told], host });
    await stopped.start();
    process.kill(await told.get(), "SIGSTOP");
    stopped.kill();
    strictEqual(await exitcodeOf(stopped), -9);
    const interrupted = new Process({ target: idle, args: [told], host });
    await interrupted.start();
    await told.get();
    interrupted.interrupt();
    strictEqual(await exitcodeOf(interrupted), 1);
  });

  test("signals reach it before it has begun there", async ([host]) => {
    for (const [signal, exitcode] of [["terminate", -15], ["kill", -9]] as const) {
      const p = new Process({ target: idle, args: [Queue<number>()], host });
      const started = p.start();
      p[signal]();
      await started;
      strictEqual(await exitcodeOf(p), exitcode);
    }
    await ended(way.commands());
  });

  test("a signal that it gets there is told", async ([host]) => {
    const told = Queue<number>();
    const p = new Process({ target: compute, args: [told], host });
    await p.start();
    process.kill(await told.get(), "SIGKILL");
    strictEqual(await exitcodeOf(p), -9);
    await ended(way.commands());
  });

  test("where its supervisor is killed, it ends, and counts as killed", async ([host]) => {
    const told = Queue<number>();
    const p = new Process({ target: idle, args: [told], host });
    await p.start();
    const pid = await told.get();
    const parent = execFileSync("ps", ["-o", "ppid=", "-p", `${pid}`], {
      encoding: "utf8",
    });
    process.kill(Number(parent), "SIGKILL");
    strictEqual(await exitcodeOf(p), -9);
    await ended([pid, ...way.commands()]);
  });

  test("one that is killed there gives its lock back, and what it has not taken", async ([host]) => {
    const lock = Lock(), items = Queue<number>(), told = Queue<number>();
    for (let i = 0; i < 100; i++) await items.put(i);
    const p = new Process({ target: holdLock, args: [lock, items, told], host });
    await p.start();
    strictEqual(await told.get(), 0);
    const pid = await told.get();
    strictEqual(await lock.acquire(false), false);
    process.kill(pid, "SIGKILL");
    strictEqual(await lock.acquire({ timeout: 30 }), true);
    await lock.release();
    for (let i = 1; i < 100; i++) strictEqual(await items.get(), i);
    strictEqual(await exitcodeOf(p), -9);
  });

  test("set_executable() takes a host, for all but managers", async ([host]) => {
    const told = Queue<[number, string]>();
    set_executable(host);
    try {
      const p = new Process({ target: tellPlace, args: [told] });
      await p.start();
      deepStrictEqual((await told.get()).slice(0, 2), [p.pid, "first"]);
      strictEqual(await exitcodeOf(p), 0);
      await using pool = Pool({ processes: 2, hosts: [host, null] });
      const results = await pool.map(
        squareThere,
        Array.from({ length: 2000 }, () => 1),
      );
      ok(results.every(([where]) => where === "first" || where === "here"));
      await using manager = await Manager();
      const d = await manager.dict<string, number>();
      await d.__setitem__("x", 1); // at a path of this machine
      strictEqual(await d.get("x"), 1);
    } finally {
      set_executable(null);
    }
  }, SOCKETS);

  test("queues, locks and conditions, without a file of this machine", async ([host]) => {
    const lock = Lock(), condition = Condition();
    const numbers = Queue<number>(), done = Queue<[string, number, string[]]>();
    const p = new Process({
      target: useMuch,
      args: [lock, condition, numbers, done],
      host,
    });
    await p.start();
    for (let i = 0; i < 300; i++) await numbers.put(i);
    await condition.acquire();
    strictEqual(await condition.wait(30), true);
    await condition.release();
    deepStrictEqual(await done.get(), ["first", 44850, []]);
    strictEqual(await exitcodeOf(p), 0);
  });

  test("a pipe, with short messages and long ones", async ([host]) => {
    const [here, there] = Pipe();
    const p = new Process({ target: mirror, args: [there], host });
    await p.start();
    there.close();
    const long = new Uint8Array(1 << 20).map((_, i) => i % 251);
    for (const value of [1, "ü".repeat(5000), long, null]) {
      await here.send(value);
      deepStrictEqual(await here.recv(), value);
    }
    here.close();
    strictEqual(await exitcodeOf(p), 0);
  });

  test("a process that it starts is on the same host", async ([host]) => {
    const told = Queue<[number, string]>();
    const p = new Process({ target: startAnother, args: [told], host });
    await p.start();
    const [pid, where] = await told.get();
    strictEqual(where, "first");
    ok(pid !== p.pid);
    strictEqual(await exitcodeOf(p), 0);
  });

  test("a process there has the root start none elsewhere", async ([host]) => {
    const told = Queue<unknown>();
    const p = new Process({ target: startElsewhere, args: [told], host });
    await p.start();
    const [, where, secret] = await told.get() as unknown[];
    deepStrictEqual([where, secret], ["first", null]);
    strictEqual(
      await told.get(),
      "ValueError: a process on first starts others there only, not on env",
    );
    strictEqual(await exitcodeOf(p), 0);
  });

  test("a managed dict of an address, and a manager there", async (hosts) => {
    const manager = new SyncManager({ address: ["127.0.0.1", 0] });
    await manager.start();
    try {
      const d = await manager.dict<string, number>();
      const started = hosts.map((host) =>
        new Process({ target: addTo, args: [d, 5], host })
      );
      for (const p of started) await p.start();
      for (const p of started) strictEqual(await exitcodeOf(p), 0);
      strictEqual(await d.__len__(), 10);
      strictEqual(await d.get("second 4"), 4);
    } finally {
      await manager.shutdown();
    }
    const told = Queue<number>();
    const p = new Process({ target: ownManager, args: [told], host: hosts[1] });
    await p.start();
    strictEqual(await told.get(), 1);
    strictEqual(await exitcodeOf(p), 0);
  }, SOCKETS);

  test("memory is of one machine", async ([host]) => {
    const value = Value("i", 1);
    const p = new Process({ target: mirror, args: [value as never], host });
    const text =
      "Value and Array are memory of one machine, which a process on first " +
      "does not share: a manager's Value, Array or Namespace can be sent there";
    let error: Error | undefined;
    try {
      await p.start();
    } catch (thrown) {
      error = thrown as Error;
    }
    deepStrictEqual([error?.name, error?.message], ["RuntimeError", `${text}`]);
    await using pool = Pool({ processes: 1, host });
    match(
      await pool.apply(openSegment, ["psm_of_no_program"]),
      /No such file or directory on first, which has memory of its own/,
    );
  }, { leaks: "arenas stay open until the process ends" });

  test("a segment goes with the process that has made it there", async ([host]) => {
    const told = Queue<string>();
    const p = new Process({ target: leaveSegment, args: [told], host });
    await p.start();
    const name = await told.get();
    strictEqual(await exitcodeOf(p), 0);
    strictEqual(existsSync(`/dev/shm/${name}`), false);
  }, { skip: !existsSync("/dev/shm") && "no such folder here" });

  test("a pool over two hosts maps 20,000 elements", async (hosts) => {
    await using pool = Pool({ processes: 4, hosts });
    const numbers = Array.from({ length: 20_000 }, (_, i) => i);
    const results = await pool.map(squareThere, numbers);
    ok(results.every(([, x], i) => x === i * i));
    deepStrictEqual([...new Set(results.map(([where]) => where))].sort(), [
      "first",
      "second",
    ]);
    // One by one, so that they would be claimed.
    const files = await pool.map(filesThere, numbers.slice(0, 300), 1);
    deepStrictEqual(files.flat(), []);
  });

  test("a worker that is killed there loses its task only", async (hosts) => {
    const begun = Queue<number>();
    const start = { initializer: keepQueue, initargs: [begun] as [Queue<number>] };
    await using pool = Pool({ processes: 2, hosts, ...start });
    const lost = pool.apply_async(computeTold);
    const victim = await begun.get();
    process.kill(victim, "SIGKILL");
    await rejects(lost.get(), (error: WorkerLostError) => {
      strictEqual(error.name, "WorkerLostError");
      deepStrictEqual([error.pid, error.exitcode, error.signal], [
        victim,
        -9,
        "SIGKILL",
      ]);
      ok(error.host === "first" || error.host === "second");
      match(
        error.message,
        new RegExp(`\\(pid ${victim} on ${error.host}\\) was killed`),
      );
      return true;
    });
    strictEqual((await pool.map(squareThere, [1, 2, 3])).length, 3);
  });

  test("where what leads there is killed, the process is, too", async ([host]) => {
    const begun = Queue<number>();
    const start = { initializer: keepQueue, initargs: [begun] as [Queue<number>] };
    await using pool = Pool({ processes: 1, host, ...start });
    const lost = pool.apply_async(computeTold);
    const pid = await begun.get();
    for (const command of way.commands()) process.kill(command, "SIGKILL");
    await rejects(lost.get(), (error: WorkerLostError) => {
      deepStrictEqual([error.pid, error.exitcode, error.host], [pid, -9, "first"]);
      match(
        error.message,
        /the connection to first was lost: \S+ was killed by signal 9/,
      );
      return true;
    });
    await ended([pid]);
    strictEqual((await pool.map(squareThere, [3]))[0]![1], 9);
  });

  for (const [how, arg] of [["is killed", ""], ["ends by an error", "throws"]]) {
    test(`nothing is left when the root ${how}`, async ([host]) => {
      const root = startProgram("tests/children/hosted_root.ts", {
        args: [JSON.stringify(host), arg!],
      });
      await root.waitForOutput("ready");
      const pids = /pids ([\d ]+)/.exec(root.stdout)![1]!.split(" ").map(Number);
      strictEqual(pids.length, 2);
      if (arg === "") root.kill("SIGKILL");
      const { code } = await root.finished;
      strictEqual(code, arg === "" ? -9 : 1);
      await ended(pids);
    });
  }

  test("Ctrl-C at the root is one there", async ([host]) => {
    const root = startProgram("tests/children/hosted_root.ts", {
      args: [JSON.stringify(host), "interrupted"],
    });
    await root.waitForOutput("ready");
    process.kill(root.pid, "SIGINT");
    const { stdout, code } = await root.finished;
    match(stdout, /interrupted, then 1\n/);
    strictEqual(code, 0);
  });

  test("manager's paths are of one machine", async ([host]) => {
    await using manager = await Manager();
    const d = await manager.dict<string, number>();
    const p = new Process({ target: addTo, args: [d, 1], host });
    await p.start();
    // Where both have the same files, the path leads there.
    strictEqual(await exitcodeOf(p), way.sharesFiles ? 0 : 1);
  }, SOCKETS);
}
