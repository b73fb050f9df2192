/** A manager's dict does what Python's does. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ManagedDict } from "../../../src/managers/types/dict.ts";
import { DICT_CALLS, dictPairs } from "../../helpers/container_calls.ts";
import { pythonTest } from "../../helpers/python.ts";
import { compareWithPython, randomStories, set } from "../../helpers/python_objects.ts";
import { test } from "../../suite.ts";

pythonTest("random calls of a dict give what Python's give", async () => {
  const stories = randomStories(2000, (random) => [dictPairs(random)], DICT_CALLS);
  await compareWithPython("dict", ManagedDict, stories);
});

pythonTest("a dict complains as Python's does", async () => {
  await compareWithPython("dict", ManagedDict, [
    [[5], []],
    [[[[1]]], []],
    [[[5]], []],
    [[["ab", "c"]], []],
    [[{ a: 1 }], [
      ["__getitem__", "b"],
      ["__getitem__", { k: 1 }],
      ["__setitem__", { k: 1 }, 1],
      ["__setitem__", set(1), 1],
      ["__contains__", { k: 1 }],
      ["__delitem__", "b"],
      ["pop", "b"],
      ["pop"],
      ["get"],
      ["update", 5],
      ["update", [[1, 2, 3]]],
      ["fromkeys", 5],
      ["__or__", { b: 2 }],
      ["__ror__", { b: 2 }],
      ["__ior__", [["c", 3]]],
      ["clear"],
      ["popitem"],
    ]],
  ]);
});

test("keys that are equal in Python are one key, others are not", () => {
  const dict = new ManagedDict([[1, "a"], ["1", "b"]]);
  dict.__setitem__(true, "c");
  dict.__setitem__(1n, "d");
  deepStrictEqual(dict.items(), [[1, "d"], ["1", "b"]]);
  dict.__setitem__(2 ** 53, "float");
  strictEqual(dict.get(2n ** 53n), "float");
  strictEqual(dict.get(2n ** 53n + 1n), null);
  dict.__setitem__(Uint8Array.of(65), "bytes");
  dict.__setitem__("A", "text");
  dict.__setitem__("\0bytesA", "odd");
  strictEqual(dict.get(Uint8Array.of(65)), "bytes");
  dict.__setitem__([1, ["x", 2n], null], "tuple");
  strictEqual(dict.get([true, ["x", 2], null]), "tuple");
  strictEqual(dict.get('\0tuple[["number","1"]]'), null);
  dict.__setitem__(new Uint8Array(200_000), "long");
  strictEqual(dict.get(new Uint8Array(200_000)), "long");
  throws(() => dict.__setitem__([{}], 1), { message: "unhashable type: 'dict'" });
});

test("a dict that changes its size ends whoever iterates", () => {
  const dict = new ManagedDict({ a: 1, b: 2 });
  const keys = dict.__iter__();
  strictEqual(keys.next().value, "a");
  dict.__delitem__("a");
  throws(() => keys.next(), {
    name: "RuntimeError",
    message: "dictionary changed size during iteration",
  });
  deepStrictEqual([...new ManagedDict({ a: 1 }).__iter__()], ["a"]);
  const growing = new ManagedDict({ a: 1 });
  const last = growing.__iter__();
  last.next();
  growing.__setitem__("b", 1);
  throws(() => last.next(), { name: "RuntimeError" });
  deepStrictEqual(growing.__reversed__(), ["b", "a"]);
});

test("a dict of text keys comes as an object, any other as a Map", () => {
  deepStrictEqual(new ManagedDict({ a: 1 }, { b: 2 })._getvalue(), { a: 1, b: 2 });
  deepStrictEqual(new ManagedDict([[1, 2]])._getvalue(), new Map([[1, 2]]));
  const odd = new ManagedDict([["__proto__", 1]])._getvalue();
  deepStrictEqual(Object.entries(odd), [["__proto__", 1]]);
});

test("names that every object has are keys like others: missing, or a dict's own", () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const empty = new ManagedDict();
  const full = new ManagedDict(names.map((name) => [name, `its ${name}`]));
  const copies = [empty, full].map((dict) => dict.copy() as Record<string, unknown>);
  for (const name of names) {
    deepStrictEqual([empty.get(name), full.get(name)], [null, `its ${name}`]);
    deepStrictEqual(copies.map((copy) => Object.hasOwn(copy, name)), [false, true]);
    strictEqual(new Map(full.items()).get(name), `its ${name}`);
    strictEqual(copies[1]![name], `its ${name}`);
  }
  deepStrictEqual(new Map(empty.items()), new Map());
});

test("increment adds to what is there, or to 0, and gives the sum", () => {
  const dict = new ManagedDict({ a: 1, text: "x" });
  strictEqual(dict.increment("a"), 2);
  strictEqual(dict.increment("a", -5), -3);
  strictEqual(dict.increment("new", 1.5), 1.5);
  strictEqual(dict.increment("new", 1n), 2.5);
  strictEqual(dict.increment("big", 2 ** 53 - 1), 2 ** 53 - 1);
  strictEqual(dict.increment("big"), 2n ** 53n);
  strictEqual(dict.increment("big", -1n), 2 ** 53 - 1);
  strictEqual(dict.increment("flag", true), 1);
  throws(() => dict.increment("text"), {
    name: "TypeError",
    message: "unsupported operand type(s) for +=: 'str' and 'int'",
  });
  throws(() => dict.increment({ k: 1 }), { name: "TypeError" });
  strictEqual(dict.get("text"), "x");
});
