/**
 * What is special about our locks and the like: their cost, what becomes of them when
 * processes die, signals, logical threads, and what can be told of them where. That they
 * do what Python's do is in tests/cpython/.
 *
 * @module
 */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setImmediate } from "node:timers";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  get_context,
  Lock,
  type Process,
  Queue,
  RLock,
  Semaphore,
} from "../mod.ts";
import { asThread } from "../src/python/thread.ts";
import { setLogSink } from "../src/python/util.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started } from "./cpython/helpers/checks.ts";
import { withFolder } from "./helpers/folders.ts";
import { collectGarbage } from "./helpers/gc.ts";
import { outputOf } from "./helpers/run.ts";
import * as targets from "./helpers/sync_targets.ts";
import { test } from "./suite.ts";

const { isQuick } = targets;

/** Runs something and gives the lines that were logged meanwhile. */
async function logOf(run: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  setLogSink((text) => lines.push(text));
  try {
    await run();
  } finally {
    setLogSink(undefined);
  }
  return lines;
}

/** Starts a process that holds a lock; gives the function that kills it. */
async function holder(
  lock: Lock | RLock | Semaphore,
): Promise<{ process: Process; kill: () => Promise<void> }> {
  const ready = Queue<unknown>();
  const p = await started(targets.holdForEver, [lock, ready]);
  strictEqual(await ready.get(true, CLAIM_WAIT), "held");
  return {
    process: p,
    kill: async () => {
      p.kill();
      strictEqual(await exitcodeOf(p), -9);
    },
  };
}

/** Starts a process that waits for something; gives what it says of it. */
async function waiter(
  wait: Parameters<typeof targets.tell>[0],
  object: unknown,
): Promise<{ process: Process; said: Queue<unknown> }> {
  const said = Queue<unknown>();
  const process = await started(targets.tell, [wait, object as never, said]);
  strictEqual(await said.get(true, CLAIM_WAIT), "ready");
  return { process, said };
}

// --- making ------------------------------------------------------------------------

test("every class can be called, and made with new, from the package and a context", () => {
  const makers = { Lock, RLock, Semaphore, BoundedSemaphore, Condition, Event };
  for (const [name, Maker] of Object.entries(makers)) {
    strictEqual(Maker.name, name);
    ok(Maker() instanceof Maker);
    ok(new Maker() instanceof Maker);
    const OfContext = get_context()[name as keyof typeof makers];
    ok(OfContext() instanceof Maker);
    ok(new OfContext() instanceof Maker);
  }
  ok(Barrier(2) instanceof Barrier);
  ok(new Barrier(2) instanceof Barrier);
  ok(BoundedSemaphore() instanceof Semaphore);
});

test("constructors take Python's keywords", async () => {
  strictEqual(await Semaphore({ value: 3 }).get_value(), 3);
  strictEqual(await BoundedSemaphore({ value: 3 }).get_value(), 3);
  const lock = Lock();
  await lock.acquire();
  strictEqual(String(Condition({ lock })), "<Condition(<Lock(owner=MainProcess)>, 0)>");
  strictEqual(Barrier({ parties: 4, timeout: 1 }).parties, 4);
});

test("a subclass travels, and knows nothing of how", async () => {
  const lock = new targets.NamedLock(), said = Queue<unknown>();
  strictEqual(lock.hello(), "hello from <NamedLock(owner=None)>");
  const p = await started(targets.greet, [lock, said]);
  deepStrictEqual(
    await said.get(true, CLAIM_WAIT),
    [true, true, "hello from <NamedLock(owner=unknown)>"],
  );
  strictEqual(await exitcodeOf(p), 0);
});

test("only a process that is being started may be given one", async () => {
  const q = Queue<unknown>();
  for (
    const [object, name] of [
      [Lock(), "Lock"],
      [RLock(), "RLock"],
      [Semaphore(), "Semaphore"],
      [BoundedSemaphore(), "BoundedSemaphore"],
      [Condition(), "Condition"],
      [Event(), "Condition"],
      [Barrier(2), "Condition"],
    ] as const
  ) {
    await raises(
      () => q.put({ object }),
      "RuntimeError",
      `${name} objects should only be shared between processes through inheritance`,
    );
  }
});

// --- looks -------------------------------------------------------------------------

