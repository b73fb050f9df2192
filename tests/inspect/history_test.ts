import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { History, WINDOW } from "../../src/inspect/history.ts";
import { test } from "../suite.ts";
import { BEGIN, demo, makeLock, makeQueue, makeSnapshot, TIMES } from "./support.ts";

function poolWith(spans: number, at: number) {
  return {
    ...{ id: 1, process: 1, name: null, place: null, workers: [], queued: 2, done: 3 },
    ...{ failed: 0, run: TIMES, wait: TIMES },
    spans: Array.from({ length: spans }, () => ({
      ...{ worker: "w", func: "f", begin: at - 20, seconds: 0.01, count: 1 },
      hasFailed: false,
    })),
  };
}

test("a frame has the counters of what is counted", () => {
  const history = new History();
  history.add(makeSnapshot(BEGIN, {
    objects: [
      makeQueue(5, { depth: 1, puts: 3, gets: 2 }),
      makeLock(6, { takers: [{ process: 1, age: 0 }], grants: 9 }),
    ],
    pools: [poolWith(0, BEGIN)],
  }));
  deepStrictEqual(history.frames, [
    { seq: 1, at: BEGIN, objects: { 5: [1, 3, 2], 6: [1, 9] }, pools: { 1: [2, 3] } },
  ]);
});

test("tasks and lines are kept, and the snapshot is without them", () => {
  const history = new History();
  const line = { at: BEGIN, process: 1, stream: "stdout" as const, text: "a" };
  const pools = [poolWith(2, BEGIN)];
  history.add(makeSnapshot(BEGIN, { pools, output: [line] }));
  history.add(makeSnapshot(BEGIN + 500, { pools: [poolWith(0, BEGIN)], output: [] }));
  strictEqual(history.spans.length, 2);
  deepStrictEqual(history.output, [{ ...line, seq: 1 }]);
  deepStrictEqual([history.now!.pools[0]!.spans, history.now!.output], [[], []]);
});

test("what is older than half a minute goes; the last lines stay", () => {
  const history = new History();
  const line = { at: BEGIN, process: 1, stream: "stderr" as const, text: "a" };
  history.add(makeSnapshot(BEGIN, { pools: [poolWith(1, BEGIN)], output: [line] }));
  history.add(makeSnapshot(BEGIN + WINDOW + 1, {}));
  deepStrictEqual(history.frames.map(({ seq }) => seq), [2]);
  strictEqual(history.spans.length, 0);
  strictEqual(history.output.length, 1);
});

test("it is bounded, whatever the snapshots hold", () => {
  const history = new History();
  const line = { at: BEGIN, process: 1, stream: "stdout" as const, text: "a" };
  const output = Array.from({ length: 2000 }, () => line);
  const objects = Array.from({ length: 2000 }, (_, i) => makeQueue(i));
  for (let i = 0; i < 700; i++) {
    history.add(makeSnapshot(BEGIN + i, { pools: [poolWith(100, BEGIN)] }));
  }
  history.add(makeSnapshot(BEGIN + 700, { output, objects }));
  const { frames, spans, output: lines } = history.since(0);
  ok(frames.length <= 600 && spans.length <= 20_000 && lines.length <= 500);
  ok(Object.keys(frames.at(-1)!.objects).length <= 500);
});

test("one that is sent what is new has the same in the end", () => {
  const [sender, receiver] = [new History(), new History()];
  for (let s = 0; s < 45; s += 0.5) {
    sender.add(demo(s));
    if (s % 1.5 === 0) {
      receiver.apply(JSON.parse(JSON.stringify(sender.since(receiver.seq))));
    }
  }
  receiver.apply(sender.since(receiver.seq));
  deepStrictEqual(receiver.since(0), sender.since(0));
});

test("nothing is new where nothing was added", () => {
  const history = new History();
  const empty = { seq: 0, now: null, frames: [], spans: [], output: [] };
  deepStrictEqual(history.since(0), empty);
  history.apply(empty);
  strictEqual(history.now, null);
});
