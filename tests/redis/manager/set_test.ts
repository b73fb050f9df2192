/** A set on a server does what a manager's does, and Python's. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ManagedSet } from "../../../src/managers/types/set.ts";
import { raises } from "../../cpython/helpers/checks.ts";
import { SET_CALLS, setItems } from "../../helpers/container_calls.ts";
import { compareProxies, randomStories } from "../../helpers/python_objects.ts";
import { ON_SERVER } from "../server.ts";

ON_SERVER.test("random calls of a set give what a manager's give", async (server) => {
  const manager = server.context().Manager();
  const stories = randomStories(100, (random) => [setItems(random)], SET_CALLS);
  await compareProxies((items) => manager.set(items as []), ManagedSet, stories);
});

ON_SERVER.test("of many who add a value one was the first", async (server) => {
  const manager = server.context().Manager();
  const set = await manager.set<unknown>(["a"]);
  const added = ["a", "b", "b", 1, true].map((value) => set.add_new(value));
  deepStrictEqual(await Promise.all(added), [false, true, false, true, false]);
  strictEqual(await set.__str__(), "{'a', 'b', 1}");
  deepStrictEqual(await set.pop(), "a");
  await set.update(await manager.list(["z"]) as never, await manager.set([9]) as never);
  deepStrictEqual(await set._getvalue(), new Set(["b", 1, "z", 9]));
  const text = "unsupported operand type(s) for |=: 'set' and 'list'";
  await raises(set.__ior__([1] as never), "TypeError", text);
  await set.clear();
  await raises(set.pop(), "KeyError", "'pop from an empty set'");
});
