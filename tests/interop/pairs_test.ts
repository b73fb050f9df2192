/**
 * A program of one runtime with processes of another: each of the three as root, as this file
 * runs on all of them, with each of the three as child, whose program `set_executable` names. A
 * run of all tests says in `TEST_RUNTIMES` where they are; else there is only that which runs
 * this.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import process from "node:process";
import {
  Lock,
  Manager,
  Pipe,
  Pool,
  Process,
  Queue,
  set_executable,
} from "../../mod.ts";
import { exitcodeOf } from "../cpython/helpers/checks.ts";
import {
  applied,
  begin,
  Box,
  boxed,
  BoxError,
  decrement,
  echoLocked,
  exchange,
  fromStart,
  increment,
  mirror,
  type Told,
} from "../helpers/pair_targets.ts";
import type { RemoteTraceback } from "../../src/pool.ts";
import { addAll } from "../helpers/pair_managed.ts";
import { runtimeName, test, type TestOptions } from "../suite.ts";

const PROGRAMS = JSON.parse(
  process.env["TEST_RUNTIMES"] ?? `{"own":${JSON.stringify(process.execPath)}}`,
) as Record<string, string>;

/** The program of a runtime: this process's own, or one of those that the run names. */
function programOf(runtime: string): string | undefined {
  if (runtime === runtimeName) return process.execPath;
  return PROGRAMS[runtime] ?? PROGRAMS[`${runtime}24`];
}

/** Tests once for each runtime of a child. */
function onEach(
  name: string,
  fn: (runtime: string) => Promise<void>,
  options: TestOptions = {},
): void {
  for (const runtime of ["deno", "bun", "node"]) {
    const program = programOf(runtime);
    test(`${name}, ${runtime}`, async () => {
      set_executable(program!);
      try {
        await fn(runtime);
      } finally {
        set_executable(null);
      }
    }, { ...options, skip: program === undefined && `this run has no ${runtime}` });
  }
}

onEach("instances and functions cross both ways", async (runtime) => {
  const told = Queue<Told>();
  const p = new Process({ target: exchange, args: [new Box(4), increment, told] });
  await p.start();
  const { box, f, ...rest } = await told.get();
  strictEqual(await exitcodeOf(p), 0);
  deepStrictEqual(rest, { on: runtime, isBox: true, doubled: 8, called: 11 });
  ok(box instanceof Box);
  deepStrictEqual([box.on, box.doubled()], [runtime, 42]);
  strictEqual(f, decrement);
});

onEach("queues and a lock", async (runtime) => {
  const lock = Lock();
  const [tasks, results] = [Queue<number | null>(), Queue<[string, number]>()];
  const started = [1, 2].map(() =>
    new Process({ target: echoLocked, args: [lock, tasks, results] })
  );
  for (const p of started) await p.start();
  for (let i = 0; i < 200; i++) await tasks.put(i);
  for (const _ of started) await tasks.put(null);
  const got: [string, number][] = [];
  while (got.length < 200) got.push(await results.get());
  for (const p of started) strictEqual(await exitcodeOf(p), 0);
  strictEqual(got.every(([name]) => name === runtime), true);
  deepStrictEqual(
    got.map(([, x]) => x).sort((a, b) => a - b),
    Array.from({ length: 200 }, (_, i) => i),
  );
});

onEach("a pipe, with short messages and long ones", async () => {
  const [here, there] = Pipe();
  const p = new Process({ target: mirror, args: [there] });
  await p.start();
  there.close();
  const long = new Uint8Array(300_000).map((_, i) => i % 251);
  for (const value of ["ä", { deep: [1n << 70n, new Date(5)] }, long]) {
    await here.send(value);
    deepStrictEqual(await here.recv(), value);
  }
  here.close();
  strictEqual(await exitcodeOf(p), 0);
});

onEach("a pool gives instances, and errors of the program's own", async (runtime) => {
  await using pool = Pool(2);
  const boxes = await pool.map(boxed, [1, 2, 3]);
  deepStrictEqual(boxes.map((box) => [box.on, box.doubled()]), [
    [runtime, 2],
    [runtime, 4],
    [runtime, 6],
  ]);
  ok(boxes.every((box) => box instanceof Box));
  strictEqual(await pool.apply(applied, [increment, 1]), 2);
  await rejects(pool.apply(boxed, [13]), (error: BoxError) => {
    ok(error instanceof BoxError && error.box instanceof Box);
    strictEqual(error.message, "no box for 13");
    ok(
      (error.cause as RemoteTraceback).tb.includes("pair_targets"),
      String(error.cause),
    );
    return true;
  });
});

onEach("a pool with an initializer maps 20,000 elements", async (runtime) => {
  await using pool = Pool({ processes: 2, initializer: begin, initargs: [5] });
  const results = await pool.map(
    fromStart,
    Array.from({ length: 20_000 }, (_, i) => i),
  );
  deepStrictEqual(results[19_999], [runtime, 20_004]);
  ok(results.every(([name, x], i) => name === runtime && x === i + 5));
});

onEach("a host whose runtime it is", async (runtime) => {
  const host = {
    name: "box",
    command: ["env", "BOX=1"],
    executable: programOf(runtime)!,
  };
  const told = Queue<Told>();
  const args: [Box, typeof increment, typeof told] = [new Box(4), increment, told];
  const p = new Process({ target: exchange, args, host });
  await p.start();
  const { box, f, on } = await told.get();
  strictEqual(await exitcodeOf(p), 0);
  deepStrictEqual([on, box.doubled(), f === decrement], [runtime, 42, true]);
  await using pool = Pool({ processes: 2, hosts: [host] });
  deepStrictEqual(await pool.map(increment, [1, 2]), [2, 3]);
});

onEach("exit codes, and the signal of a process that was killed", async () => {
  const [here, there] = Pipe();
  const p = new Process({ target: mirror, args: [there] });
  await p.start();
  await here.send(1);
  strictEqual(await here.recv(), 1);
  p.kill();
  strictEqual(await exitcodeOf(p), -9);
  here.close();
  there.close();
});

onEach("a managed dict", async () => {
  await using manager = await Manager();
  const d = await manager.dict<string, number>();
  const p = new Process({ target: addAll, args: [d, 20] });
  await p.start();
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await d.get("sum"), 190);
}, { leaks: "the program keeps Node's part of Deno once it has used a socket" });
