import { deepStrictEqual } from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import { announceDeadlock } from "../../src/inspect/announce.ts";
import { test } from "../suite.ts";

test("a deadlock is told of, to who listens", async () => {
  const channel = diagnostics.channel("pystd.multiprocessing:deadlock");
  const told: unknown[] = [];
  const hear = (message: unknown) => void told.push(message);
  const deadlock = {
    ...{ isCertain: true, processes: [0, 1], age: 2, title: "Nobody can", lines: [] },
  };
  await announceDeadlock(deadlock); // nobody listens
  channel.subscribe(hear);
  await announceDeadlock(deadlock);
  channel.unsubscribe(hear);
  deepStrictEqual(told, [deadlock]);
});
