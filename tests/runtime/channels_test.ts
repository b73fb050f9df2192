import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import { Channels, channelsSoon, useChannels } from "../../src/runtime/channels.ts";
import { channels } from "../../src/runtime/channels_now.ts";
import { test } from "../suite.ts";

/** Runs `use` while `hear` listens to a channel. */
function whileHeard(
  name: string,
  hear: (message: unknown, name: string | symbol) => void,
  use: () => void,
): void {
  diagnostics.subscribe(name, hear);
  try {
    use();
  } finally {
    diagnostics.unsubscribe(name, hear);
  }
}

test("the channels are the runtime's own, by their names", () => {
  const heard: unknown[] = [];
  for (
    const name of ["process.start", "process.exit", "worker.lost", "deadlock"] as const
  ) {
    const full = `pystd.multiprocessing:${name}`;
    whileHeard(full, (message, from) => heard.push([from, message]), () => {
      channels.tell(name, () => ({ name }));
    });
    deepStrictEqual(heard.splice(0), [[full, { name }]]);
  }
  const start = diagnostics.channel("tracing:pystd.multiprocessing.task:start");
  strictEqual(channels.task.start as unknown, start);
});

test("a message is made only for somebody who listens", () => {
  let made = 0;
  const tell = () => channels.tell("deadlock", () => ({ number: ++made }));
  tell();
  strictEqual(made, 0);
  whileHeard("pystd.multiprocessing:deadlock", () => {}, tell);
  strictEqual(made, 1);
  tell();
  strictEqual(made, 1);
});

test("tasks are heard by who listens to any of their channels", () => {
  ok(!channels.areTasksHeard);
  for (const part of ["start", "end", "asyncStart", "asyncEnd", "error"]) {
    const name = `tracing:pystd.multiprocessing.task:${part}`;
    whileHeard(name, () => {}, () => ok(channels.areTasksHeard, part));
    ok(!channels.areTasksHeard, part);
  }
});

test("the channels are made once, whoever asks for them first", async () => {
  strictEqual(await channelsSoon(), channels);
  strictEqual(useChannels(diagnostics), channels);
  ok(channels instanceof Channels);
});
