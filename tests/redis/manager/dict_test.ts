/** A dict on a server does what a manager's does, and Python's. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { ManagedDict } from "../../../src/managers/types/dict.ts";
import { raises } from "../../cpython/helpers/checks.ts";
import { DICT_CALLS, dictPairs } from "../../helpers/container_calls.ts";
import { compareProxies, randomStories } from "../../helpers/python_objects.ts";
import { ON_SERVER } from "../server.ts";

ON_SERVER.test("random calls of a dict give what a manager's give", async (server) => {
  const manager = server.context().Manager();
  const stories = randomStories(100, (random) => [dictPairs(random)], DICT_CALLS);
  await compareProxies((pairs) => manager.dict(pairs), ManagedDict, stories);
});

ON_SERVER.test("keys of all types are themselves again", async (server) => {
  const dict = await server.context().Manager().dict<unknown, unknown>();
  const keys = [
    ...["", "s", "\0x", "n1", 1.5, -7, null, true, 2n ** 70n, [1, ["a", null]]],
    ...[new Uint8Array([0, 255]), "\u{1f600}"],
  ];
  for (const [i, key] of keys.entries()) await dict.__setitem__(key, i);
  deepStrictEqual(await dict.items(), keys.map((key, i) => [key, i]));
  await dict.__setitem__(1, "one"); // the key that came first stays
  deepStrictEqual(await dict.__getitem__(true), "one");
  deepStrictEqual((await dict.keys())[7], true);
  deepStrictEqual(await dict.pop([1n, ["a", null]]), 9);
  for (const key of [{}, new Map(), new Set(), [{}]]) {
    await rejects(dict.__setitem__(key, 1), { name: "TypeError" });
  }
});

ON_SERVER.test("of increments of many none is lost", async (server) => {
  const [one, two] = [server.context().Manager(), server.context().Manager()];
  const dicts = [
    await one.named("d").dict({ n: 1 }),
    await two.named("d").dict({ n: 2 }),
  ];
  const sums = await Promise.all(
    Array.from({ length: 30 }, (_, i) => dicts[i % 2]!.increment("n", i + 1)),
  );
  strictEqual(new Set(sums).size, 30);
  strictEqual(await dicts[0]!["n"], 1 + 465);
  strictEqual(await dicts[1]!.increment("new"), 1);
  await dicts[0]!.__setitem__("text", "x");
  const text = "unsupported operand type(s) for +=: 'str' and 'int'";
  await raises(dicts[0]!.increment("text"), "TypeError", text);
  await server.command("FLUSHALL");
});

ON_SERVER.test("a loop over a dict fails if its size is another", async (server) => {
  const dict = await server.context().Manager().dict({ a: 1, b: 2 });
  const seen: unknown[] = [];
  for await (const key of dict) seen.push(key);
  deepStrictEqual(seen, ["a", "b"]);
  const iterator = await dict.__iter__();
  strictEqual(await iterator.__next__(), "a");
  await dict.__setitem__("c", 3);
  const text = "dictionary changed size during iteration";
  await raises(iterator.__next__(), "RuntimeError", text);
  await raises(iterator.__next__(), "RuntimeError", text);
});