test("texts tell what is known here: in the root all, elsewhere what is held", async () => {
  const lock = Lock(), condition = Condition(lock), said = Queue<unknown>();
  const barrier = Barrier(4);
  const others = [RLock(), Semaphore(2), BoundedSemaphore(3), Event(), barrier];
  const texts = () => others.map((one) => String(one).replace(/0x[0-9a-f]+/, "0x…"));
  deepStrictEqual(texts(), [
    "<RLock(None, 0)>",
    "<Semaphore(value=2)>",
    "<BoundedSemaphore(value=3, maxvalue=3)>",
    "<Event at 0x… unset>",
    "<multiprocessing.synchronize.Barrier at 0x…: waiters=0/4>",
  ]);
  await barrier.abort();
  strictEqual(texts()[4], "<multiprocessing.synchronize.Barrier at 0x…: broken>");
  const p = await started(targets.describe, [said, lock, condition, others], {
    name: "P",
  });
  const [free, held, heldCondition] = await said.get(true, CLAIM_WAIT) as [
    string[],
    string,
    string,
  ];
  deepStrictEqual(free.map((text) => text.replace(/0x[0-9a-f]+/, "0x…")), [
    "<Lock(owner=unknown)>",
    "<Condition(<Lock(owner=unknown)>, unknown)>",
    "<RLock(unknown, unknown)>",
    "<Semaphore(value=unknown)>",
    "<BoundedSemaphore(value=unknown, maxvalue=3)>",
    "<Event at 0x… unknown>",
    "<multiprocessing.synchronize.Barrier at 0x…: waiters=unknown/4>",
  ]);
  // One lock, though it came twice.
  strictEqual(held, "<Lock(owner=P)>");
  strictEqual(heldCondition, "<Condition(<Lock(owner=P)>, unknown)>");
  strictEqual(await exitcodeOf(p), 0);
});

test("a condition tells how many sleep", async () => {
  const condition = Condition();
  const { process } = await waiter("condition", condition);
  await condition.acquire();
  strictEqual(String(condition), "<Condition(<RLock(MainProcess, 1)>, 1)>");
  await condition.notify();
  strictEqual(String(condition), "<Condition(<RLock(MainProcess, 1)>, 0)>");
  await condition.release();
  strictEqual(await exitcodeOf(process), 0);
});

// --- cost --------------------------------------------------------------------------

test("in the root a lock that nobody holds is had at once", async () => {
  for (
    const lock of [Lock(), RLock(), Semaphore(1), BoundedSemaphore(1), Condition()]
  ) {
    ok(await isQuick(lock.acquire()));
    ok(await isQuick(lock.release()));
  }
});

test("a child does not wait for an answer when it releases what it holds", async () => {
  const lock = Lock(), other = Lock(), said = Queue<unknown>();
  await other.acquire();
  const p = await started(targets.releaseTwice, [lock, other, said]);
  strictEqual(await said.get(true, CLAIM_WAIT), true);
  strictEqual(await said.get(true, CLAIM_WAIT), false);
  strictEqual(await exitcodeOf(p), 0);
});

test("a loop that asks until something has changed lets it change", async () => {
  const event = Event(), lock = Lock(), semaphore = Semaphore(0);
  const { process } = await waiter("event", event);
  let turned = 0;
  for (
    const ask of [
      () => event.is_set(),
      () => event.wait(0),
      () => lock.locked(),
      () => semaphore.acquire(false),
    ]
  ) {
    setImmediate(() => turned++);
    const target = turned + 1;
    while (turned < target) strictEqual(await ask(), false);
  }
  await event.set();
  strictEqual(await exitcodeOf(process), 0);
});

// --- who owns it -------------------------------------------------------------------

test("any process may release a lock, and the one that held it hears of it", async () => {
  const lock = Lock(), gate = Queue<null>(), said = Queue<unknown>();
  const p = await started(targets.releaseWhatWasReleased, [lock, gate, said]);
  strictEqual(await said.get(true, CLAIM_WAIT), "held");
  await lock.release();
  strictEqual(await lock.locked(), false);
  await gate.put(null);
  const error = "ValueError: semaphore or lock released too many times";
  strictEqual(await said.get(true, CLAIM_WAIT), error);
  strictEqual(await said.get(true, CLAIM_WAIT), error);
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await lock.acquire(false), true);
});

test("Lock: an error that nobody waits for any more does not get lost", () =>
  withFolder(async (directory) => {
    const lock = Lock(), said = Queue<unknown>(), sign = join(directory, "released");
    const gate = Queue<null>();
    const p = await started(targets.releaseBlindly, [lock, sign, gate, said]);
    strictEqual(await said.get(true, CLAIM_WAIT), "held");
    await lock.release();
    writeFileSync(sign, "");
    strictEqual(
      await said.get(true, CLAIM_WAIT),
      "ValueError: semaphore or lock released too many times",
    );
    await gate.put(null);
    strictEqual(await exitcodeOf(p), 0);
    strictEqual(await lock.acquire(false), true);
  }));

