/** How often a process reports. */
import { deepStrictEqual } from "node:assert/strict";
import "../../mod.ts"; // this process is a root
import { inspect, snapshot } from "../../src/inspect.ts";
import { observe } from "../../src/inspect/observer.ts";
import { currentPeer } from "../../src/link/peer.ts";
import { currentWatching } from "../../src/link/watched.ts";
import { alive } from "../helpers/alive.ts";
import { test } from "../suite.ts";
import { deferred } from "../helpers/deferred.ts";

test("a process that is asked twice at once reports once an interval", async () => {
  currentPeer();
  const told: string[] = [];
  const enough = deferred<void>();
  const send = (name: string) => () => {
    if (told.push(name) === 5) enough.resolve();
  };
  observe({ interval: 5, args: true }, send("first"));
  observe({ interval: 5, args: true }, send("second"));
  await alive(enough.promise);
  observe({ interval: 0, args: true }, send("none"));
  deepStrictEqual(told, Array(5).fill("second"));
});

test("those who look only once, or no more, leave the others as seldom as they were", async () => {
  currentPeer();
  const watching = currentWatching()!;
  const asked: number[] = [];
  const { watch } = watching;
  watching.watch = (watcher, options) => {
    asked.push(options.interval);
    watch.call(watching, watcher, options);
  };
  try {
    await snapshot();
    deepStrictEqual(asked.splice(0), [20]);
    await using _ = await inspect({ page: false, interval: 60 });
    await snapshot();
    deepStrictEqual(asked.splice(0), [60_000]);
    const other = await inspect({ page: false, interval: 7, args: false, logs: false });
    await other.close();
    deepStrictEqual(asked, [7000, 60_000]);
  } finally {
    watching.watch = watch;
  }
});
