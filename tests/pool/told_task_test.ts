/**
 * Tests of src/pool/told_task.ts and of src/pool/traced_call.ts, which is the same in a
 * worker: what the channel of tasks tells.
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
import { Pool, TimeoutError } from "../../mod.ts";
import type { LostMessage, TaskMessage } from "../../src/pool.ts";
import { ThreadPool } from "../../src/pool.ts";
import { Command } from "../../src/pool/protocol.ts";
import { CommandReader } from "../../src/pool/worker_main.ts";
import {
  allHeard,
  count,
  fail,
  failLater,
  forever,
  killSelf,
  listen,
  mark,
  markNow,
  PARTS,
} from "../helpers/told_work.ts";
import { test } from "../suite.ts";

/** What was told: the channel, the message, and in whose async context. */
interface Told {
  readonly part: string;
  readonly message: TaskMessage;
  readonly caller: string | undefined;
}

const caller = new AsyncLocalStorage<string>();

/** Runs `use` while all channels of tasks are listened to. */
async function heard(
  use: () => Promise<void>,
  onStart: (message: TaskMessage) => void = () => {},
): Promise<Told[]> {
  const told: Told[] = [];
  const subscriptions = PARTS.map((part) => {
    const name = `tracing:pystd.multiprocessing.task:${part}`;
    const hear = (given: unknown) => {
      const message = given as TaskMessage;
      if (part === "start") onStart(message);
      told.push({ part, message, caller: caller.getStore() });
    };
    diagnostics.subscribe(name, hear);
    return () => diagnostics.unsubscribe(name, hear);
  });
  try {
    await use();
  } finally {
    for (const end of subscriptions) end();
  }
  return told;
}

/** The names of what was told of each task of an owner, in their order. */
function partsOf(told: Told[]): string[] {
  return told.filter(({ message }) => message.side === "owner")
    .map(({ part, message }) => `${message.task} ${part}`);
}

const WELL = ["1 start", "1 end", "1 asyncStart", "1 asyncEnd"];
const BADLY = ["1 start", "1 end", "1 error", "1 asyncStart", "1 asyncEnd"];

/** All that it gives: Node 20 has no Array.fromAsync. */
async function listOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

test("a call is told of from its beginning to its end", async () => {
  await using pool = Pool(1);
  const told = await heard(async () => void await pool.apply(markNow));
  deepStrictEqual(partsOf(told), WELL);
  const [{ message }] = told as [Told];
  const { func, side, calls, carrier, worker, pid, error } = message;
  deepStrictEqual({ func, side, calls, carrier, error }, {
    ...{ func: "markNow", side: "owner", calls: 1, carrier: {}, error: undefined },
  });
  deepStrictEqual([worker, pid], [pool._pool[0]!.name, pool._pool[0]!.pid]);
  ok(told.every((one) => one.message === message), "it is one object all the time");
});

test("the worker is not known before the task has one", async () => {
  await using pool = Pool(1);
  const workers: unknown[] = [];
  await heard(async () => void await pool.apply(markNow), ({ worker, pid }) => {
    workers.push(worker, pid);
  });
  deepStrictEqual(workers, [null, null]);
});

test("each chunk of a map is a task", async () => {
  await using pool = Pool(2);
  const told = await heard(async () => void await pool.map(mark, [1, 2, 3, 4, 5], 2));
  const starts = told.filter(({ part }) => part === "start");
  deepStrictEqual(starts.map(({ message }) => message.calls), [2, 2, 1]);
  strictEqual(told.filter(({ part }) => part === "asyncEnd").length, 3);
});

test("all is told in the caller's async context", async () => {
  await using pool = Pool(1);
  const told = await heard(async () => {
    await caller.run("apply", () => pool.apply(mark, [1]));
    await caller.run("map", () => pool.map(mark, [1, 2], 1));
    await caller.run("bad", () => pool.apply(fail)).catch(() => {});
  });
  const contexts = new Map<unknown, typeof told>();
  for (const one of told) {
    const { task } = one.message;
    contexts.set(task, [...contexts.get(task) ?? [], one]);
  }
  deepStrictEqual(
    [...contexts].map((
      [task, all],
    ) => [task, ...new Set(all.map((one) => one.caller))]),
    [[1, "apply"], [2, "map"], [3, "map"], [4, "bad"]],
  );
});

test("a failure is told of, and why", async () => {
  await using pool = Pool(1);
  for (const func of [fail, failLater]) {
    await using pool = Pool(1);
    const told = await heard(() => rejects(pool.apply(func as () => void)));
    deepStrictEqual(partsOf(told), BADLY);
    ok(String(told[0]!.message.error).includes("as it must"));
  }
  const notSent = await heard(async () => {
    await rejects(pool.apply(mark, [() => {}]), /PicklingError/);
  });
  deepStrictEqual(partsOf(notSent), BADLY);
  strictEqual((notSent[0]!.message.error as Error).name, "PicklingError");
});

test("what a killed worker ran has failed, and the worker was lost", async () => {
  await using pool = Pool(1);
  const lost: LostMessage[] = [];
  const hear = (message: unknown) => void lost.push(message as LostMessage);
  diagnostics.subscribe("pystd.multiprocessing:worker.lost", hear);
  const told = await heard(() => rejects(pool.apply(killSelf), /WorkerLostError/));
  await pool.apply(markNow); // the worker's end has been told of
  diagnostics.unsubscribe("pystd.multiprocessing:worker.lost", hear);
  deepStrictEqual(partsOf(told), BADLY);
  const { worker, pid, error } = told[0]!.message;
  strictEqual((error as Error).name, "WorkerLostError");
  deepStrictEqual(lost, [{
    ...{ name: worker, pid, exitcode: -9, signal: "SIGKILL", host: null },
    func: "killSelf",
  }]);
});

