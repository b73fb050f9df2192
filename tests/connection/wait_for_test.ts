import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import "../../mod.ts"; // a wait keeps a process alive, so it must have one
import type { Waitable } from "../../src/connection/transport.ts";
import { waitFor } from "../../src/connection/wait_for.ts";
import { test } from "../suite.ts";

/** Something that becomes ready when it is told to. */
class Switch implements Waitable {
  isReady = false;
  isCertain = true;
  /** What it answers when it is asked. */
  truth = false;
  asked = 0;
  readonly watchers = new Set<() => void>();

  ask(): Promise<boolean> {
    this.asked++;
    return Promise.resolve(this.truth);
  }

  watch(callback: () => void): () => void {
    this.watchers.add(callback);
    if (this.isReady) callback();
    return () => this.watchers.delete(callback);
  }

  set(): void {
    this.isReady = true;
    this.ring();
  }

  ring(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

function switches(): { a: Switch; b: Switch; both: Map<string, Switch> } {
  const a = new Switch(), b = new Switch();
  return { a, b, both: new Map([["a", a], ["b", b]]) };
}

const FOR_EVER = { timeout: null, signal: undefined };

test("waitFor gives all that are ready, in their order, and watches nothing any more", async () => {
  const { a, b, both } = switches();
  const ready = waitFor(both, FOR_EVER);
  b.set();
  a.isReady = true;
  deepStrictEqual(await ready, ["a", "b"]);
  deepStrictEqual([a.watchers.size, b.watchers.size], [0, 0]);
  deepStrictEqual([a.asked, b.asked], [0, 0]);
});

test("waitFor: what is ready at once is not waited for, the doubtful are asked", async () => {
  const { a, b, both } = switches();
  a.isReady = true;
  deepStrictEqual(await waitFor(both, FOR_EVER), ["a"]);
  b.isCertain = false;
  b.truth = true;
  deepStrictEqual(await waitFor(both, FOR_EVER), ["a", "b"]);
  strictEqual(b.asked, 1);
});

test("waitFor: without time all are asked; none ready is an empty list", async () => {
  const { a, b, both } = switches();
  deepStrictEqual(await waitFor(both, { ...FOR_EVER, timeout: 0 }), []);
  deepStrictEqual([a.asked, b.asked], [1, 1]);
  a.truth = true;
  deepStrictEqual(await waitFor(both, { ...FOR_EVER, timeout: 0 }), ["a"]);
});

test("waitFor: when time is over all are asked a last time", async () => {
  const { a, b, both } = switches();
  deepStrictEqual(await waitFor(both, { ...FOR_EVER, timeout: 0.01 }), []);
  deepStrictEqual([a.asked, b.asked], [1, 1]);
  b.truth = true;
  deepStrictEqual(await waitFor(both, { ...FOR_EVER, timeout: 0.01 }), ["b"]);
});

test("waitFor: a false alarm is waited past", async () => {
  const { a, b, both } = switches();
  const ready = waitFor(both, FOR_EVER);
  a.ring();
  for (let i = 0; i < 20; i++) await Promise.resolve();
  b.set();
  deepStrictEqual(await ready, ["b"]);
});

test("waitFor: a signal ends it with its reason", async () => {
  const { a, both } = switches();
  const enough = new AbortController();
  const ready = waitFor(both, { timeout: null, signal: enough.signal });
  enough.abort(new Error("enough"));
  await rejects(ready, { message: "enough" });
  strictEqual(a.watchers.size, 0);
  a.isReady = true;
  await rejects(waitFor(both, { timeout: 0, signal: enough.signal }), {
    message: "enough",
  });
});
