import {
  deepStrictEqual,
  doesNotMatch,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import {
  active_children,
  current_process,
  DummyProcess,
  Event,
  freeze_support,
  Pool,
  Process,
  Queue,
  RLock,
} from "../../src/dummy.ts";
import { Lock } from "../../mod.ts";
import { outputOf, runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const PROGRAM = "tests/children/dummy.ts";

function work(): void {}

test("a process is an asynchronous task, from start to its end", async () => {
  const gate = Event();
  const said: unknown[] = [];
  const p = new Process({
    target: async (x: number, more: object) => {
      said.push(x, more, current_process() === p);
      await gate.wait();
    },
    args: [1],
    kwargs: { y: 2 },
    name: "worker",
  });
  deepStrictEqual([p.name, p.ident, p.exitcode, p.is_alive()], [
    "worker",
    null,
    null,
    false,
  ]);
  strictEqual(String(p), "<DummyProcess(worker, initial)>");
  const begun = p.start();
  deepStrictEqual(said, [], "it begins when the caller waits");
  deepStrictEqual([p.is_alive(), p.exitcode, active_children()], [true, null, [p]]);
  await begun;
  deepStrictEqual(said, [1, { y: 2 }, true]);
  match(String(p), /^<DummyProcess\(worker, started \d+\)>$/);
  ok(p.ident! > 0 && p.ident !== current_process().ident);
  await p.join(0);
  ok(p.is_alive());
  await gate.set();
  await p.join();
  deepStrictEqual([p.is_alive(), p.exitcode, active_children()], [false, 0, []]);
  match(String(p), /^<DummyProcess\(worker, stopped \d+\)>$/);
  await p.join();
});

test("arguments in Python's order, and names by number and target", async () => {
  const list: unknown[] = [];
  const p = new Process(null, (x: number) => list.push(x), null, [7]);
  match(p.name, /^Thread-\d+ \(<lambda>\)$/);
  const number = Number(/\d+/.exec(p.name)![0]);
  strictEqual(new Process({ name: "own" }).name, "own");
  strictEqual(new Process({ target: work }).name, `Thread-${number + 1} (work)`);
  strictEqual(new Process().name, `Thread-${number + 2}`);
  p.name = "renamed";
  await p.start();
  await p.join();
  deepStrictEqual([list, p.name], [[7], "renamed"]);
  strictEqual(Process, DummyProcess);
  strictEqual(freeze_support(), undefined);
});

test("a subclass has its own run", async () => {
  class Adder extends Process {
    sum = 0;
    override async run(): Promise<void> {
      await Promise.resolve();
      this.sum = 1 + 2;
    }
  }
  const p = new Adder();
  await p.start();
  await p.join();
  strictEqual(p.sum, 3);
  match(String(p), /^<Adder\(Thread-\d+, stopped \d+\)>$/);
});

test("wrong calls raise what Python's threads raise", async () => {
  const p = new Process({ target: work });
  const only = (message: string) => ({ name: "RuntimeError", message });
  await rejects(p.join(), only("cannot join thread before it is started"));
  p.daemon = true;
  strictEqual(p.daemon, true);
  await p.start();
  await p.join();
  const twice = () => void p.start();
  strictThrows(twice, "RuntimeError", "threads can only be started once");
  const text = "cannot set daemon status of active thread";
  strictThrows(() => p.daemon = false, "RuntimeError", text);
  strictThrows(() => current_process().daemon = true, "RuntimeError", text);
  const group = () => new Process(1 as never);
  strictThrows(group, "AssertionError", "group argument must be None for now");
  const unknown = "DummyProcess.__init__() got an unexpected keyword argument 'daemon'";
  strictThrows(() => new Process({ daemon: true } as never), "TypeError", unknown);
  await rejects(current_process().join(), only("cannot join current thread"));
  let own: unknown;
  const joiner = new Process({
    target: async () => own = await joiner.join().catch((error) => error),
  });
  await joiner.start();
  await joiner.join();
  strictEqual((own as Error).message, "cannot join current thread");
});

function strictThrows(fn: () => void, name: string, message: string): void {
  try {
    fn();
  } catch (error) {
    const { name: called, message: said } = error as Error;
    deepStrictEqual({ name: called, message: said }, { name, message });
    return;
  }
  throw new Error(`no ${name}`);
}

test("each thread has its own children, and only the maker starts one", async () => {
  const q = Queue();
  const ours = new Process({ target: work });
  const p = new Process({
    target: async () => {
      const end = Event();
      const child = new Process({ target: () => end.wait() });
      await child.start();
      strictThrows(
        () => void ours.start(),
        "RuntimeError",
        `Parent is ${current} but current_process is ${p}`,
      );
      await q.put(active_children().length);
      await end.set();
      await child.join();
      await q.put(active_children().length);
    },
  });
  const current = current_process();
  await p.start();
  deepStrictEqual([await q.get(), await q.get()], [1, 0]);
  await p.join();
});

test("a thread that a daemon makes is a daemon", async () => {
  const made: boolean[] = [];
  const p = new Process({ target: () => made.push(new Process().daemon) });
  made.push(p.daemon);
  p.daemon = true;
  await p.start();
  await p.join();
  deepStrictEqual(made, [false, true]);
});

test("the main thread, and the threads of a pool", async () => {
  const main = current_process();
  deepStrictEqual([main.name, main.is_alive(), main.daemon], [
    "MainThread",
    true,
    false,
  ]);
  match(String(main), /^<_MainThread\(MainThread, started \d+\)>$/);
  const pool = Pool(1);
  const [name, same] = await pool.apply(() => {
    return [current_process().name, current_process() === main];
  });
  match(name as string, /^Thread-\d+ \(worker\)$/);
  strictEqual(same, false);
  pool.close();
  await pool.join();
});

test("locks of processes tell the threads apart too", async () => {
  const lock = Lock();
  const q = Queue();
  const p = new Process({
    target: async () => {
      await lock.acquire();
      await q.put(String(lock));
      await lock.release();
    },
    name: "other",
  });
  await p.start();
  strictEqual(await q.get(), "<Lock(owner=MainProcess|other)>");
  await p.join();
});

test("a wait is given up by its time or its signal", async () => {
  const end = Event();
  const p = new Process({ target: () => end.wait() });
  await p.start();
  const reason = new Error("enough");
  const stop = new AbortController();
  const joined = p.join({ signal: stop.signal });
  stop.abort(reason);
  await rejects(joined, reason);
  await p.join({ timeout: 0.01 });
  ok(p.is_alive());
  await end.set();
  await p.join();
});

test("an RLock is the thread's that has it", async () => {
  const lock = RLock();
  await lock.acquire();
  await lock.acquire();
  let taken: boolean | undefined;
  const p = new Process({ target: async () => taken = await lock.acquire(false) });
  await p.start();
  await p.join();
  strictEqual(taken, false);
  await lock.release();
  await lock.release();
});

test("an error is printed as Python does, SystemExit is not; exitcode is 0", async () => {
  const { stdout, stderr, code } = await runProgram(PROGRAM, { args: ["errors"] });
  deepStrictEqual([stdout, code], ["0 0\n", 0]);
  match(stderr, /^Exception in thread Thread-1 \(boom\):\n/);
  match(stderr, /\nValueError: no luck\n/);
  doesNotMatch(stderr, /SystemExit/);
});

test("a daemon that waits does not keep the program alive", async () => {
  strictEqual(await outputOf(PROGRAM, ["daemon"]), "the end\n");
  strictEqual(await outputOf(PROGRAM, ["busy"]), "the end\n");
});

test("the program goes on for threads that are no daemons", async () => {
  strictEqual(
    await outputOf(PROGRAM, ["foreground"]),
    "main ends\nthread ends false\n",
  );
});

test("Ctrl-C ends the wait of the main thread only", async () => {
  strictEqual(await outputOf(PROGRAM, ["interrupt"]), "KeyboardInterrupt\nset true\n");
});
