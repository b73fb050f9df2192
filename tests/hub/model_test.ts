/**
 * Random operations on the hub's state machines, with processes that die at random: what
 * they promise is so after each of them. Over 50,000 operations; a sequence that fails
 * is printed with its seed, as short as can be.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { test } from "../suite.ts";
import { BARRIERS } from "./models/barrier.ts";
import { check, generate, type Model, type Plan, run } from "./models/check.ts";
import { CONDITIONS } from "./models/condition.ts";
import { EVENTS } from "./models/event.ts";
import { QUEUES } from "./models/queue.ts";
import { SEMAPHORES } from "./models/semaphore.ts";

const PLANS = [...SEMAPHORES, ...CONDITIONS, ...EVENTS, ...BARRIERS, ...QUEUES];

for (const plan of PLANS) {
  test(`model check: ${plan.name}`, () => check(plan));
}

test("the models check more than 50,000 operations", () => {
  const operations = PLANS.map(({ sequences, length }) => sequences * length);
  ok(operations.reduce((sum, count) => sum + count, 0) > 50_000);
});

/** Fails when something was added three times. */
class Adder implements Model {
  #sum = 0;

  apply([name]: [string, number, number]): void {
    if (name === "add") this.#sum++;
  }

  check(): void {
    if (this.#sum >= 3) throw new RangeError("too much");
  }

  finish(): void {}
}

const ADDER: Plan = {
  name: "Adder",
  create: () => new Adder(),
  weights: { add: 1, nothing: 5 },
  processes: 2,
  sequences: 5,
  length: 100,
};

test("a sequence that fails is reported with its seed, and made short", () => {
  throws(
    () => check(ADDER),
    (error: Error) =>
      /^Adder, seed 1: too much(\n {2}\["add",[01],\d+\]){3}$/.test(error.message),
  );
});

test("a seed stands for the same sequence each time", () => {
  deepStrictEqual(generate(ADDER, 7), generate(ADDER, 7));
  strictEqual(
    run(ADDER, generate({ ...ADDER, weights: { nothing: 1 } }, 7)),
    undefined,
  );
});
