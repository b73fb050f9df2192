import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import process from "node:process";
import { Pool, Process, Queue } from "../../mod.ts";
import type { ExitMessage, ProcessMessage } from "../../src/process.ts";
import { exitWith, startOne } from "../helpers/told_work.ts";
import { test } from "../suite.ts";

/** Runs `use` while starts and ends of processes are listened to. */
async function heard(
  use: () => Promise<void>,
): Promise<[name: string, ProcessMessage | ExitMessage][]> {
  const told: [string, ProcessMessage][] = [];
  const subscriptions = ["process.start", "process.exit"].map((name) => {
    const hear = (message: unknown) =>
      void told.push([name, message as ProcessMessage]);
    diagnostics.subscribe(`pystd.multiprocessing:${name}`, hear);
    return () => diagnostics.unsubscribe(`pystd.multiprocessing:${name}`, hear);
  });
  try {
    await use();
  } finally {
    for (const end of subscriptions) end();
  }
  return told;
}

test("a process that is started, and its end, are told of", async () => {
  let pid: number | null = null;
  const told = await heard(async () => {
    const child = new Process({
      target: exitWith,
      args: [3],
      name: "three",
      daemon: true,
    });
    await child.start();
    pid = child.pid;
    await child.join();
  });
  const facts = { pid, name: "three", daemon: true, host: null, parent: process.pid };
  deepStrictEqual(told, [
    ["process.start", facts],
    ["process.exit", { ...facts, exitcode: 3, signal: null }],
  ]);
});

test("one that is killed has ended by a signal", async () => {
  const told = await heard(async () => {
    const child = new Process({ target: exitWith, args: [0] });
    await child.start();
    child.kill();
    await child.join();
  });
  const { exitcode, signal } = told[1]![1] as ExitMessage;
  deepStrictEqual([exitcode, signal], [-9, "SIGKILL"]);
});

test("the workers of a pool are processes like others", async () => {
  const told = await heard(async () => {
    await using pool = Pool(1);
    await pool.apply(Math.sqrt as never, [4]);
    pool.close();
    await pool.join();
  });
  const names = told.map(([name, { name: whose }]) => `${name} ${whose.slice(0, -2)}`);
  deepStrictEqual(names, [
    ...["process.start SpawnPoolWorker", "process.exit SpawnPoolWorker"],
  ]);
});

test("a process that cannot be started is not told of", async () => {
  const told = await heard(async () => {
    const child = new Process({
      ...{ target: exitWith, args: [0] as [number], cwd: "/nowhere/at/all" },
    });
    await rejects(async () => await child.start());
  });
  deepStrictEqual(told, []);
});

test("a child tells of its own children, in itself", async () => {
  const queue = Queue<unknown[]>();
  const told = await heard(async () => {
    const child = new Process({ target: startOne, args: [queue] });
    await child.start();
    await child.join();
    strictEqual(child.exitcode, 0);
  });
  strictEqual(told.length, 2);
  const [parent, pid, start, exit] = await queue.get() as [
    number,
    number,
    ProcessMessage,
    ExitMessage,
  ];
  ok(parent !== process.pid);
  deepStrictEqual([start.pid, start.parent, exit.pid, exit.exitcode], [
    ...[pid, parent, pid, 4],
  ]);
});
