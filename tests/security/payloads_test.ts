/**
 * Payloads that want more than to be data, between real processes: by queues, pipes,
 * sockets, pools and managers. Each is refused with a clear error, what is behind it
 * arrives, and no function of the receiver is called.
 *
 * The payloads themselves are tested in reduction/gadgets_test.ts.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Listener, Pipe } from "../../src/connection.ts";
import { Pool } from "../../src/pool.ts";
import { Process } from "../../src/process.ts";
import { Queue } from "../../src/queues.ts";
import * as processes from "./gadget_processes.ts";
import { exitcodeOf } from "../cpython/helpers/checks.ts";
import { forge, gadgets, TARGETS } from "./gadgets.ts";
import * as targets from "./gadget_targets.ts";
import { learnModule } from "../../src/functions/references.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { test } from "../suite.ts";

const COUNT = [...gadgets()].length;
const CLEAN = { received: COUNT, wrong: [], calls: [], changed: [] };

// As when the program has sent something of the module itself.
learnModule(TARGETS, targets);

async function run(target: (...args: never[]) => Promise<void>, args: unknown[]) {
  const process = new Process({ target, args: args as never });
  await process.start();
  return process;
}

test("a hostile child at a queue: its parent calls nothing, and gets what is behind", async () => {
  const queue = Queue<unknown>();
  const child = await run(processes.putAll, [queue]);
  const verdict = await processes.receiveAll(() => queue.get({ timeout: 30 }));
  deepStrictEqual(verdict, CLEAN);
  strictEqual(await exitcodeOf(child), 0);
});

test("a hostile process at a queue: a child calls nothing, and gets what is behind", async () => {
  const [queue, verdicts] = [Queue<unknown>(), Queue<processes.Verdict>()];
  const child = await run(processes.receiveFrom, [queue, verdicts]);
  for (const [name, value] of gadgets()) {
    processes.putForged(queue, forge(value));
    await queue.put(name);
  }
  deepStrictEqual(await verdicts.get({ timeout: 60 }), CLEAN);
  await child.join();
});

test("a hostile child at a pipe: its parent calls nothing, and gets what is behind", async () => {
  const [mine, its] = Pipe();
  const child = await run(processes.sendAll, [its]);
  its.close();
  deepStrictEqual(await processes.receiveAll(() => mine.recv()), CLEAN);
  await mine.send("done");
  await child.join();
  mine.close();
});

SOCKETS.test(
  "a hostile client of a listener: nothing is called, the connection goes on",
  async () => {
    const listener = await Listener(["127.0.0.1", 0]);
    const child = await run(processes.sendToListener, [listener.address]);
    const connection = await listener.accept();
    deepStrictEqual(await processes.receiveAll(() => connection.recv()), CLEAN);
    await connection.send("done");
    connection.close();
    await listener.close();
    await child.join();
  },
);

test("hostile results and errors of a pool's workers: nothing is called, the pool goes on", async () => {
  targets.calls.length = 0;
  await using pool = Pool(1);
  for (const name of Object.keys(processes.HOSTILE)) {
    const outcome = await pool.apply(processes.hostileResult, [name])
      .then(() => "it arrived", (error: Error) => error.name);
    ok(
      /^(Unpickling|MaybeEncoding|Attribute)Error$/.test(outcome),
      `${name}: ${outcome}`,
    );
    const error = await pool.apply(processes.hostileError, [name])
      .then(() => "it arrived", (error: Error) => error.name);
    ok(/^(Range|Unpickling|Attribute)Error$/.test(error), `${name}: ${error}`);
    const all = await pool.map(processes.hostileResult, [name, name], 1)
      .then(() => "it arrived", (error: Error) => error.name);
    ok(all !== "it arrived", name);
  }
  strictEqual(await pool.apply(Math.max, [1, 2]), 2);
  deepStrictEqual(targets.calls, []);
  strictEqual("gadgetRan" in globalThis, false);
});

SOCKETS.test(
  "hostile arguments of a manager's calls: nothing is called, the server goes on",
  async () => {
    await using manager = new processes.WitnessManager();
    await manager.start();
    const witness = await (manager as unknown as {
      Witness(): Promise<processes.Witness>;
    }).Witness();
    const take = async (value: unknown) => await witness.take(value);
    for (const outcome of await processes.callManager(take)) {
      ok(!outcome.endsWith("it was taken"), outcome);
    }
    strictEqual(await take(1), 1);
    deepStrictEqual(await witness.calls(), []);
  },
);

test("a thenable cannot be put, sent or returned: the error is raised at the call", async () => {
  const queue = Queue<unknown>();
  const [mine, its] = Pipe();
  const thenable = { then: targets.canary };
  for (
    const send of [
      () => queue.put(thenable),
      () => mine.send([thenable]),
      () => run(processes.putAll, [thenable]),
    ]
  ) {
    const error = await (async () => await send())()
      .then(() => undefined, (error: Error) => error);
    strictEqual(error?.name, "PicklingError");
    ok(error.message.includes("when it is awaited"), error.message);
  }
  await queue.put("behind");
  strictEqual(await queue.get({ timeout: 30 }), "behind");
  deepStrictEqual(targets.calls, []);
  mine.close();
  its.close();
});
