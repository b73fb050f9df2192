import {
  deepStrictEqual,
  notStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  tokenFor,
  TransferTokens,
  withTokens,
} from "../../src/connection/transfer_tokens.ts";
import { test } from "../suite.ts";
import { TestPeer } from "./support.ts";

/** Something that counts how often it is used. */
function transferable(id: number) {
  const it = { id, uses: 0, open: () => void it.uses++, close: () => void it.uses-- };
  return it;
}

test("TransferTokens: a number for each object, which is kept until the message has left", () => {
  const tokens = new TransferTokens(), a = transferable(1), b = transferable(2);
  const numbers = [tokens.add(a), tokens.add(b), tokens.add(a)];
  deepStrictEqual([tokens.objects, tokens.numbers], [[1, 2, 1], numbers]);
  strictEqual(new Set(numbers).size, 3);
  ok(numbers.every((number) => Number.isSafeInteger(number) && number >= 0));
  deepStrictEqual([a.uses, b.uses], [2, 1]);
  tokens.release();
  tokens.release();
  deepStrictEqual([a.uses, b.uses], [0, 0]);
});

test("tokenFor: outside of a message the hub is told at once", () => {
  const there = new TestPeer(), a = transferable(3);
  const token = tokenFor(there.peer, a);
  deepStrictEqual(there.kinds(), [["Share", token]]);
  strictEqual(a.uses, 0); // the hub keeps it
});

test("withTokens: what is asked for meanwhile belongs to the message", () => {
  const there = new TestPeer(), a = transferable(4);
  const [message, tokens] = withTokens(
    () => tokenFor(there.peer, a),
    (message, tokens) => [message, tokens] as const,
  );
  deepStrictEqual([tokens?.objects, tokens?.numbers], [[4], [message]]);
  deepStrictEqual([there.take(), a.uses], [[], 1]);
  withTokens(() => "nothing", (_, none) => strictEqual(none, undefined));
});

test("withTokens: a message within another has its own", () => {
  const there = new TestPeer(),
    a = transferable(5),
    b = transferable(6),
    c = transferable(7);
  withTokens(() => {
    tokenFor(there.peer, a);
    withTokens(
      () => tokenFor(there.peer, b),
      (_, inner) => deepStrictEqual(inner?.objects, [6]),
    );
    tokenFor(there.peer, c);
  }, (_, outer) => deepStrictEqual(outer?.objects, [5, 7]));
});

test("withTokens: if the message cannot be made, all is let go of", () => {
  const there = new TestPeer(), a = transferable(8), b = transferable(9);
  const failure = new Error("cannot");
  throws(
    () =>
      withTokens(() => {
        tokenFor(there.peer, a);
        throw failure;
      }, () => {}),
    failure,
  );
  strictEqual(a.uses, 0);
  // And nothing is left over for the next.
  withTokens(() => tokenFor(there.peer, b), (token, tokens) => {
    notStrictEqual(token, undefined);
    deepStrictEqual(tokens?.objects, [9]);
  });
});