test("RLock: another thread of the process waits as another process does", async () => {
  const lock = RLock();
  await lock.acquire();
  await lock.acquire();
  const log: string[] = [];
  const other = asThread("T", async () => {
    strictEqual(await lock.acquire(false), false);
    await raises(() => lock.release(), "AssertionError", /not owned by thread/);
    await lock.acquire();
    log.push(String(lock));
    await lock.release();
  });
  await lock.release();
  log.push(String(lock));
  await lock.release();
  await other;
  deepStrictEqual(log, ["<RLock(MainProcess, 1)>", "<RLock(MainProcess|T, 1)>"]);
});

test("Condition: wait gives up all levels of an RLock, and takes them back", async () => {
  const condition = Condition();
  const { process } = await waiter("condition", condition);
  for (let n = 0; n < 3; n++) await condition.acquire();
  await condition.notify();
  strictEqual(await condition.wait(0.02), false); // meanwhile the other one had the lock
  strictEqual(String(condition), "<Condition(<RLock(MainProcess, 3)>, 0)>");
  for (let n = 0; n < 3; n++) await condition.release();
  await raises(() => condition.release(), "AssertionError");
  strictEqual(await exitcodeOf(process), 0);
});

test("Condition: a semaphore as its lock is given up as often as it was acquired", async () => {
  const semaphore = BoundedSemaphore(2), condition = Condition(semaphore);
  await condition.acquire();
  await condition.acquire();
  const waiting = condition.wait();
  strictEqual(await semaphore.get_value(), 2);
  await condition.acquire();
  await condition.notify(); // one of the two is free
  strictEqual(await semaphore.get_value(), 0);
  await condition.release();
  strictEqual(await waiting, true);
  strictEqual(await semaphore.get_value(), 0);
});

test("Condition: what needs the lock refuses without it", async () => {
  for (const lock of [Lock(), RLock(), Semaphore(1)]) {
    const condition = Condition(lock);
    const text = "must acquire() condition before using wait()";
    await raises(() => condition.wait(), "AssertionError", text);
    await raises(() => condition.wait_for(() => false), "AssertionError", text);
    await raises(() => condition.notify(), "AssertionError", "lock is not owned");
    await raises(() => condition.notify_all(), "AssertionError", "lock is not owned");
    strictEqual(await condition.wait_for(() => "so"), "so");
    await asThread(null, () => condition.acquire());
    await raises(() => condition.notify(), "AssertionError", "lock is not owned");
  }
});

// --- with --------------------------------------------------------------------------

test("with gives what the function gives, and releases also when that throws", async () => {
  for (const lock of [Lock(), RLock(), Semaphore(1), Condition()]) {
    strictEqual(await lock.with(() => 1), 1);
    strictEqual(await lock.with(async () => await Promise.resolve("2")), "2");
    await rejects(
      lock.with(() => {
        throw new RangeError("oh");
      }),
      RangeError,
    );
    strictEqual(await lock.acquire(false), true);
    await lock.__exit__(null, null, null);
    const held = await lock.__enter__();
    await held[Symbol.asyncDispose]();
    await held[Symbol.asyncDispose](); // what a block releases, it releases once
    strictEqual(await lock.acquire(false), true);
  }
});

// --- garbage -----------------------------------------------------------------------

/** A lock that is held, a queue and an event that are waited for; no handle is kept. */
async function waitAndForget(gate: Queue<null>): Promise<Promise<unknown>[]> {
  const lock = Lock(), q = Queue<unknown>(), event = Event();
  await lock.acquire();
  const p = await started(targets.wakeUp, [gate, lock, q, event]);
  return [q.get(true, CLAIM_WAIT), event.wait(CLAIM_WAIT), p.join(CLAIM_WAIT)];
}

test("what somebody waits for is not collected, nor is a lock that is held", async () => {
  const gate = Queue<null>();
  const lines = await logOf(async () => {
    const waits = await waitAndForget(gate);
    await collectGarbage();
    await gate.put(null);
    deepStrictEqual(await Promise.all(waits), [false, true, undefined]);
  });
  deepStrictEqual(lines, []);
});

// --- signals -----------------------------------------------------------------------

