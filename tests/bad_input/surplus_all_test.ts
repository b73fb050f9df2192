/**
 * Every public method of every object, called with far too many arguments: the error is
 * CPython 3.13's. The methods are those that CPython's objects have, so none is left out.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import * as mp from "../../mod.ts";
import { Listener } from "../../src/connection.ts";
import { ThreadPool } from "../../src/pool.ts";
import { ShareableList, SharedMemory } from "../../src/shared_memory.ts";
import { Finalize } from "../../src/util.ts";
import { LEAKING } from "../helpers/groups.ts";
import { askPython, pythonTest, pythonVersions } from "../helpers/python.ts";

const GIVEN = [...Array(12).keys()];

const PYTHON = `
import json, multiprocessing as mp, os, sys
from multiprocessing import connection, dummy, managers, pool, shared_memory, util
sys.stderr = open(os.devnull, "w")
def outcome(call):
    try:
        call(*range(12))
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, str(error))
    return "no error"
def methods(one):
    return [name for name in dir(type(one)) if not name.startswith("_")
            and callable(getattr(type(one), name))]
threads = pool.ThreadPool(1)
manager = mp.Manager()
memory = shared_memory.SharedMemory(create=True, size=8)
items = shared_memory.ShareableList([1])
things = {
    "Queue": mp.Queue(), "JoinableQueue": mp.JoinableQueue(), "SimpleQueue": mp.SimpleQueue(),
    "Lock": mp.Lock(), "RLock": mp.RLock(), "Semaphore": mp.Semaphore(),
    "BoundedSemaphore": mp.BoundedSemaphore(), "Condition": mp.Condition(),
    "Event": mp.Event(), "Barrier": mp.Barrier(1), "Process": mp.Process(),
    "Connection": mp.Pipe()[0], "Listener": connection.Listener(),
    "ThreadPool": threads, "ApplyResult": threads.apply_async(max, (1, 2)),
    "MapResult": threads.map_async(abs, [1]), "IMapIterator": threads.imap(abs, [1]),
    "Value": mp.Value("i"), "Array": mp.Array("i", 1), "String": mp.Array("c", 1),
    "SharedMemory": memory, "ShareableList": items,
    "Finalize": util.Finalize(memory, print), "Context": mp.get_context("spawn"),
    "ListProxy": manager.list(), "DictProxy": manager.dict(),
    "NamespaceProxy": manager.Namespace(), "ValueProxy": manager.Value("i", 1),
    "ArrayProxy": manager.Array("i", [1]), "LockProxy": manager.Lock(),
    "RLockProxy": manager.RLock(), "SemaphoreProxy": manager.Semaphore(),
    "ConditionProxy": manager.Condition(), "EventProxy": manager.Event(),
    "BarrierProxy": manager.Barrier(1), "QueueProxy": manager.Queue(),
    "DummyProcess": dummy.Process(), "DummyPipe": dummy.Pipe()[0],
}
# These would end what the others need, and take no argument either.
print(json.dumps({key: {name: outcome(getattr(one, name)) for name in methods(one)}
                  for key, one in things.items()}))
sys.stdout.flush()
memory.unlink(); items.shm.unlink()
os._exit(manager.shutdown() or 0)
`;

/** What takes more here than there. */
const DIFFERENT: ReadonlySet<string> = new Set([
  ...["Lock", "RLock", "Semaphore", "Condition"].map((one) => `${one}Proxy.release`), // `n`
  ...["ThreadPool.imap", "ThreadPool.imap_unordered"], // `buffersize`
  "Context.Pool", // `context`
]);

async function outcome(object: object, name: string): Promise<string> {
  try {
    const method = Reflect.get(object, name);
    const isClass = /^class\b/.test(Function.prototype.toString.call(method));
    await (isClass
      ? Reflect.construct(method, GIVEN)
      : Reflect.apply(method, object, GIVEN));
    return "no error";
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const python = pythonVersions().find(({ version }) => version.startsWith("3.13."));

pythonTest("every method refuses surplus arguments as CPython's does", async () => {
  const theirs = await askPython(PYTHON, [], { python }) as Record<
    string,
    Record<string, string>
  >;
  await using manager = await mp.Manager();
  const threads = ThreadPool(1);
  const memory = SharedMemory({ create: true, size: 8 });
  const items = ShareableList([1]);
  const [one, other] = mp.Pipe();
  const listener = await Listener();
  const dummy = await import("../../src/dummy.ts");
  const things: Record<string, object> = {
    Queue: mp.Queue(),
    JoinableQueue: mp.JoinableQueue(),
    SimpleQueue: mp.SimpleQueue(),
    Lock: mp.Lock(),
    RLock: mp.RLock(),
    Semaphore: mp.Semaphore(),
    BoundedSemaphore: mp.BoundedSemaphore(),
    Condition: mp.Condition(),
    Event: mp.Event(),
    Barrier: mp.Barrier(1),
    Process: new mp.Process(),
    Connection: one,
    Listener: listener,
    ThreadPool: threads,
    ApplyResult: threads.apply_async(Math.max, [1, 2]),
    MapResult: threads.map_async(Math.abs, [1]),
    IMapIterator: threads.imap(Math.abs, [1]),
    Value: mp.Value("i"),
    Array: mp.Array("i", 1),
    String: mp.Array("c", 1),
    SharedMemory: memory,
    ShareableList: items,
    Finalize: new Finalize(memory, () => {}),
    Context: mp.get_context("spawn"),
    ListProxy: await manager.list(),
    DictProxy: await manager.dict(),
    NamespaceProxy: await manager.Namespace(),
    ValueProxy: await manager.Value("i", 1),
    ArrayProxy: await manager.Array("i", [1]),
    LockProxy: await manager.Lock(),
    RLockProxy: await manager.RLock(),
    SemaphoreProxy: await manager.Semaphore(),
    ConditionProxy: await manager.Condition(),
    EventProxy: await manager.Event(),
    BarrierProxy: await manager.Barrier(1),
    QueueProxy: await manager.Queue(),
    DummyProcess: new dummy.Process(),
    DummyPipe: dummy.Pipe()[0],
  };
  const ours: Record<string, Record<string, string>> = {};
  const wanted: typeof ours = {};
  let count = 0;
  try {
    for (const [key, methods] of Object.entries(theirs)) {
      [ours[key], wanted[key]] = [{}, {}];
      for (const [name, text] of Object.entries(methods)) {
        const label = `${key}.${name}`;
        if (DIFFERENT.has(label)) continue;
        if (typeof Reflect.get(things[key]!, name) !== "function") continue;
        wanted[key]![name] = text;
        ours[key]![name] = await outcome(things[key]!, name);
        count++;
      }
    }
  } finally {
    await threads.terminate();
    for (const end of [one, other, listener]) end.close();
    for (const shm of [memory, items.shm]) {
      shm.close();
      shm.unlink();
    }
  }
  deepStrictEqual(ours, wanted);
  ok(count > 150, `${count} methods`);
}, { ...LEAKING, skip: python === undefined && "no CPython 3.13" });
