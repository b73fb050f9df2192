/** Pickles of CPython's, read and written back, and ours, read by CPython. */

import { ok, strictEqual } from "node:assert/strict";
import { loads } from "../../src/pickle/reader.ts";
import { dumps } from "../../src/pickle/writer.ts";
import { PyByteArray, PyFloat, PyFrozenSet, PyTuple } from "../../src/pickle/types.ts";
import {
  type Python,
  pythonTest,
  pythonVersions,
  runPython,
  spared,
} from "../helpers/python.ts";
import { stdoutOf } from "../helpers/run.ts";
import { EXPRESSIONS, PICKLES } from "./python_pickles.ts";
import { randomValue } from "../wire/pickle/random_value.ts";
import { show } from "../wire/pickle/show.ts";
import { VECTORS } from "../wire/pickle/vectors.ts";
import { bytes, hex, Random } from "../wire/support.ts";

const versions = pythonVersions();
const [newest] = versions;

/** Protocols by age of the interpreter: 5 is there since 3.8. */
const PROTOCOLS = [0, 1, 2, 3, 4, 5];

/** One answer for each order; see `PICKLES`. */
async function ask(python: Python | undefined, orders: string[]): Promise<string[]> {
  const stdin = orders.join("\n") + "\n";
  const stdout = stdoutOf(await runPython(PICKLES, [], { python, stdin }));
  const answers = stdout.trimEnd().split("\n");
  strictEqual(answers.length, orders.length);
  for (const [i, answer] of answers.entries()) {
    ok(!answer.startsWith("ERROR"), `${orders[i]}: ${answer}`);
  }
  return answers;
}

function copy(pickle: Uint8Array): Uint8Array {
  return dumps(loads(pickle, { exact: true }));
}

for (const python of versions) {
  pythonTest(
    `loads: what Python ${python.version} writes goes back unchanged`,
    async () => {
      const cases = EXPRESSIONS.flatMap((text) =>
        PROTOCOLS.map((protocol) => `${protocol} ${text}`)
      );
      const pickles = await ask(python, cases.map((text) => `write ${text}`));
      const written = pickles.map((digits) => hex(copy(bytes(digits))));
      const texts = await ask(
        python,
        [...pickles, ...written].map((digits) => `read ${digits}`),
      );
      for (const [i, text] of cases.entries()) {
        strictEqual(texts[cases.length + i], texts[i], text);
      }
    },
    { skip: spared(python) },
  );
}

pythonTest(
  "loads: the vectors of the tests are pickles of their expressions",
  async () => {
    const pickles = [...VECTORS].flatMap(([text, pickles]) =>
      pickles.map((pickle) => [text, pickle] as const)
    ).filter(([text]) => !text.includes("ModuleNotFound"));
    const texts = await ask(newest, pickles.map(([, pickle]) => `read ${hex(pickle)}`));
    const shown = await ask(newest, pickles.map(([text]) => `show ${text}`));
    for (const [i, [text]] of pickles.entries()) strictEqual(texts[i], shown[i], text);
  },
);

/** Values of ours, with what Python is to make of them. */
const VALUES: readonly (readonly [value: unknown, expression: string])[] = [
  [undefined, "None"],
  [[undefined, , null], "[None, None, None]"],
  [2, "2"],
  [-0, "-0.0"],
  [2 ** 53, "2.0 ** 53"],
  [2n ** 53n, "2 ** 53"],
  [0n, "0"],
  [-1n, "-1"],
  [new PyFloat(2), "2.0"],
  ["\ud800", "'\\ud800'"],
  [Uint8Array.of(1), "b'\\x01'"],
  [new PyByteArray(2), "bytearray(2)"],
  [PyTuple.of<unknown>(1, [2]), "(1, [2])"],
  [{ a: undefined, 1: 2 }, "{'1': 2, 'a': None}"],
  [Object.create(null), "{}"],
  [JSON.parse('{"__proto__": 1}'), "{'__proto__': 1}"],
  [
    new Map<unknown, unknown>([[[1, [2]], 3], [new Set([4]), 5]]),
    "{(1, (2,)): 3, frozenset({4}): 5}",
  ],
  [new Set([[1], new Set([2]), new PyByteArray(1)]), "{(1,), frozenset({2}), b'\\0'}"],
  [new PyFrozenSet(["a"]), "frozenset({'a'})"],
  [new Int16Array([-2]), "array.array('h', [-2])"],
  [new BigInt64Array([-2n]), "array.array('q', [-2])"],
  [new Uint8ClampedArray([2]), "array.array('B', [2])"],
  [new Uint8Array(70_000).fill(7), "b'\\7' * 70000"],
  ["\u20ac".repeat(70_000), "'\\u20ac' * 70000"],
  [new TypeError("x"), "TypeError('x')"],
  [new RangeError("x"), "Exception('RangeError: x')"],
  [Object.assign(new Error("x"), { code: 5 }), "with_code(Exception('x'))"],
];

pythonTest("dumps: Python reads what it is meant to be", async () => {
  const define = "show ('with_code', globals().__setitem__('with_code', " +
    "lambda e: (setattr(e, 'code', 5), e)[1]))";
  const answers = await ask(newest, [
    define,
    ...VALUES.map(([value]) => `read ${hex(dumps(value))}`),
    ...VALUES.map(([, text]) => `show ${text}`),
  ]);
  for (const [i, [, text]] of VALUES.entries()) {
    strictEqual(answers[1 + i], answers[1 + VALUES.length + i], text);
  }
});

pythonTest("dumps: random values come back from Python as they were", async () => {
  const values = Array.from({ length: 300 }, (_, i) => randomValue(new Random(i + 1)));
  const orders = values.flatMap((value) =>
    PROTOCOLS.map((protocol) => `copy ${protocol} ${hex(dumps(value))}`)
  );
  const answers = await ask(newest, orders);
  for (const [i, answer] of answers.entries()) {
    const seed = Math.floor(i / PROTOCOLS.length);
    const message = `seed ${seed + 1}, protocol ${i % PROTOCOLS.length}`;
    strictEqual(
      show(loads(bytes(answer), { exact: true })),
      show(values[seed]),
      message,
    );
  }
});
