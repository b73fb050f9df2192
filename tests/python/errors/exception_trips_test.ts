/** `args` on all ways between processes: queue, pipe, pool, manager, and CPython. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { MaybeEncodingError, Pipe, Pool, Process, Queue } from "../../../mod.ts";
import type { RemoteTraceback } from "../../../src/pool.ts";
import { Listener } from "../../../src/connection.ts";
import { type BaseProxy, SyncManager } from "../../../src/managers.ts";
import * as targets from "../../helpers/error_targets.ts";
import { LEAKING } from "../../helpers/groups.ts";
import { pythonTest, runPython } from "../../helpers/python.ts";
import { stdoutOf } from "../../helpers/run.ts";
import { test } from "../../suite.ts";

const { ERRORS, told } = targets;

/** What is told of each where it has been sent: also of JavaScript's own classes. */
const WANTED = ERRORS.map((make) => {
  const [name, message, args] = told(make());
  return [name, message, args ?? [message]];
});

test("args go through a queue and a pipe, to a child and back", async () => {
  const [q, back] = [Queue<unknown>(), Queue<unknown>()];
  const [ours, theirs] = Pipe();
  const child = new Process({ target: targets.echo, args: [q, back, theirs] });
  await child.start();
  for (const [i, make] of ERRORS.entries()) {
    await q.put(make());
    const byQueue = await back.get() as unknown[];
    await ours.send(make());
    const byPipe = await ours.recv() as unknown[];
    for (const [error, seen] of [byQueue, byPipe]) {
      deepStrictEqual([told(error), seen], [WANTED[i], WANTED[i]]);
      ok(error instanceof Error && error.constructor === make().constructor);
    }
  }
  await child.join();
  strictEqual(child.exitcode, 0);
});

test("args of what a pool's task and a manager's method throw", async () => {
  class Manager extends SyncManager {
    declare Failing: () => Promise<BaseProxy>;
  }
  Manager.register("Failing", {
    callable: targets.Failing,
    exposed: ["fail", "failOddly"],
  });
  await using pool = Pool(1);
  await using manager = new Manager();
  await manager.start();
  const failing = await manager.Failing();
  for (const i of ERRORS.keys()) {
    const errors = [
      await pool.apply(targets.fail, [i]).catch((error: unknown) => error),
      await failing._callmethod("fail", [i]).catch((error: unknown) => error),
    ];
    for (const error of errors) deepStrictEqual(told(error), WANTED[i]);
  }
  // As in CPython, a field that cannot be sent is told.
  const odd = await pool.apply(targets.failOddly, []).catch((error: unknown) => error);
  strictEqual((odd as Error).name, "MaybeEncodingError");
  match(
    (odd as Error).message,
    /^Error sending result: 'ValueError\('odd'\)'. Reason: /,
  );
  match((odd as { cause: RemoteTraceback }).cause.tb, /^ValueError: odd\n.*failOddly/s);
  await rejects(failing._callmethod("failOddly"), {
    name: "RemoteError",
    message: /^\n-+\nUnserializable message: Traceback[^]*PicklingError: /,
  });
  strictEqual(await pool.apply(Math.sqrt, [4]), 2);
});

/** Says what it gets, and sends it back. */
const PEER = `
import json, sys
from multiprocessing.connection import Client
c = Client(tuple(json.loads(sys.argv[1])), authkey=b"key")
c.send("pickles, please")
while True:
    try:
        error = c.recv()
    except EOFError:
        break
    c.send([error, type(error).__name__, str(error), list(error.args)])
`;

pythonTest("args go to CPython and back", async () => {
  const authkey = new TextEncoder().encode("key");
  const listener = await Listener(["127.0.0.1", 0], { authkey });
  const peer = runPython(PEER, [JSON.stringify(listener.address)]);
  const conn = await listener.accept();
  await conn.recv();
  for (const [i, make] of ERRORS.entries()) {
    const error = make();
    // Its own pickles do not keep the arguments: the constructor makes texts of them.
    if (error instanceof MaybeEncodingError) continue;
    await conn.send(error);
    const answer = await conn.recv().catch(async () => stdoutOf(await peer));
    const [copy, name, text, args] = answer as unknown[];
    // CPython does not know this class: it gets an Exception that tells the name.
    if (error instanceof RangeError) {
      deepStrictEqual([name, args], ["Exception", ["RangeError: far"]]);
      continue;
    }
    const theirs = error instanceof targets.Refused ? "ValueError" : error.name;
    deepStrictEqual([theirs, ...WANTED[i]!.slice(1)], [name, text, args]);
    deepStrictEqual(told(copy).slice(1), WANTED[i]!.slice(1));
  }
  conn.close();
  listener.close();
  strictEqual(stdoutOf(await peer), "");
}, LEAKING);
