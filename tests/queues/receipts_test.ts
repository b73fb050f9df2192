/** Which item is which, for `task_done`. */
import { strictEqual, throws } from "node:assert/strict";
import { Receipts } from "../../src/queues/receipts.ts";
import { test } from "../suite.ts";

function taken(...objects: unknown[]): Receipts {
  const receipts = new Receipts();
  for (const [i, obj] of objects.entries()) {
    const payload = Uint8Array.of(i);
    receipts.number(payload, 10 + i);
    receipts.add(payload, obj);
  }
  return receipts;
}

test("Receipts gives the number of the item that was taken first", () => {
  const receipts = taken("a", {}, "b");
  strictEqual(receipts.take(), 10);
  strictEqual(receipts.take(), 11);
  strictEqual(receipts.take(), 12);
  strictEqual(receipts.take(), undefined);
});

test("Receipts knows objects by themselves, and equal texts one after the other", () => {
  const [a, b] = [{ n: 1 }, { n: 1 }];
  const receipts = taken(a, b, "x", "x");
  strictEqual(receipts.take({ obj: b }), 11);
  strictEqual(receipts.take({ obj: "x" }), 12);
  strictEqual(receipts.take(), 10);
  strictEqual(receipts.take({ obj: "x" }), 13);
  for (const obj of [a, b, "x", { n: 1 }]) {
    throws(() => receipts.take({ obj }), {
      name: "ValueError",
      message: "task_done() of an item that is not in progress here",
    });
  }
});

test("Receipts does not give a number of an item that cannot be decoded", () => {
  const receipts = new Receipts();
  receipts.number(Uint8Array.of(1), 4);
  strictEqual(receipts.take(), undefined);
});
