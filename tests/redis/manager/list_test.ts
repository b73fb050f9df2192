/** A list on a server does what a manager's does, and Python's. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { slice } from "../../../src/managers.ts";
import { ManagedList } from "../../../src/managers/types/list.ts";
import { raises } from "../../cpython/helpers/checks.ts";
import { LIST_CALLS, listItems } from "../../helpers/container_calls.ts";
import { compareProxies, randomStories } from "../../helpers/python_objects.ts";
import { ON_SERVER } from "../server.ts";

ON_SERVER.test("random calls of a list give what a manager's give", async (server) => {
  const manager = server.context().Manager();
  const stories = randomStories(100, (random) => [listItems(random)], LIST_CALLS);
  await compareProxies((items) => manager.list(items as []), ManagedList, stories);
});

ON_SERVER.test("a list is sorted, also by a key that is nowhere exported", async (server) => {
  const list = await server.context().Manager().list(["bb", "a", "cc", "d"]);
  const key = (text: string) => text.length;
  await list.sort({ key });
  deepStrictEqual(await list._getvalue(), ["a", "d", "bb", "cc"]);
  await list.sort({ key, reverse: true });
  deepStrictEqual(await list._getvalue(), ["bb", "cc", "a", "d"]);
  await list.append(1 as never);
  const text = "'<' not supported between instances of 'int' and 'str'";
  await raises(list.sort(), "TypeError", text);
});

ON_SERVER.test("elements are equal as in Python", async (server) => {
  const list = await server.context().Manager().list<unknown>();
  const values = [
    ...[1, "1", 1.5, null, [1, [2]], { a: 1, b: [2] }, new Set([1, "x"])],
    ...[new Uint8Array([1, 2]), NaN, "é\u{1f600} x", 2n ** 80n, "x".repeat(100), [NaN]],
  ];
  await list.extend(values);
  deepStrictEqual(await list._getvalue(), values);
  const same = [
    ...[
      true,
      "1",
      1.5,
      null,
      [1n, [2]],
      new Map<unknown, unknown>([["b", [2]], ["a", 1]]),
    ],
    ...[new Set(["x", true]), new Uint8Array([1, 2])],
  ];
  for (const [i, value] of same.entries()) strictEqual(await list.index(value), i);
  strictEqual(await list.index("é\u{1f600} x"), 9);
  strictEqual(await list.index(2 ** 80), 10);
  strictEqual(await list.index("x".repeat(100)), 11);
  for (const other of [NaN, [NaN], "x".repeat(99), ["1"], [1, 2], 2n ** 80n + 1n, {}]) {
    strictEqual(await list.__contains__(other), false);
  }
});

ON_SERVER.test("what is not awaited happens in order", async (server) => {
  const list = await server.context().Manager().list([3, 2]);
  list.sort();
  list.append(1);
  list[0] = "first";
  list.__setitem__(slice(1, 2), ["x", "y"]);
  list.append(2);
  deepStrictEqual(await list._getvalue(), ["first", "x", "y", 1, 2]);
});

ON_SERVER.test("changes as a whole lose none of others", async (server) => {
  const [one, two] = [server.context().Manager(), server.context().Manager()];
  const mine = await one.named("shared").list<number>();
  const theirs = await two.named("shared").list<number>();
  await Promise.all(
    Array.from(
      { length: 40 },
      (_, i) =>
        i % 2 === 0
          ? [mine.append(i), mine.sort()]
          : [theirs.append(i), theirs.__setitem__(slice(0, 0), [-i])],
    ).flat(),
  );
  const items = await mine._getvalue();
  strictEqual(items.length, 60);
  strictEqual(new Set(items).size, 60);
  await server.command("FLUSHALL");
});

ON_SERVER.test("a list of what proxies stand for", async (server) => {
  const manager = server.context().Manager();
  const first = await manager.list([1, 2]);
  const copy = await manager.list(first);
  await copy.extend(first);
  await copy.extend(copy);
  await copy.__iadd__(first);
  deepStrictEqual(await copy._getvalue(), [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  await copy.__setitem__(slice(2, null), first);
  deepStrictEqual(await copy._getvalue(), [1, 2, 1, 2]);
});

ON_SERVER.test("a long list goes through in one step", async (server) => {
  const manager = server.context().Manager();
  const numbers = Array.from({ length: 20_000 }, (_, i) => i);
  const list = await manager.list(numbers);
  await list.reverse();
  strictEqual(await list.index(0), 19_999);
  await list.sort();
  deepStrictEqual(await list._getvalue(), numbers);
  await rejects(list.extend(Array(1_000_001).fill(0)), { name: "OverflowError" });
  strictEqual(await list.__len__(), 20_000);
});
