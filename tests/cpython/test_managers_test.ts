/**
 * Ported from `_TestMyManager`, `_TestRemoteManager`, `_TestManagerRestart` and
 * `TestInitializers.test_manager_initializer` of CPython's `_test_multiprocessing.py`. What a
 * `SyncManager` makes is in test_sync_manager_test.ts; the variants of locks, queues and pools
 * that run with a manager are in those suites: see helpers/kinds.ts.
 *
 * Changed throughout: what Python's syntax does is a method's call; generators are loops
 * with `for await` or `__next__`; `test_remote` and `test_rapid_restart` speak the package's
 * own protocol instead of XML-RPC.
 */
import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { RemoteError } from "../../mod.ts";
import { BaseManager, SyncManager } from "../../src/managers.ts";
import { LEAKING, SOCKETS } from "../helpers/groups.ts";
import { test } from "../suite.ts";
import * as targets from "./helpers/manager_targets.ts";
import { exitcodeOf, raises, started } from "./helpers/checks.ts";
import { ALL, bind, endAll, startAll } from "./helpers/kinds.ts";

async function testMyManager(manager: targets.MyManager): Promise<void> {
  const foo = await manager.Foo();
  const bar = await manager.Bar();
  const baz = await manager.baz();
  deepStrictEqual([typeof foo.f, typeof foo.g, typeof foo._h], [
    "function",
    "function",
    "undefined",
  ]);
  deepStrictEqual([typeof bar.f, typeof bar.g, typeof bar._h], [
    "function",
    "undefined",
    "function",
  ]);
  strictEqual(await foo.f(), "f()");
  await rejects(foo.g(), { name: "ValueError", message: "g" });
  strictEqual(await foo._callmethod("f"), "f()");
  await rejects(foo._callmethod("_h"), RemoteError);
  strictEqual(await bar.f(), "f()");
  strictEqual(await bar._h(), "_h()");
  strictEqual(await bar._callmethod("_h"), "_h()");
  for (let i = 0; i < 10; i++) strictEqual(await baz.__next__(), i * i);
  await rejects(baz.__next__(), { name: "StopIteration" });
}

SOCKETS.test("_TestMyManager.test_mymanager", async () => {
  const manager = new targets.MyManager({ shutdown_timeout: 20 });
  await manager.start();
  await testMyManager(manager);
  const process = manager._process!;
  await manager.shutdown();
  strictEqual(process.exitcode, 0);
});

SOCKETS.test("_TestMyManager.test_mymanager_context", async () => {
  // What `await using manager = await new MyManager().__enter__()` does.
  const manager = await new targets.MyManager({ shutdown_timeout: 20 }).__enter__();
  await testMyManager(manager);
  const process = manager._process!;
  await manager[Symbol.asyncDispose]();
  strictEqual(process.exitcode, 0);
});

test("a manager that was not started needs no end", async () => {
  await new targets.MyManager()[Symbol.asyncDispose]();
});

SOCKETS.test("_TestMyManager.test_mymanager_context_prestarted", async () => {
  const manager = new targets.MyManager({ shutdown_timeout: 20 });
  await manager.start();
  const process = manager._process!;
  await manager.__enter__();
  await testMyManager(manager);
  await manager.__exit__();
  strictEqual(process.exitcode, 0);
  await rejects(manager.__enter__(), { name: "ProcessError" });
});

SOCKETS.test("_TestRemoteManager.test_remote", async () => {
  const authkey = crypto.getRandomValues(new Uint8Array(32));
  const manager = new targets.QueueManager({ address: ["localhost", 0], authkey });
  await manager.start();
  const { address } = manager;
  const child = started(targets.putByManager, [address!, authkey], { daemon: true });

  class Client extends BaseManager {}
  Client.register("get_queue");
  const client = new Client({ address, authkey });
  await client.connect();
  const queue = await client.get_queue();
  deepStrictEqual(await queue.get(), targets.VALUES);
  await raises(queue.put(Symbol("unsendable")), "TypeError");
  strictEqual(await queue.qsize(), 0);
  strictEqual(await exitcodeOf(child), 0);

  const wrong = new Client({ address, authkey: new Uint8Array(3) });
  await rejects(wrong.connect(), { name: "AuthenticationError" });
  await manager.shutdown();
});

// Changed: the port is that of the server that has run, not of one that never does.
bind("_TestManagerRestart", ALL)("test_rapid_restart", async (kind) => {
  const authkey = crypto.getRandomValues(new Uint8Array(32));
  const manager = new targets.QueueManager({ address: ["localhost", 0], authkey });
  await manager.start();
  const { address } = manager;
  const processes = await startAll(kind, 1, targets.putByManager, [address!, authkey]);
  await endAll(processes);
  deepStrictEqual(await (await manager.get_queue()).get(), targets.VALUES);
  await manager.shutdown();

  const again = new targets.QueueManager({ address, authkey });
  await again.start();
  deepStrictEqual(again.address, address);
  strictEqual(await (await again.get_queue()).qsize(), 0);
  await again.shutdown();
}, LEAKING);

SOCKETS.test("TestInitializers.test_manager_initializer", async () => {
  class Manager extends BaseManager {}
  Manager.register("Witness", targets.Witness);
  const manager = new Manager();
  throws(() => manager.start(1 as never), {
    name: "TypeError",
    message: "initializer must be a callable",
  });
  await manager.start(targets.initialize, ["ready"]);
  strictEqual(await (await manager.Witness()).word(), "ready");
  await manager.shutdown();
});

SOCKETS.test("a manager says in which state it is", async () => {
  const manager = new SyncManager();
  await raises(manager.list(), "AssertionError", "server not yet started");
  const absent = "'SyncManager' object has no attribute 'shutdown'";
  await raises(manager.shutdown(), "AttributeError", absent);
  await manager.start();
  throws(() => manager.start(), {
    name: "ProcessError",
    message: "Already started server",
  });
  await rejects(manager.get_server(), { message: "Already started server" });
  await manager.shutdown();
  await manager.shutdown();
  throws(() => manager.start(), {
    name: "ProcessError",
    message: "Manager has shut down",
  });
  await rejects(manager.list(), { name: "AssertionError" });
  throws(() => new SyncManager({ serializer: "json" }), { name: "KeyError" });
  throws(() => new SyncManager({ authkey: "x" as never }), {
    name: "TypeError",
    message: "string argument without an encoding",
  });
  const none = "address type of None unrecognized";
  await raises(new SyncManager().connect(), "ValueError", none);
});
