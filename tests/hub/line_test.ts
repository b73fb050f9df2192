/** Tests of src/hub/line.ts: against plain arrays. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Caller, Line, Wishes } from "../../src/hub/line.ts";
import { test } from "../suite.ts";
import { repeat } from "../wire/support.ts";

test("Line: does what an array of those who wait would do", () => {
  repeat(300, (random) => {
    const line = new Line<Caller>();
    let model: Caller[] = [];
    for (let step = 0; step < 200; step++) {
      const [process, call] = [random.below(4), random.below(30)];
      const isIt = (other: Caller) => other.process === process && other.call === call;
      switch (random.below(7)) {
        case 0:
        case 1:
        case 2:
          strictEqual(line.push({ process, call }), !model.some(isIt));
          if (!model.some(isIt)) model.push({ process, call });
          break;
        case 3:
          deepStrictEqual(line.shift(), model.shift());
          break;
        case 4:
          deepStrictEqual(line.remove(process, call), model.find(isIt));
          model = model.filter((other) => !isIt(other));
          break;
        case 5:
          deepStrictEqual(line.get(process, call), model.find(isIt));
          deepStrictEqual(
            line.of(process),
            model.filter((other) => other.process === process),
          );
          break;
        default:
          if (random.below(10) > 0) break;
          deepStrictEqual(
            line.removeAll(process),
            model.filter((other) => other.process === process),
          );
          model = model.filter((other) => other.process !== process);
      }
      strictEqual(line.length, model.length);
      strictEqual(line.has(process), model.some((other) => other.process === process));
    }
    deepStrictEqual(line.clear(), model);
    strictEqual(line.length, 0);
    strictEqual(line.shift(), undefined);
  });
});

test("Line: who gives up is found at once, wherever it stands", () => {
  const line = new Line<Caller>();
  const count = 200_000;
  for (let call = 0; call < count; call++) line.push({ process: 1, call });
  const before = performance.now();
  // Looked for one by one this would be ten thousand million steps.
  for (let i = 0; i < count; i++) line.remove(1, (i * 7919) % count);
  for (let i = 0; i < count; i++) line.remove(2, i);
  ok(performance.now() - before < 5000);
  strictEqual(line.length, 0);
});

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
