/** Staying awake for a moment, with a clock that the test turns. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Linger } from "../../src/runtime/linger.ts";
import { test } from "../suite.ts";

/** A conversation whose clock stands still until it is turned. */
class Conversation {
  #now = 0;
  #callbacks: (() => void)[] = [];
  readonly linger: Linger = new Linger({
    now: () => this.#now,
    turn: (callback) => void this.#callbacks.push(callback),
  });

  get isAwake(): boolean {
    return this.#callbacks.length > 0;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  turn(): void {
    for (const callback of this.#callbacks.splice(0)) callback();
  }

  /** One question and its answer; tells whether it was awake for that. */
  ask(asleep: number, awake: number): boolean {
    this.linger.sent();
    const { isAwake } = this;
    const took = isAwake ? awake : asleep;
    for (let passed = 0; passed < took; passed += 0.01) {
      this.pass(0.01);
      if (passed + 0.01 < took) this.turn();
    }
    this.linger.heard();
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
  talk.linger.sent();
  talk.linger.sent(); // once is enough
  for (let i = 0; i < 4; i++) {
    strictEqual(talk.isAwake, true);
    talk.pass(0.01);
    talk.turn();
  }
  talk.pass(0.02);
  talk.turn();
  strictEqual(talk.isAwake, false);
  talk.pass(60_000);
  talk.linger.heard();
  for (let i = 0; i < 100; i++) strictEqual(talk.ask(0.05, 0.02), true);
});

test("what comes unasked changes nothing", () => {
  const talk = new Conversation();
  talk.linger.heard();
  strictEqual(talk.isAwake, false);
  strictEqual(talk.sleeps(0.05, 0.02), 50);
});

test("where turns do not see what has come, a bell ends the looking", () => {
  let [now, bell] = [0, 0];
  const callbacks: (() => void)[] = [];
  const linger = new Linger({
    now: () => now,
    turn: (callback) => void callbacks.push(callback),
    bell: () => bell,
  });
  const turn = () => {
    const [callback] = callbacks.splice(0);
    callback?.();
    return callback !== undefined;
  };
  const ask = () => {
    linger.sent();
    now += 0.01;
    const wasAwake = turn();
    bell++;
    turn();
    strictEqual(turn(), false);
    now += wasAwake ? 0 : 0.05; // asleep, it takes time to be woken
    linger.heard();
    return wasAwake;
  };
  let rests = 0;
  while (!ask()) rests++;
  strictEqual(rests, 50);
  for (let i = 0; i < 100; i++) strictEqual(ask(), true);
  // What was rung before says nothing of the answer.
  bell++;
  linger.sent();
  strictEqual(turn(), true);
  strictEqual(turn(), true);
  now += 1;
  strictEqual(turn(), true);
  strictEqual(turn(), false);
});