test("a signal ends any wait with its reason", async () => {
  const lock = Lock(), barrier = Barrier(2), event = Event(), condition = Condition();
  await lock.acquire();
  await condition.acquire();
  const waits: ((signal: AbortSignal) => Promise<unknown>)[] = [
    (signal) => lock.acquire({ signal }),
    (signal) => lock.with(() => {}, { signal }),
    (signal) => lock.__enter__({ signal }),
    (signal) => event.wait({ signal }),
    (signal) => barrier.wait({ signal }),
    (signal) => condition.wait({ signal }),
    (signal) => condition.wait_for(() => false, { timeout: 60, signal }),
  ];
  for (const wait of waits) {
    const controller = new AbortController();
    const waiting = wait(controller.signal);
    const reason = new RangeError("enough");
    controller.abort(reason);
    await rejects(waiting, reason);
    await rejects(wait(AbortSignal.abort(reason)), reason);
  }
  // The lock is held again, and the barrier broken: one party will not come.
  strictEqual(String(condition), "<Condition(<RLock(MainProcess, 1)>, 0)>");
  strictEqual(await barrier.broken, true);
});

// --- death -------------------------------------------------------------------------

for (const make of [Lock, RLock]) {
  test(`${make.name}: a dead holder's is released, with a warning that names it`, async () => {
    const lock = make();
    const expected: string[] = [];
    const lines = await logOf(async () => {
      const { process: { name, pid }, kill } = await holder(lock);
      const { process, said } = await waiter("acquire", lock);
      await kill();
      strictEqual(await said.get(true, CLAIM_WAIT), true);
      strictEqual(await exitcodeOf(process), 0);
      // An ordinary end is the end of a holder too.
      strictEqual(await lock.acquire(true, CLAIM_WAIT), true);
      for (const one of [{ name, pid }, process]) {
        expected.push(
          `${one.name} (pid ${one.pid}) has ended while it held a lock, ` +
            "which is released\n",
        );
      }
    });
    deepStrictEqual(lines, expected);
  });
}

test("Lock: a daemon's end with the program is no reason to warn", async () => {
  strictEqual(await outputOf("tests/children/daemon_with_lock.ts"), "true\n");
});

test("Semaphore: what a dead process had acquired stays so", async () => {
  const semaphore = Semaphore(1);
  const { kill } = await holder(semaphore);
  deepStrictEqual(await logOf(kill), []);
  strictEqual(await semaphore.acquire(true, 0.02), false);
});

test("Lock: a grandchild's is released when it dies, after its parent", async () => {
  const lock = Lock(), ready = Queue<unknown>();
  const lines = await logOf(async () => {
    const p = await started(targets.handOn, [lock, ready], { name: "P" });
    const pid = await ready.get(true, CLAIM_WAIT) as number;
    strictEqual(await ready.get(true, CLAIM_WAIT), "held");
    p.kill();
    strictEqual(await exitcodeOf(p), -9);
    strictEqual(await lock.acquire(false), false);
    process.kill(pid, "SIGKILL");
    strictEqual(await lock.acquire(true, CLAIM_WAIT), true);
  });
  match(lines.join(), /^Process-\d+:1 \(pid \d+\) has ended while it held a lock/);
});

test("Condition: a sleeper's death takes no wake-up from others", async () => {
  const condition = Condition();
  const victim = await waiter("condition", condition);
  const other = await waiter("condition", condition);
  await condition.acquire();
  await condition.notify(); // for the victim, who slept first
  victim.process.kill();
  strictEqual(await exitcodeOf(victim.process), -9);
  await condition.release();
  strictEqual(await other.said.get(true, CLAIM_WAIT), true);
  strictEqual(await exitcodeOf(other.process), 0);
});

test("Barrier: the death of one that waits breaks it", async () => {
  const barrier = Barrier(3);
  const victim = await waiter("barrier", barrier);
  const other = await waiter("barrier", barrier);
  while (await barrier.n_waiting < 2);
  victim.process.kill();
  strictEqual(await exitcodeOf(victim.process), -9);
  strictEqual(await other.said.get(true, CLAIM_WAIT), "BrokenBarrierError");
  await raises(() => barrier.wait(), "BrokenBarrierError", "");
  strictEqual(await exitcodeOf(other.process), 0);
});

test("Barrier: an action that fails breaks it, and is raised where it ran", async () => {
  const barrier = Barrier(2, targets.failToAct);
  const waiting = barrier.wait();
  await raises(() => barrier.wait(), "RangeError", "out of range");
  await raises(() => waiting, "BrokenBarrierError", "");
  strictEqual(await barrier.broken, true);
});

test("Barrier: abort and reset do not wait for the action", async () => {
  for (const end of ["abort", "reset"] as const) {
    let barrier: Barrier | undefined = undefined;
    const action = () => (barrier as unknown as Barrier)[end]();
    barrier = Barrier(2, action);
    const waits = [barrier.wait(), barrier.wait()];
    for (const wait of waits) await raises(() => wait, "BrokenBarrierError", "");
    strictEqual(await barrier.broken, end === "abort");
  }
});
