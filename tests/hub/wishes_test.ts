/** Tests of src/hub/line.ts: against an array with one element for each item wanted. */
import { ok, strictEqual } from "node:assert/strict";
import { Wishes } from "../../src/hub/line.ts";
import { test } from "../suite.ts";
import { repeat } from "../wire/support.ts";

test("Wishes: do what an array with one element for each item would do", () => {
  repeat(500, (random) => {
    const wishes = new Wishes();
    let model: number[] = [];
    for (let step = 0; step < 100; step++) {
      const process = random.below(4);
      switch (random.below(6)) {
        case 0:
        case 1: {
          const count = random.below(4);
          wishes.push(process, count);
          for (let i = 0; i < count; i++) model.push(process);
          break;
        }
        case 2: {
          const count = 1 + random.below(5);
          const has = model.filter((other) => other === process).length;
          strictEqual(wishes.removeLast(process, count), has >= count);
          for (let i = 0; i < Math.min(count, has); i++) {
            model.splice(model.lastIndexOf(process), 1);
          }
          break;
        }
        case 3:
          strictEqual(wishes.shift(), model.shift());
          break;
        case 4: {
          const at = model.lastIndexOf(process);
          strictEqual(wishes.removeLast(process), at >= 0);
          if (at >= 0) model.splice(at, 1);
          break;
        }
        default:
          if (random.below(8) > 0) break;
          wishes.remove(process);
          model = model.filter((other) => other !== process);
      }
      strictEqual(wishes.length > 0, model.length > 0);
      ok(wishes.length <= model.length);
      strictEqual(wishes.first, model[0]);
      for (const one of [0, 1, 2, 3]) {
        const isOnly = model.length > 0 && model.every((other) => other === one);
        strictEqual(wishes.isOnly(one), isOnly);
      }
    }
    for (const process of model) strictEqual(wishes.shift(), process);
    strictEqual(wishes.shift(), undefined);
  });
});

test("Wishes: a wish for many costs as much as a wish for one", () => {
  const wishes = new Wishes();
  const before = performance.now();
  for (let i = 0; i < 100_000; i++) wishes.push(i % 3, 2 ** 32 - 1);
  strictEqual(wishes.length, 100_000);
  for (let i = 0; i < 100_000; i++) ok(wishes.removeLast(i % 3));
  for (const process of [0, 1, 2]) wishes.remove(process);
  ok(performance.now() - before < 5000);
  strictEqual(wishes.length, 0);
});
