/** Tests of src/dummy/values.ts and src/dummy/manager.ts. */
import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import * as dummy from "../../src/dummy.ts";
import {
  Array as Numbers,
  dict,
  list,
  Manager,
  Namespace,
  Pool,
  shutdown,
  Value,
} from "../../src/dummy.ts";
import { dumps } from "../../src/reduction/mod.ts";
import { test } from "../suite.ts";

test("a dict has Python's methods, and keeps the values themselves", async () => {
  const inner: number[] = [];
  const d = dict({ a: 1 }, [["b", inner]]);
  strictEqual(String(d), "{'a': 1, 'b': []}");
  strictEqual(await d.b, inner);
  d.c = 3;
  await d.update({ a: 2 });
  deepStrictEqual(await d.items(), [["a", 2], ["b", inner], ["c", 3]]);
  deepStrictEqual(await d.copy(), { a: 2, b: inner, c: 3 });
  delete d.c;
  strictEqual(await d.get("c", 0), 0);
  await rejects(d.__getitem__("c"), { name: "KeyError" });
  await rejects(
    (d.popitem as (x: number) => Promise<unknown>).call(d, 1),
    /takes no arguments \(1 given\)/,
  );
  const keys: unknown[] = [];
  for await (const key of d) keys.push(key);
  deepStrictEqual(keys, ["a", "b"]);
  strictEqual(await d.__len__(), 2);
  throws(() => dumps(d), { message: /cannot pickle 'dict' object/ });
});

test("a list has Python's methods, and keeps the items themselves", async () => {
  const inner = {};
  const l = new list([3, 1]);
  await l.sort();
  l[0] = inner;
  strictEqual(await l[0], inner);
  await l.extend([5]);
  deepStrictEqual(await l.copy(), [inner, 3, 5]);
  const items: unknown[] = [];
  for await (const item of l) items.push(item);
  strictEqual(items.length, 3);
  strictEqual(String(list()), "[]");
  await rejects(l.__getitem__(9), { name: "IndexError" });
  strictEqual(String(list([list([1])])), "[[1]]");
});

test("Value, Array and Namespace", () => {
  const n = Value("i", 3, { lock: false });
  n.value++;
  strictEqual(String(n), "<Value('i', 4)>");
  throws(() => (Value as unknown as (typecode: string) => unknown)("i"), {
    message: "Value.__init__() missing 1 required positional argument: 'value'",
  });
  const a = Numbers("i", [1, 2]);
  a[0] = 5;
  deepStrictEqual(a, Int32Array.of(5, 2));
  deepStrictEqual(Numbers("d", [0.5]), Float64Array.of(0.5));
  deepStrictEqual(Numbers("q", [1, 2n]), BigInt64Array.of(1n, 2n));
  throws(() => Numbers("z" as "i", [1]), { message: /^bad typecode/ });
  throws(() => Numbers("b", [300]), { name: "OverflowError" });
  const ns = Namespace({ y: 1, x: "a" });
  ns.z = null;
  strictEqual(String(ns), "Namespace(x='a', y=1, z=None)");
});

test("Manager has the names of the module, and nothing to end", async () => {
  const manager = Manager();
  const names = Object.keys(manager).sort();
  const others = ["DummyProcess", "Empty", "Full", "ShutDown"];
  deepStrictEqual(
    names,
    Object.keys(dummy).filter((name) => !others.includes(name)).sort(),
  );
  for (const name of names) {
    strictEqual(manager[name as "Lock"], dummy[name as "Lock"], name);
  }
  strictEqual(String(await manager.list([1])), "[1]");
  await manager[Symbol.asyncDispose]();
  strictEqual(manager.shutdown(), shutdown());
});

test("Pool is a ThreadPool, with Python's three arguments", async () => {
  const factor = 10;
  const pool = Pool(2);
  deepStrictEqual(await pool.map((x: number) => x * factor, [1, 2]), [10, 20]);
  pool.close();
  await pool.join();
  const other = new Pool({ processes: 1 });
  strictEqual(await other.apply(() => factor), factor);
  other.terminate();
  await other.join();
  throws(() => (Pool as (...args: unknown[]) => unknown)(1, null, [], 1), {
    message: "Pool() takes from 0 to 3 positional arguments but 4 were given",
  });
  throws(() => Pool(0), { message: "Number of processes must be at least 1" });
});

test("a dict that changes its size while it is iterated fails, as Python's", async () => {
  const d = dict<string, number>({ a: 1, b: 2 });
  const keys: string[] = [];
  for await (const key of d) keys.push(key);
  deepStrictEqual(keys, ["a", "b"]);
  const changing = async () => {
    for await (const key of d) await d.__setitem__(`${key}2`, 3);
  };
  await rejects(changing(), {
    name: "RuntimeError",
    message: "dictionary changed size during iteration",
  });
});
