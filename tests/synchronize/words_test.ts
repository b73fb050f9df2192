/**
 * Locks, semaphores and events of real processes in words of mapped memory; and the same
 * where one or all processes have none.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import {
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Process,
  Queue,
  RLock,
  Semaphore,
} from "../../mod.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import { switches } from "../../src/runtime/switches.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import {
  type Acquirable,
  answerEvent,
  count,
  countUnmapped,
  describe,
  hog,
  nextTurn,
  starve,
  takeTurns,
  useWhile,
} from "../helpers/word_targets.ts";
import { runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

/** Whether there are words here: without, all is done by the hub, and less often. */
const hasWords = switches.words && canMap();
const NO_WORDS = { skip: !hasWords && "there are no words here" };

function withFile(fn: (path: string) => Promise<void>): Promise<void> {
  return withFolder((folder) => {
    writeFileSync(`${folder}/file`, new Uint8Array(4));
    return fn(`${folder}/file`);
  });
}

async function start(...processes: Process[]): Promise<void> {
  await Promise.all(processes.map((p) => p.start()));
}

async function end(...processes: Process[]): Promise<void> {
  for (const p of processes) strictEqual(await exitcodeOf(p), 0);
}

const TIMES = hasWords ? 100_000 : 2_000;

test(
  `four processes count to ${4 * TIMES} under a lock, one at a time`,
  () =>
    withFile(async (path) => {
      const lock = Lock();
      const answers = Queue<boolean>();
      const args = [lock, path, TIMES, answers] as const;
      const all = Array.from(
        { length: 4 },
        () => new Process({ target: count, args: [...args] }),
      );
      await start(...all);
      for (const _ of all) strictEqual(await answers.get(true, 120), hasWords);
      await end(...all);
      strictEqual(readFileSync(path).readUInt32LE(0), 4 * TIMES);
      strictEqual(String(lock), "<Lock(owner=None)>");
    }),
  { timeout: 150 },
);

test(
  "a process that cannot map memory uses a lock beside those that can, and the root",
  () =>
    withFile(async (path) => {
      for (const lock of [Lock(), RLock(), Semaphore(1), BoundedSemaphore(1)]) {
        writeFileSync(path, new Uint8Array(4));
        const answers = Queue<boolean>();
        const times = 1500;
        const all = [count, count, countUnmapped].map((target) =>
          new Process({ target, args: [lock, path, times, answers] })
        );
        await start(...all);
        await count(lock, path, times, answers); // the root
        const found = [];
        for (let i = 0; i < 4; i++) found.push(await answers.get(true, CLAIM_WAIT));
        // The root always knows; the one that cannot map never.
        strictEqual(found.filter(Boolean).length, hasWords ? 3 : 1, String(lock));
        await end(...all);
        strictEqual(readFileSync(path).readUInt32LE(0), 4 * times);
        ok(await lock.acquire(false));
        await lock.release();
      }
    }),
  { timeout: 120 },
);

test(
  "a process with fewer permissions is not told of a word, and uses the lock all the same",
  () =>
    withFile(async (path) => {
      const lock = Lock();
      const answers = Queue<boolean>();
      const args = [lock, path, 1500, answers] as const;
      const free = new Process({ target: count, args: [...args] });
      const permissions = { read: true, write: true, ffi: true };
      const bound = new Process({ target: count, args: [...args], permissions });
      await start(free, bound);
      const found = [await answers.get(true, 60), await answers.get(true, 60)];
      deepStrictEqual(found.sort(), [false, hasWords]);
      await end(free, bound);
      strictEqual(readFileSync(path).readUInt32LE(0), 3000);
    }),
  {
    skip: runtimeName !== "deno" && "only Deno has a permission for each thing",
    timeout: 90,
  },
);

