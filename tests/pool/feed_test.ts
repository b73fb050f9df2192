/** The tasks of a pool that nobody was handed yet. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Feed, type Source } from "../../src/pool/feed.ts";
import { test } from "../suite.ts";

interface Item {
  readonly name: string;
  isDropped: boolean;
}

const item = (name: string, isDropped = false): Item => ({ name, isDropped });

function sourceOf(
  names: string[],
  yields: boolean,
): Source<Item> & { names: string[] } {
  return {
    names,
    yields,
    take: () => names.length === 0 ? undefined : item(names.shift()!),
    get isDone() {
      return names.length === 0;
    },
    get remaining() {
      return names.length;
    },
  };
}

function all(feed: Feed<Item>): string[] {
  const names: string[] = [];
  for (let task; (task = feed.next());) names.push(task.name);
  return names;
}

test("tasks and those of a source in their order, without what is not wanted", () => {
  const feed = new Feed<Item>();
  feed.add(item("a"));
  feed.add(item("x", true));
  feed.add(sourceOf(["b", "c"], false));
  feed.add(item("d"));
  strictEqual(feed.length, 4);
  deepStrictEqual(all(feed), ["a", "b", "c", "d"]);
  strictEqual(feed.length, 0);
});

test("sources that may go on for ever take turns", () => {
  const feed = new Feed<Item>();
  feed.add(sourceOf(["a1", "a2", "a3"], true));
  feed.add(sourceOf(["b1", "b2"], true));
  deepStrictEqual(all(feed), ["a1", "b1", "a2", "b2", "a3"]);
});

test("a source that has none now is asked again when it says so", () => {
  const feed = new Feed<Item>();
  let isDone = false;
  const names: string[] = [];
  const source = Object.defineProperty(sourceOf(names, true), "isDone", {
    get: () => isDone,
  });
  feed.add(source);
  deepStrictEqual(all(feed), []);
  names.push("late");
  deepStrictEqual(all(feed), []);
  feed.wake(source);
  isDone = true;
  deepStrictEqual(all(feed), ["late"]);
  feed.wake(source);
  names.push("never");
  deepStrictEqual(all(feed), []);
});

test("what waits holds up what is behind it; clear forgets all", () => {
  const feed = new Feed<Item>();
  const source = { ...sourceOf([], false), isDone: false, isWaiting: true };
  feed.add(source);
  feed.add(item("behind"));
  strictEqual(feed.next(), undefined);
  source.isWaiting = false;
  strictEqual(feed.next()?.name, "behind");
  feed.add(item("forgotten"));
  feed.clear();
  strictEqual(feed.next(), undefined);
});
