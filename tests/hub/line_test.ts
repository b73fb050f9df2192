/** Tests of src/hub/line.ts: against a plain array. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Caller, Line } from "../../src/hub/line.ts";
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
