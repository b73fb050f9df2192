import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  asCInt,
  asInteger,
  asTimeout,
  type TimeoutUse,
} from "../../src/python/numbers.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

/** The result of a call, or its error. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return String(error);
  }
}

test("asTimeout takes seconds, null for ever, negative as 0", () => {
  const given = [2.5, 0, -1, -Infinity, null, undefined, Infinity, true, false, 3n];
  deepStrictEqual(
    given.map((value) => asTimeout(value)),
    [2.5, 0, 0, 0, null, null, null, 1, 0, 3],
  );
});

test("asTimeout with a comparison takes NaN as 0", () => {
  strictEqual(asTimeout(NaN, "comparison"), 0);
});

/** Values that are no timeout, as Python source. */
const BAD: [value: unknown, python: string][] = [
  ["x", "'x'"],
  [[], "[]"],
  [{}, "{}"],
  [Uint8Array.of(1), "b'x'"],
  [NaN, "float('nan')"],
];

pythonTest("asTimeout raises what CPython raises", async () => {
  const source = `
import json, multiprocessing, sys
from multiprocessing.pool import ApplyResult
ctx = multiprocessing.get_context("spawn")
queue, semaphore, event = ctx.Queue(), ctx.Semaphore(0), ctx.Event()
class Pool: _cache, _ctx = {}, ctx
calls = {
    "clock": [lambda t: queue.get(timeout=t)],
    "semaphore": [lambda t: semaphore.acquire(timeout=t), lambda t: event.wait(t)],
    "comparison": [lambda t: ApplyResult(Pool, None, None).wait(t)],
}
found = []
for use, functions in calls.items():
    for function in functions:
        for text in json.loads(sys.argv[1]):
            try: function(eval(text)); found.append([use, text, 0])
            except Exception as e: found.append([use, text, "%s: %s" % (type(e).__name__, e)])
print(json.dumps(found))`;
  const asked = [BAD.map(([, python]) => python)];
  const found: [TimeoutUse, string, unknown][] = await askPython(source, asked);
  const values = new Map(BAD.map(([value, python]) => [python, value]));
  const ours = found.map(([use, python]) => [
    use,
    python,
    outcome(() => asTimeout(values.get(python), use)),
  ]);
  deepStrictEqual(ours, found);
});

test("asInteger and asCInt take whole numbers, bigints and booleans", () => {
  deepStrictEqual([3, -3, 0, true, false, 4n].map((v) => asInteger(v)), [
    3,
    -3,
    0,
    1,
    0,
    4,
  ]);
  strictEqual(asInteger(2 ** 40), 2 ** 40);
  strictEqual(asCInt(2 ** 31 - 1), 2 ** 31 - 1);
  strictEqual(asCInt(-(2 ** 31)), -(2 ** 31));
});

const NO_INTEGERS: [value: unknown, python: string][] = [
  ["x", "'x'"],
  [1.5, "1.5"],
  [null, "None"],
  [[], "[]"],
  [2 ** 31, "2**31"],
  [2n ** 70n, "2**70"],
];

pythonTest("asCInt raises what Semaphore and Queue raise", async () => {
  const source = `
import json, multiprocessing, sys
ctx = multiprocessing.get_context("spawn")
found = []
for make in ctx.Semaphore, ctx.Queue:
    for text in json.loads(sys.argv[1]):
        try: found.append(repr(make(eval(text))))
        except Exception as e: found.append("%s: %s" % (type(e).__name__, e))
print(json.dumps(found))`;
  const asked = [NO_INTEGERS.map(([, python]) => python)];
  const ours = [undefined, "<=" as const].flatMap((operator) =>
    NO_INTEGERS.map(([value]) => outcome(() => asCInt(value, operator)))
  );
  deepStrictEqual(ours, await askPython(source, asked));
});
