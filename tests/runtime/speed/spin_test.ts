/** Staying awake for a moment, with a clock that the test turns. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { AdaptiveSpin } from "../../../src/runtime/speed/spin.ts";
import { test } from "../../suite.ts";

/** A conversation whose clock stands still until it is turned. */
class Conversation {
  #now = 0;
  #callbacks: (() => void)[] = [];
  #rung = 0;
  readonly spin: AdaptiveSpin;

  constructor(hasDoorbell = false) {
    this.spin = new AdaptiveSpin({
      now: () => this.#now,
      turn: (callback) => void this.#callbacks.push(callback),
      ...(hasDoorbell && { doorbell: () => this.#rung }),
    });
  }

  get isAwake(): boolean {
    return this.#callbacks.length > 0;
  }

  ring(): void {
    this.#rung++;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  turn(): void {
    for (const callback of this.#callbacks.splice(0)) callback();
  }

  /** One question and its answer; tells whether it was awake for that. */
  ask(asleep: number, awake: number): boolean {
    this.spin.sent();
    const { isAwake } = this;
    const took = isAwake ? awake : asleep;
    for (let passed = 0; passed < took; passed += 0.01) {
      this.pass(0.01);
      if (passed + 0.01 < took) this.turn();
    }
    this.ring();
    this.spin.heard();
    this.turn();
    this.turn();
    strictEqual(this.isAwake, false);
    return isAwake;
  }

  /** How often it is asleep before it tries to stay awake. */
  sleeps(asleep: number, awake: number): number {
    let count = 0;
    while (!this.ask(asleep, awake)) count++;
    return count;
  }
}

test("it stays awake where answers come sooner then", () => {
  const talk = new Conversation();
  strictEqual(talk.sleeps(0.05, 0.02), 50);
  for (let i = 0; i < 1000; i++) strictEqual(talk.ask(0.05, 0.02), true);
});

test("it stays asleep where that does not help, and tries less and less often", () => {
  const talk = new Conversation();
  strictEqual(talk.sleeps(0.02, 0.06), 50);
  for (let i = 0; i < 3; i++) strictEqual(talk.ask(0.02, 0.06), true);
  const rests = Array.from({ length: 9 }, () => talk.sleeps(0.02, 0.06));
  deepStrictEqual(rests, [50, 100, 200, 400, 400, 400, 400, 400, 400]);
});

test("an answer in time that is none the sooner is in vain", () => {
  const talk = new Conversation();
  strictEqual(talk.sleeps(0.02, 0.02), 50);
  for (let i = 0; i < 3; i++) strictEqual(talk.ask(0.02, 0.02), true);
  strictEqual(talk.sleeps(0.02, 0.02), 50);
});

test("where it helps after all, the next rest is short", () => {
  const talk = new Conversation();
  for (let i = 0; i < 10; i++) talk.sleeps(0.03, 0.06);
  talk.sleeps(0.03, 0.01);
  for (let i = 0; i < 20; i++) strictEqual(talk.ask(0.03, 0.01), true);
  for (let i = 0; i < 4; i++) strictEqual(talk.ask(0.03, 0.06), true);
  strictEqual(talk.sleeps(0.03, 0.06), 50);
});

test("it is awake for a moment only, and a long wait teaches it nothing", () => {
  const talk = new Conversation();
  talk.sleeps(0.05, 0.02);
  talk.spin.sent();
  talk.spin.sent(); // once is enough
  for (let i = 0; i < 4; i++) {
    strictEqual(talk.isAwake, true);
    talk.pass(0.01);
    talk.turn();
  }
  talk.pass(0.02);
  talk.turn();
  strictEqual(talk.isAwake, false);
  talk.pass(60_000);
  talk.spin.heard();
  for (let i = 0; i < 100; i++) strictEqual(talk.ask(0.05, 0.02), true);
});

test("what comes unasked changes nothing", () => {
  const talk = new Conversation();
  talk.spin.heard();
  strictEqual(talk.isAwake, false);
  strictEqual(talk.sleeps(0.05, 0.02), 50);
});

test("where turns do not see what has come, a doorbell ends the looking", () => {
  const talk = new Conversation(true);
  strictEqual(talk.sleeps(0.05, 0.02), 50);
  for (let i = 0; i < 100; i++) strictEqual(talk.ask(0.05, 0.02), true);
  // It has rung, but not been heard of.
  talk.spin.sent();
  talk.turn();
  strictEqual(talk.isAwake, true);
  talk.ring();
  talk.turn();
  strictEqual(talk.isAwake, false);
  talk.spin.heard();
  // What was rung before says nothing of the answer.
  talk.ring();
  talk.spin.sent();
  talk.turn();
  strictEqual(talk.isAwake, true);
  talk.pass(1);
  talk.turn();
  strictEqual(talk.isAwake, false);
});
