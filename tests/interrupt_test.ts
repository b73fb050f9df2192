import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { KeyboardInterrupt } from "../src/errors.ts";
import { interruptNext, interruptWaits, whenInterrupted } from "../src/interrupt.ts";
import { test } from "./suite.ts";

test("interruptWaits tells all who wait, and says whether there was one", () => {
  strictEqual(interruptWaits(), false);
  const told: unknown[] = [];
  const forget = whenInterrupted((error) => {
    told.push(error instanceof KeyboardInterrupt);
    forget();
  });
  const forgetNobody = whenInterrupted(() => false);
  strictEqual(interruptWaits(), true);
  strictEqual(interruptWaits(), false);
  deepStrictEqual(told, [true]);
  forgetNobody();
});

test("interruptWaits does not tell a wait that another one begins when it is told", () => {
  let count = 0;
  let forget = () => {};
  const begin = () => {
    forget = whenInterrupted(() => {
      forget();
      count++;
      begin();
    });
  };
  begin();
  interruptWaits();
  strictEqual(count, 1);
  interruptWaits();
  strictEqual(count, 2);
  forget();
});

test("interruptNext: the next wait is told, once it has begun", async () => {
  interruptNext();
  let told = 0;
  const forgetNobody = whenInterrupted(() => false);
  await Promise.resolve();
  const forget = whenInterrupted(() => void told++);
  strictEqual(told, 0);
  await Promise.resolve();
  strictEqual(told, 1);
  const forgetOther = whenInterrupted(() => void told++);
  await Promise.resolve();
  strictEqual(told, 1);
  forget();
  forgetNobody();
  forgetOther();
});
