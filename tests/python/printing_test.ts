/** What `console.log` prints of the package's objects, whichever they are. */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import * as mp from "../../mod.ts";
import * as connection from "../../src/connection.ts";
import * as context from "../../src/context.ts";
import * as managers from "../../src/managers.ts";
import * as pools from "../../src/pool.ts";
import * as processes from "../../src/process.ts";
import * as queues from "../../src/queues.ts";
import { addressed, printAsText } from "../../src/python/printing.ts";
import * as shared_memory from "../../src/shared_memory.ts";
import * as sharedctypes from "../../src/sharedctypes.ts";
import * as synchronize from "../../src/synchronize.ts";
import { test } from "../suite.ts";

const { Deno, Bun } = globalThis as unknown as Record<
  string,
  { inspect: typeof inspect }
>;

/** What `console.log` of this runtime prints of a value. */
const printed = (Deno ?? Bun)?.inspect ?? inspect;

const ENTRIES = {
  ...{ mp, connection, context, managers, pools, processes, queues, shared_memory },
  ...{ sharedctypes, synchronize },
};

const HOOK = Symbol.for("nodejs.util.inspect.custom");

/** Classes that print their fields, as a user's own do: options of servers, and log records. */
const BY_FIELDS = new Set(["LogRecord", "Formatter", "Handler", "StreamHandler"]);

test("objects of every class of every entry are printed as their text", () => {
  for (const [entry, names] of Object.entries(ENTRIES)) {
    for (const [name, it] of Object.entries(names)) {
      if (typeof it !== "function" || it.prototype === undefined) continue;
      const { prototype } = it;
      const isClass = Object.getOwnPropertyNames(prototype).length > 1;
      if (!isClass || prototype instanceof Error || BY_FIELDS.has(name)) continue;
      ok(HOOK in prototype, `${entry}.${name}`);
    }
  }
});

/** One object of each kind that needs no process. */
function objects(): Record<string, object> {
  return {
    Queue: mp.Queue(3),
    JoinableQueue: mp.JoinableQueue(),
    SimpleQueue: mp.SimpleQueue(),
    Lock: mp.Lock(),
    RLock: mp.RLock(),
    Semaphore: mp.Semaphore(2),
    BoundedSemaphore: mp.BoundedSemaphore(2),
    Event: mp.Event(),
    Condition: mp.Condition(),
    Barrier: mp.Barrier(2),
    Process: new mp.Process(),
    "current process": mp.current_process(),
    authkey: mp.current_process().authkey,
    context: mp.get_context("spawn"),
    SyncManager: new managers.SyncManager(),
    Namespace: new managers.Namespace({ a: 1 }),
    Token: new managers.Token("dict", "/tmp/listener", "1"),
    RawValue: mp.RawValue("i", 5),
    RawArray: mp.RawArray("d", [1, 2]),
    Value: mp.Value("i", 5),
    Array: mp.Array("i", [1, 2]),
    logger: mp.get_logger(),
  };
}

test("an object is printed as its text, inside of others too", () => {
  for (const [name, object] of Object.entries(objects())) {
    const text = String(object);
    ok(!text.startsWith("[object"), name);
    strictEqual(printed(object), text);
    ok(printed({ inside: [object] }).includes(text), name);
  }
}, { leaks: "memory of values stays until the process ends" });

test("both ends of a pipe, a listener and a segment are printed as their text", async () => {
  const ends = mp.Pipe();
  const listener = await connection.Listener(["127.0.0.1", 0]);
  const segment = new shared_memory.SharedMemory({ create: true, size: 8 });
  for (const object of [...ends, listener, segment]) {
    strictEqual(printed(object), String(object));
  }
  match(
    String(listener),
    /^<multiprocessing\.connection\.Listener object at 0x\w{12}>$/,
  );
  for (const end of ends) end.close();
  listener.close();
  segment.close();
  segment.unlink();
  for (const object of [...ends, listener, segment]) {
    strictEqual(printed(object), String(object)); // also when they are closed
  }
});

test("a pool, its results and its iterators are printed as their text", async () => {
  const pool = pools.ThreadPool(1);
  const results = [pool, pool.apply_async(Math.sqrt, [4]), pool.imap(Math.sqrt, [4])];
  for (const object of results) strictEqual(printed(object), String(object));
  await pool.terminate();
  await pool.join();
});

test("a subclass is printed with its own name, and as its own text", () => {
  class Own extends managers.BaseManager {}
  match(printed(new Own()), /^<__main__\.Own object at 0x\w{12}>$/);
  class Talking extends mp.Process {
    override toString(): string {
      return "talking";
    }
  }
  strictEqual(printed(new Talking()), "talking");
});

test("an object whose text fails is printed all the same", () => {
  class Half {
    toString(): string {
      throw new Error("half made");
    }
  }
  printAsText(Half);
  match(printed(new Half()), /^<Half object at 0x\w{12}>$/);
});

test("an object has one address, and no other has the same", () => {
  const [one, other] = [{}, {}];
  deepStrictEqual(addressed(one, "a.B"), addressed(one, "a.B"));
  ok(addressed(one, "a.B") !== addressed(other, "a.B"));
});
