/**
 * Values and arrays between processes: what travels, who frees what, and what the locks
 * are for.
 *
 * @module
 */
import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { Event, Pool, Queue, RLock } from "../mod.ts";
import { canMap } from "../src/runtime/mapping/mod.ts";
import {
  Array as SharedArray,
  copy,
  RawArray,
  RawValue,
  synchronized,
  Value,
} from "../src/sharedctypes.ts";
import { heapUse } from "../src/sharedctypes/block.ts";
import { collectGarbage } from "./helpers/gc.ts";
import { turnAllOn } from "./helpers/switches.ts";
import { add, addTo, family, Foo, handOn, sums } from "./sharedctypes/targets.ts";
import { test } from "./suite.ts";
import { exitcodeOf, started } from "./cpython/helpers/checks.ts";

turnAllOn();
const maps = canMap();
const leaks = "arenas stay open until the process ends";

test("an increment under the lock is never lost", async () => {
  const counter = Value("i", 0);
  await Promise.all([1, 2, 3].map(() => exitcodeOf(started(add, [counter, 200]))));
  strictEqual(counter.value, 600);
}, { leaks });

test("the lock: get_lock, acquire, with, __enter__", async () => {
  const lock = RLock();
  const value = Value("i", 1, { lock });
  strictEqual(value.get_lock(), lock);
  strictEqual(await value.acquire(), true);
  match(String(lock), /MainProcess, 1/);
  await value.with(() => match(String(lock), /MainProcess, 2/));
  {
    await using _ = await value.__enter__();
    match(String(lock), /MainProcess, 2/);
  }
  await value.release();
  match(String(lock), /None, 0/);
  await rejects(
    value.with(() => {
      throw new Error("mine");
    }),
    /mine/,
  );
  match(String(lock), /None, 0/);
}, { leaks });

test("a child makes values itself, and cannot send them to a queue", async () => {
  const queue = Queue();
  strictEqual(await exitcodeOf(started(family, [queue])), 0);
  strictEqual(await queue.get(), 21);
  strictEqual(
    await queue.get(),
    "RuntimeError: Synchronized objects should only be shared between processes " +
      "through inheritance",
  );
}, { leaks });

test("only a process that is being started may be given one", async () => {
  const queue = Queue();
  const objects: [object, string][] = [
    [Value("i", 1), "Synchronized"],
    [SharedArray("i", 1), "SynchronizedArray"],
    [SharedArray("c", 1), "SynchronizedString"],
    [Value(Foo), "SynchronizedFoo"],
    [RawValue("i", 1), "c_int"],
    [RawArray("i", 3), "c_int_Array_3"],
    [SharedArray("i", 3).get_obj(), "c_int_Array_3"],
  ];
  for (const [object, name] of objects) {
    const error = {
      name: "RuntimeError",
      message:
        `${name} objects should only be shared between processes through inheritance`,
    };
    await rejects(async () => await queue.put(object), error);
  }
  await using pool = Pool(1);
  await rejects(
    pool.apply(sums, [SharedArray("i", 1) as never]),
    /through inheritance/,
  );
}, { leaks });

test("an object that is not shared travels as a copy", async () => {
  const queue = Queue<Foo>();
  const foo = new Foo(1, 2, 3);
  await queue.put(foo);
  foo.x = 9;
  const other = await queue.get();
  ok(other instanceof Foo);
  deepStrictEqual([other.x, other.y, other.z], [1, 2, 3]);
}, { leaks });

test(
  "get_obj: a typed array over the shared bytes, which travels as the array",
  async () => {
    const array = SharedArray("i", [1, 2, 3]);
    const object = array.get_obj();
    strictEqual(array.get_obj(), object);
    strictEqual(object instanceof Int32Array, maps);
    object[0] = 5;
    strictEqual(array[0], 5);
    strictEqual(await exitcodeOf(started(sums, [object as never])), 0);
    deepStrictEqual(array.slice(), [5, 7, 10]);
    if (!(object instanceof Int32Array)) return;
    deepStrictEqual([...object.map((n) => n * 2)], [10, 14, 20]);
    strictEqual(object.map((n) => n).constructor, Int32Array);
    deepStrictEqual((copy(object) as RawInts).slice(), [5, 7, 10]);
    deepStrictEqual(synchronized(object as never as RawInts).slice(), [5, 7, 10]);
    ok(SharedArray("q", 1).get_obj() instanceof BigInt64Array);
    ok(!(SharedArray("c", 1).get_obj() instanceof Uint8Array));
  },
  { leaks },
);

type RawInts = ReturnType<typeof RawArray<"i">>;

test("memory comes back when the last handle is gone, and is zeroed", async () => {
  await collectGarbage();
  const before = heapUse();
  const fill = () => {
    for (let n = 0; n < 200; n++) SharedArray("i", 100).fill(-1);
  };
  for (let n = 0; n < 3; n++) {
    fill();
    await collectGarbage();
    const { blocks, bytes } = heapUse();
    ok(blocks <= before.blocks + 20, `${blocks} blocks`);
    ok(bytes <= before.bytes + 300_000, `${bytes} bytes`);
    const next = SharedArray("i", 100);
    deepStrictEqual(next.slice(), new Array(100).fill(0));
  }
}, { leaks });

test("a part of a typed array keeps the memory", async () => {
  if (!maps) return;
  const part = (SharedArray("i", [1, 2, 3]).get_obj() as Int32Array).subarray(1);
  await collectGarbage();
  for (let n = 0; n < 50; n++) SharedArray("i", 3).fill(9);
  deepStrictEqual([...part], [2, 3]);
}, { leaks });

test("a value outlives the process that has made it", async () => {
  const value = Value("i", 0);
  const [goOn, done] = [Event(), Event()];
  strictEqual(await exitcodeOf(started(handOn, [value, goOn, done])), -9);
  await goOn.set();
  await done.wait();
  strictEqual(value.value, 8);
}, { leaks });

test("objects in memory: bounds, closed names, and arrays as JavaScript's", () => {
  const array = SharedArray("d", [1, 2, 3, 4]);
  strictEqual(array[-1], 4);
  throws(() => array[4], { name: "IndexError", message: "invalid index" });
  throws(() => array[1.5], { name: "TypeError", message: "indices must be integers" });
  strictEqual(array.fill(0.1, 1, 3).slice().join(), "1,0.1,0.1,4");
  array.set([7, 8], 2);
  deepStrictEqual([...array], [1, 0.1, 7, 8]);
  throws(() => array.set([1, 2], 3), { name: "IndexError" });
  deepStrictEqual(array.slice(null, null, -2), [8, 0.1]);
  strictEqual((array as unknown as { then: unknown }).then, undefined);
}, { leaks });

test("a value that a child of a child adds to", async () => {
  const value = Value("i", 1);
  strictEqual(await exitcodeOf(started(addTo, [value, 41])), 0);
  strictEqual(value.value, 42);
}, { leaks });
