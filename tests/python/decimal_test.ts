/** Numbers as C writes them, compared with CPython's. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { exponential, fixed } from "../../src/python/decimal.ts";
import { percent } from "../../src/python/percent.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";
import { Random } from "../wire/support.ts";

test("a tie goes to the even digit", () => {
  const texts = [0.5, 1.5, 2.5, 3.5].map((value) => fixed(value, 0));
  deepStrictEqual(texts, ["0", "2", "2", "4"]);
  strictEqual(fixed(0.125, 2), "0.12");
  strictEqual(fixed(0.375, 2), "0.38");
  deepStrictEqual(exponential(2.5, 0), ["2", 0]);
  deepStrictEqual(exponential(9.5, 0), ["1", 1]);
});

test("all digits of large and small numbers are there", () => {
  strictEqual(fixed(1e23, 1), "99999999999999991611392.0");
  strictEqual(fixed(2 ** 1023, 0), `${2n ** 1023n}`);
  strictEqual(fixed(5e-324, 1074).slice(-4), "5625"); // all of the least number's digits
  deepStrictEqual(exponential(1e23, 17), ["999999999999999916", 22]);
  deepStrictEqual(exponential(1e23, 5), ["100000", 23]);
  deepStrictEqual(exponential(0, 2), ["000", 0]);
});

/** Numbers that are near ties, near powers of ten, or of any bits. */
function numbers(): number[] {
  const random = new Random(7);
  const view = new DataView(new ArrayBuffer(8));
  const found = [0, 1e300, 1e-300, 1e22, 1e23, 0.5, 2.5, 1.005, 123456.5, 99999.5];
  for (let i = 0; i < 300; i++) {
    view.setUint32(0, random.below(2 ** 32));
    view.setUint32(4, random.below(2 ** 32));
    const bits = view.getFloat64(0);
    if (Number.isFinite(bits)) found.push(bits);
    found.push((random.below(20_001) - 10_000) / 2 ** random.below(6));
    found.push(10 ** (random.below(40) - 20));
  }
  return found;
}

const TEMPLATES = "%f %.0f %.2f %#.0f %e %.0e %#.0e %.17e %g %.1g %#g %.17g %G %+.3f"
  .split(" ");

pythonTest("percent writes numbers as Python does", async () => {
  const values = numbers();
  const source = `
import json, sys
templates, values = json.load(sys.stdin)
print(json.dumps([[t % float(v) for t in templates] for v in values]))`;
  const wanted = await askPython(source, [], {
    stdin: JSON.stringify([TEMPLATES, values]),
  });
  const ours = values.map((value) => TEMPLATES.map((t) => percent(t, [value])));
  deepStrictEqual(ours, wanted);
});
