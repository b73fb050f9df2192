import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Patience } from "../../src/hub/patience.ts";
import { test } from "../suite.ts";

test("Patience has one timer, which insists for what waits since it was set", () => {
  const timers = new Set<() => void>();
  const patience = new Patience({
    setTimer(callback) {
      timers.add(callback);
      return callback;
    },
    clearTimer: (timer) => void timers.delete(timer as () => void),
  });
  const ring = () => {
    const due = [...timers];
    timers.clear();
    due.forEach((callback) => callback());
  };
  const log: string[] = [];
  const [one, two] = ["one", "two"].map((name) => ({
    insist: () => void log.push(name),
  }));
  patience.begin(one!);
  patience.begin(two!);
  patience.begin(one!);
  strictEqual(timers.size, 1);
  ring();
  deepStrictEqual([log.splice(0), timers.size], [["one"], 1]);
  ring();
  deepStrictEqual([log.splice(0), timers.size], [["two"], 0]);
  patience.begin(one!);
  patience.end(one!);
  strictEqual(patience.isUnsettled, true);
  patience.begin(two!); // something else is waited for at once: the timer goes on
  patience.settle();
  strictEqual(timers.size, 1);
  patience.end(two!);
  patience.settle();
  deepStrictEqual([timers.size, patience.isUnsettled], [0, false]);

  // to and fro: the timer is left to ring, once, or until a process has ended
  for (let i = 0; i < 20; i++) {
    patience.begin(one!);
    patience.end(one!);
    patience.settle();
  }
  deepStrictEqual([timers.size, patience.isUnsettled], [1, false]);
  ring();
  deepStrictEqual([timers.size, log], [0, []]);
  for (let i = 0; i < 20; i++) {
    patience.begin(one!);
    patience.end(one!);
    patience.settle();
  }
  patience.begin(two!);
  patience.rest();
  strictEqual(timers.size, 1);
  patience.end(two!);
  patience.rest();
  strictEqual(timers.size, 0);
});
