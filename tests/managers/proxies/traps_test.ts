/** Properties of proxies that are operations on the object. */

import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { MANAGER } from "../../helpers/manager_tests.ts";

MANAGER.test("dict: a property that is an integer is the integer's key", async (manager) => {
  const d = await manager.dict<unknown, unknown>({ 0: "zero", a: "text" });
  deepStrictEqual(await d.keys(), [0, "a"]);
  strictEqual(await d.__getitem__(0), "zero");
  d[7] = "seven";
  strictEqual(await d[7], "seven");
  strictEqual(await d.get(7), "seven");
  await d.update({ 7: "again", "-3": "minus" });
  strictEqual(await d.__getitem__(7), "again");
  strictEqual(await d["-3"], "minus");
  delete d[7];
  strictEqual(await d.__contains__(7), false);
  await d.__setitem__("0", "text's");
  deepStrictEqual(await d.items(), [
    [0, "zero"],
    ["a", "text"],
    [-3, "minus"],
    ["0", "text's"],
  ]);
});

MANAGER.test("dict: text that looks like an integer stays text", async (manager) => {
  const d = await manager.dict<unknown, unknown>();
  await d.__setitem__("5", 1);
  deepStrictEqual(await d.copy(), new Map([["5", 1]]));
  deepStrictEqual(await (await manager.dict(await d.copy())).keys(), ["5"]);
});

MANAGER.test("dict: names that the proxy answers to are no items", async (manager) => {
  const d = await manager.dict<unknown, unknown>();
  for (const name of ["get", "keys", "constructor", "then", "toJSON", "_callmethod"]) {
    throws(() => d[name] = 5, {
      name: "TypeError",
      message: `'${name}' is a name of the DictProxy itself: ` +
        `write __setitem__('${name}', value), and read get('${name}')`,
    });
    throws(() => delete d[name], { name: "TypeError" });
    await d.__setitem__(name, 5);
    strictEqual(await d.get(name), 5);
  }
  strictEqual(await d.__len__(), 6);
});

MANAGER.test("list: sort takes a key and an order, by name only", async (manager) => {
  const l = await manager.list([3, 1, 2]);
  const sort = (...args: unknown[]) =>
    (l.sort as (...args: unknown[]) => Promise<void>)(...args);
  const refused: [unknown[], string][] = [
    [[5], "sort() takes no positional arguments"],
    [[Math.abs], "sort() takes no positional arguments"],
    [[{ key: 5 }], "'int' object is not callable"],
  ];
  for (const [args, message] of refused) {
    let error: unknown;
    await sort(...args).catch((thrown) => error = thrown);
    strictEqual(String(error), `TypeError: ${message}`);
  }
  await l.sort({ reverse: true });
  deepStrictEqual(await l._getvalue(), [3, 2, 1]);
  await l.sort();
  await sort({ reverse: "x" }); // any value that is true, since Python 3.13
  deepStrictEqual(await l._getvalue(), [3, 2, 1]);
});

MANAGER.test("what cannot be sent: a call rejects, an assignment throws", async (manager) => {
  // deno-lint-ignore no-explicit-any -- values of no type that they take
  const symbol = Symbol("unsendable") as any;
  const [queue, value] = [await manager.Queue(), await manager.Value("i", 0)];
  const [list, dict] = [await manager.list(), await manager.dict()];
  const namespace = await manager.Namespace();
  const calls: (() => Promise<unknown>)[] = [
    () => queue.put(symbol),
    () => queue.put(symbol, true),
    () => queue.put_nowait(symbol),
    () => queue._callmethod("put", [symbol]),
    () => value.set(symbol),
    () => list.append(symbol),
    () => list.__setitem__(0, symbol),
    () => dict.__setitem__("a", symbol),
    () => dict.update({ a: symbol }),
    () => namespace.__setattr__("a", symbol),
    () => manager.list([symbol]),
  ];
  const error = { name: "TypeError", message: /^cannot pickle 'symbol' object/ };
  for (const call of calls) await rejects(call(), error); // and does not throw
  throws(() => namespace.a = symbol, error);
  throws(() => list[0] = symbol, error);
  throws(() => value.value = symbol, error);
  throws(() => dict.a = symbol, error);
});
