import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { TransferTokenTable } from "../../src/hub/transfer_tokens.ts";
import { test } from "../suite.ts";

const OBJECT = 50;

/** Tokens, the objects that they have let go of, and the timers they asked for. */
function scene() {
  const released: number[] = [];
  const timers: [callback: () => void, milliseconds: number][] = [];
  const tokens = new TransferTokenTable((object) => void released.push(object), {
    setTimer: (callback, milliseconds) => timers.push([callback, milliseconds]),
  });
  return {
    tokens,
    released,
    timers,
    ring: () => timers.splice(0).forEach(([callback]) => callback()),
  };
}

test("TransferTokenTable: each is good once, and for its own object", () => {
  const { tokens, released } = scene();
  strictEqual(tokens.add(1, OBJECT, 7), true);
  strictEqual(tokens.add(2, OBJECT + 1, 7), false); // in use
  strictEqual(tokens.take(OBJECT + 1, 7), false);
  strictEqual(tokens.take(OBJECT, 8), false);
  strictEqual(tokens.take(OBJECT, 7), true);
  strictEqual(tokens.take(OBJECT, 7), false);
  deepStrictEqual([released, tokens.size], [[], 0]); // whoever took it has it now
});

test("TransferTokenTable: a message that is lost lets go of what it speaks of", () => {
  const { tokens, released } = scene();
  for (const token of [1, 2, 3]) tokens.add(4, OBJECT + token, token);
  const cargo = tokens.pack(4, [1, 2]);
  tokens.take(OBJECT + 1, 1); // was claimed by a receiver that is gone
  cargo.discard();
  cargo.discard();
  deepStrictEqual([released, tokens.size], [[OBJECT + 2], 1]);
});

test("TransferTokenTable: nobody can put another process's token into a message", () => {
  const { tokens, released } = scene();
  tokens.add(4, OBJECT, 1);
  tokens.pack(5, [1, 99]).discard();
  deepStrictEqual([released, tokens.size], [[], 1]);
});

test("TransferTokenTable: the death of its receiver ends a token, the sender's does not", () => {
  const { tokens, released, timers } = scene();
  tokens.add(4, OBJECT, 1);
  const cargo = tokens.pack(4, [1]);
  tokens.gone(4);
  deepStrictEqual([released, timers.length], [[], 0]); // it is in a message
  cargo.handOver(5);
  tokens.gone(6);
  deepStrictEqual(released, []);
  tokens.gone(5);
  deepStrictEqual([released, tokens.size], [[OBJECT], 0]);
});

test("TransferTokenTable: where nobody knows the message, its objects live a minute longer", () => {
  const { tokens, released, timers, ring } = scene();
  tokens.add(4, OBJECT, 1);
  tokens.add(4, OBJECT + 1, 2);
  tokens.gone(4);
  deepStrictEqual(timers.map(([, milliseconds]) => milliseconds), [60_000]);
  tokens.gone(4); // another process with the same number
  strictEqual(timers.length, 1);
  strictEqual(tokens.take(OBJECT, 1), true); // claimed in time
  ring();
  deepStrictEqual([released, tokens.size], [[OBJECT + 1], 0]);
});
