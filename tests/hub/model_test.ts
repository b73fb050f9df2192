/**
 * Random operations on the hub's state machines, with processes that give up and die at
 * random: what they promise is so after each of them. Over 50,000 sequences on each
 * machine, most of them short; one that fails is printed with its seed, as short as can
 * be. `MODEL_SEQUENCES` and `MODEL_SEED` in the environment change how many, and which.
 * Pipes are in pipe_test.ts.
 *
 * @module
 */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import process from "node:process";
import { test } from "../suite.ts";
import { BARRIERS } from "./models/barrier.ts";
import { check, generate, type Model, type Plan, run } from "./models/check.ts";
import { CLAIMS } from "./models/claims.ts";
import { CONDITIONS } from "./models/condition.ts";
import { EVENTS } from "./models/event.ts";
import { QUEUES } from "./models/queue.ts";
import { SEMAPHORES } from "./models/semaphore.ts";
import { SHUTDOWNS } from "./models/shutdown.ts";
import { WORDS } from "./models/words.ts";

/** By state machine. */
const MACHINES = {
  ...{ SEMAPHORES, CONDITIONS, EVENTS, BARRIERS, CLAIMS, QUEUES, SHUTDOWNS, WORDS },
};

/** Short sequences on each machine: most of what can go wrong needs few operations. */
const SHORT = Number(process.env["MODEL_SEQUENCES"] ?? 50_000);
const SHORT_LENGTH = 16;
const SEED = Number(process.env["MODEL_SEED"] ?? 1);

for (const plans of Object.values(MACHINES)) {
  for (const plan of plans) {
    const sequences = Math.ceil(SHORT / plans.length);
    test(
      `model check: ${plan.name}, ${plan.sequences} long sequences, ${sequences} short ones`,
      () => {
        check({ ...plan, seed: SEED });
        check({ ...plan, seed: SEED, sequences, length: SHORT_LENGTH });
      },
      { timeout: 120 },
    );
  }
}

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
      /^Adder, seed 1, 100 operations: too much(\n {2}\["add",[01],\d+\]){3}$/.test(
        error.message,
      ),
  );
});

test("a seed stands for the same sequence each time", () => {
  deepStrictEqual(generate(ADDER, 7), generate(ADDER, 7));
  strictEqual(
    run(ADDER, generate({ ...ADDER, weights: { nothing: 1 } }, 7)),
    undefined,
  );
});
