/** What other processes run in the tests of managers on a server. */
import { strictEqual } from "node:assert/strict";
import type {
  DictProxy,
  ListProxy,
  NamespaceProxy,
  QueueProxy,
} from "../../../src/managers.ts";
import { mp } from "../targets.ts";

/** Changes what it was sent, and puts objects of its own into it. */
export async function changeAll(
  dict: DictProxy,
  namespace: NamespaceProxy,
  queue: QueueProxy,
): Promise<void> {
  const inner: ListProxy<number> = await dict["inner"];
  await inner.append(2);
  await dict.__setitem__("made", await mp!.Manager().set(["theirs"]));
  strictEqual(await namespace.x, 1);
  namespace.x = 2;
  await queue.put(inner);
}

/** A class whose instances are sent. */
export class Point {
  x: number;
  y: number;

  constructor(x: number, y: number) {
    [this.x, this.y] = [x, y];
  }
}