test("what is given up is told to have ended", async () => {
  const told = await heard(async () => {
    await using pool = Pool(1);
    const abort = new AbortController();
    const running = pool.apply(forever, { signal: abort.signal });
    const waiting = pool.apply_async(markNow);
    abort.abort(new Error("not wanted"));
    await rejects(running, /not wanted/);
    await waiting.get();
    const late = pool.apply(forever, { timeout: 0.01 });
    await rejects(late, TimeoutError);
    pool.apply_async(forever); // the end of the block terminates the pool
  });
  const ends = told.filter(({ part }) => part === "asyncEnd");
  deepStrictEqual(
    ends.map(({ message }) => (message.error as Error | undefined)?.name),
    ["Error", undefined, "TimeoutError", "ProcessError"],
  );
  strictEqual(told.filter(({ part }) => part === "start").length, 4);
});

test("imap, and a stream, are told of as well", async () => {
  await using pool = Pool(1);
  const told = await heard(async () => {
    strictEqual((await listOf(pool.imap(mark, [1, 2]))).length, 2);
    deepStrictEqual(await listOf(pool.stream(count)), [1, 2]);
    for await (const _ of pool.imap(mark, [1, 2, 3, 4])) break;
  });
  const starts = told.filter(({ part }) => part === "start").length;
  const ends = told.filter(({ part }) => part === "asyncEnd").length;
  ok(starts >= 4);
  strictEqual(ends, starts);
});

test("what goes with a task reaches the worker, and what the worker calls", async () => {
  await using pool = Pool(1, listen);
  let last = 0;
  await heard(async () => {
    strictEqual(await pool.apply(mark, [1]), "m1");
    strictEqual(await pool.apply(markNow), "m2");
    deepStrictEqual(await pool.map(mark, [1, 2, 3], 1), ["m3", "m4", "m5"]);
    await rejects(pool.apply(fail));
    await rejects(pool.apply(failLater));
    deepStrictEqual(await listOf(pool.stream(count)), [1, 2]);
  }, ({ carrier }) => carrier.mark = `m${++last}`);
  const long = ["start", "end", "asyncStart", "asyncEnd"];
  const badly = ["start", "end", "error", "asyncStart", "asyncEnd"];
  deepStrictEqual(await pool.apply(allHeard), [
    ...long.map((part) => `${part} mark m1`),
    ...long.map((part) => `${part} markNow m2`),
    ...[3, 4, 5].flatMap((n) => long.map((part) => `${part} mark m${n}`)),
    ...badly.map((part) => `${part} fail m6`),
    ...badly.map((part) => `${part} failLater m7`),
    ...long.map((part) => `${part} count m8`),
  ]);
});

test("a worker tells nothing of tasks that were not told of", async () => {
  await using pool = Pool(1, listen);
  strictEqual(await pool.apply(mark, [1]), null);
  deepStrictEqual(await pool.apply(allHeard), []);
});

test("only texts go with a task", async () => {
  await using pool = Pool(1, listen);
  await heard(async () => {
    strictEqual(await pool.apply(markNow), null);
  }, ({ carrier }) => Object.assign(carrier, { mark: 5, other: { a: 1 } }));
});

test("threads: both sides are told of in one process", async () => {
  await using pool = ThreadPool(1);
  let last = 0;
  const told = await heard(async () => {
    await pool.apply(mark, [1]);
    await rejects(pool.apply(fail));
  }, ({ side, carrier }) => {
    if (side === "owner") carrier.mark = `m${++last}`;
  });
  const texts = told.map(({ part, message }) =>
    `${message.side} ${part} ${message.carrier.mark}`
  );
  deepStrictEqual(texts, [
    ...["owner start m1", "owner end m1", "worker start m1", "worker end m1"],
    ...["worker asyncStart m1", "worker asyncEnd m1"],
    ...["owner asyncStart m1", "owner asyncEnd m1"],
    ...["owner start m2", "owner end m2", "worker start m2", "worker end m2"],
    ...["worker error m2", "worker asyncStart m2", "worker asyncEnd m2"],
    ...["owner error m2", "owner asyncStart m2", "owner asyncEnd m2"],
  ]);
});

test("who listens late hears of the calls that come then", async () => {
  await using pool = Pool(1);
  const before = pool.apply_async(mark, [1]);
  const told = await heard(async () => {
    await before.get();
    await pool.apply(mark, [2]);
  });
  deepStrictEqual(partsOf(told), WELL);
});

test("a task that is told of is an ordinary one, behind a line about it", async () => {
  const tasks: unknown[] = [];
  const reader = new CommandReader({
    onTask: (task) => tasks.push(task),
    onClaim() {},
    onClaimQuicker() {},
    onClaimNoMore() {},
    onStop() {},
  });
  const facts = { func: "f", pool: 1, task: 1, calls: 1, carrier: {} };
  const line = new TextEncoder().encode(JSON.stringify(facts));
  reader.read([Command.Told, Command.Run, 1, 3, 1, 5, Command.Run, 1, 3, 1, 6], [
    line as never,
  ]);
  const [first, second] = tasks as { trace?: unknown; func: unknown; values: number }[];
  deepStrictEqual([first!.values, second!.values], [5, 6]);
  strictEqual(typeof first!.trace, "function");
  strictEqual(second!.trace, undefined);
  strictEqual(await first!.func, undefined);
});