test(
  "while the root computes, free locks and set events go on in its children",
  () =>
    withFile(async (path) => {
      const event = Event();
      await event.set();
      const answers = Queue<unknown>();
      const all = Array.from(
        { length: 2 },
        () => new Process({ target: useWhile, args: [Lock(), event, path, answers] }),
      );
      await start(...all);
      for (const _ of all) strictEqual(await answers.get(true, CLAIM_WAIT), true);
      writeFileSync(path, Uint8Array.of(1));
      const until = performance.now() + 2000;
      while (performance.now() < until) { /* it yields to nobody */ }
      writeFileSync(path, Uint8Array.of(2));
      for (const _ of all) {
        const uses = Number(await answers.get(true, CLAIM_WAIT));
        ok(uses > 1000, `only ${uses} uses in two seconds`);
      }
      await end(...all);
    }),
  NO_WORDS,
);

/** A process that does with a lock what it is told. */
class Other {
  readonly #orders: Queue<string> = Queue();
  readonly #answers: Queue<unknown> = Queue();
  readonly #process: Process;

  constructor(lock: Acquirable) {
    const args = [lock, this.#orders, this.#answers] as const;
    this.#process = new Process({ target: describe, args: [...args], name: "Other" });
  }

  async start(): Promise<unknown> {
    await this.#process.start();
    return await this.#answers.get(true, CLAIM_WAIT);
  }

  async do(order: string): Promise<unknown> {
    await this.#orders.put(order);
    return await this.#answers.get(true, CLAIM_WAIT);
  }

  async end(): Promise<void> {
    await this.#orders.put("end");
    await end(this.#process);
  }
}

test("a process that has the word knows who holds the lock", async () => {
  for (const [lock, name, count] of [[Lock(), "owner="], [RLock(), "", 1]] as const) {
    const { name: type } = lock.constructor;
    const text = (owner: string, n: unknown) =>
      `<${type}(${name}${owner}${count === undefined ? "" : `, ${n}`})>`;
    const other = new Other(lock);
    strictEqual(await other.start(), hasWords);
    const free = hasWords ? text("None", 0) : text("unknown", "unknown");
    deepStrictEqual(await other.do("describe"), [free, false]);
    strictEqual(await other.do("acquire"), true);
    deepStrictEqual(await other.do("describe"), [text("Other", 1), true]);
    strictEqual(String(lock), text("SomeOtherProcess", "nonzero"));
    strictEqual(await lock.acquire(false), false);
    strictEqual(await other.do("release"), "released");
    strictEqual(await lock.acquire(), true);
    const held = hasWords
      ? text("SomeOtherProcess", "nonzero")
      : text("unknown", "unknown");
    deepStrictEqual(await other.do("describe"), [held, true]);
    for (const [order, answer] of [["try", false], ["time", false]] as const) {
      strictEqual(await other.do(order), answer);
    }
    strictEqual(await other.do("abort"), "TimeoutError");
    await lock.release();
    strictEqual(await other.do("try"), true);
    // What it has released is free, whichever way that is said.
    const waiting = lock.acquire(true, CLAIM_WAIT); // the hub is here: it waits by now
    strictEqual(await other.do("release"), "released");
    ok(await waiting);
    await lock.release();
    await other.end();
  }
});

test("a process sees its own release, also if the hub has still to be told", async () => {
  const lock = Lock();
  const other = new Other(lock);
  await other.start();
  strictEqual(await other.do("acquire"), true);
  for (let i = 0; i < 20; i++) {
    strictEqual(await other.do("release and try"), true);
    // A waiter that gives up leaves the word in a state in which the hub is asked.
    strictEqual(await lock.acquire(true, 0.005), false);
  }
  strictEqual(await other.do("release"), "released");
  await other.end();
});

test("semaphores count the same in each process", async () => {
  for (const semaphore of [Semaphore(2), BoundedSemaphore(2)]) {
    const other = new Other(semaphore);
    strictEqual(await other.start(), hasWords);
    strictEqual(await other.do("acquire"), true);
    strictEqual(await semaphore.get_value(), 1);
    await semaphore.acquire();
    deepStrictEqual([await other.do("value"), await other.do("try")], [0, false]);
    const waiting = semaphore.acquire(true, CLAIM_WAIT);
    strictEqual(await other.do("release"), "released");
    ok(await waiting);
    await semaphore.release();
    await semaphore.release();
    strictEqual(await other.do("value"), 2);
    const isBounded = semaphore.constructor.name === "BoundedSemaphore";
    strictEqual(
      await other.do("release"),
      isBounded ? "semaphore or lock released too many times" : "released",
    );
    strictEqual(await semaphore.get_value(), isBounded ? 2 : 3);
    await other.end();
  }
});

test("any process may release a lock, and the one that held it is told the truth", async () => {
  const lock = Lock();
  const other = new Other(lock);
  await other.start();
  strictEqual(await other.do("acquire"), true);
  await lock.release();
  ok(await lock.acquire(false));
  await lock.release();
  const error = "semaphore or lock released too many times";
  strictEqual(await other.do("release"), error);
  await other.end();
});

test(
  "conditions and events work with words beneath",
  () =>
    withFile(async (path) => {
      const condition = Condition(Lock());
      const parties = [0, 1, 2].map((me) =>
        new Process({ target: takeTurns, args: [condition, path, me, 3, 100] })
      );
      await start(...parties);
      await end(...parties);
      const [ping, pong] = [Event(), Event()];
      const p = await started(answerEvent, [ping, pong, 300]);
      for (let i = 0; i < 300; i++) {
        await ping.set();
        ok(await pong.wait(CLAIM_WAIT));
        await pong.clear();
      }
      await end(p);
      deepStrictEqual([await ping.is_set(), await pong.is_set()], [false, false]);
    }),
  { timeout: 120 },
);

test("a process that takes the lock all the time lets others have it", async () => {
  const lock = Lock();
  const ready = Queue<boolean>();
  const answers = Queue<number>();
  const hogs = [1, 2].map(() => new Process({ target: hog, args: [lock, ready] }));
  await start(...hogs);
  for (const _ of hogs) await ready.get(true, CLAIM_WAIT);
  const p = await started(starve, [lock, 100, answers]);
  const longest = await answers.get(true, CLAIM_WAIT);
  ok(longest < 2000, `it has waited for ${longest} ms`);
  for (const p of hogs) p.kill();
  for (const p of hogs) strictEqual(await exitcodeOf(p), -9);
  await end(p);
  ok(await lock.acquire(true, CLAIM_WAIT));
  await lock.release();
});

/** Runs children/words.ts; gives the path that it prints, and how it ended. */
async function tellFile(how: string): Promise<{ path: string; code: number }> {
  const { stdout, code } = await runProgram("tests/children/words.ts", { args: [how] });
  const [few, many = ""] = stdout.trim().split("\n");
  strictEqual(few, "few uses: no file");
  match(many, /^many uses: \/.+\/words\d+$/);
  return { path: many.slice("many uses: ".length), code };
}

const NO_MAPS = {
  skip: NO_WORDS.skip || process.platform !== "linux" && "only Linux shows the maps",
};

test(
  "a lock that is used seldom needs no file; the file goes with the program",
  async () => {
    const { path, code } = await tellFile("end");
    strictEqual(code, 0);
    ok(!existsSync(dirname(path)));
  },
  NO_MAPS,
);

test(
  "where the root is killed, a child takes the file away, or the next program",
  async () => {
    const { path } = await tellFile("be killed");
    // On Node the child notices; elsewhere the system kills it at once.
    if (runtimeName !== "node") await tellFile("end");
    const until = performance.now() + CLAIM_WAIT * 1000;
    while (existsSync(dirname(path)) && performance.now() < until) await nextTurn();
    ok(!existsSync(dirname(path)));
  },
  NO_MAPS,
);
