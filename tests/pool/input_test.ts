/** Tests of src/pool/input.ts. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { InputReader, type Reading } from "../../src/pool/input.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";

/** What a reader gives, up to its end. */
async function readings(reader: InputReader): Promise<unknown[]> {
  const all: unknown[] = [];
  for (;;) {
    const reading: Reading = reader.read();
    switch (reading.kind) {
      case "wait":
        await reading.ready;
        break;
      case "end":
        return all;
      case "chunk":
        all.push(reading.elements);
        break;
      case "error":
        all.push(String(reading.error));
    }
  }
}

function* failing(at: number): Generator<number> {
  for (let i = 0; i < at; i++) yield i;
  throw new RangeError("no more");
}

async function* later<T>(input: Iterable<T>): AsyncGenerator<T> {
  for (const value of input) {
    await Promise.resolve();
    yield value;
  }
}

test("InputReader: chunks of any iterable, and of an asynchronous one", async () => {
  for (
    const input of [[1, 2, 3, 4, 5], new Set([1, 2, 3, 4, 5]), later([1, 2, 3, 4, 5])]
  ) {
    const reader = new InputReader(input, 2);
    deepStrictEqual(await readings(reader), [[1, 2], [3, 4], [5]]);
    strictEqual(reader.hasEnded, true);
  }
  deepStrictEqual(await readings(new InputReader("ab", 1)), [["a"], ["b"]]);
  deepStrictEqual(await readings(new InputReader([], 1)), []);
  deepStrictEqual(await readings(new InputReader(later([]), 1)), []);
});

test("InputReader: the length is known where the input tells it", () => {
  strictEqual(new InputReader([1, 2], 1).total, 2);
  strictEqual(new InputReader(new Set([1]), 1).total, 1);
  strictEqual(new InputReader("abc", 1).total, 3);
  strictEqual(new InputReader(failing(3), 1).total, null);
});

test("InputReader: nothing is read before it is asked for", () => {
  let read = 0;
  function* counting() {
    for (;;) yield read++;
  }
  const reader = new InputReader(counting(), 3);
  strictEqual(read, 0);
  reader.read();
  strictEqual(read, 3);
});

test("InputReader: a failure takes the chunk in which it happens with it", async () => {
  for (const input of [failing(5), later(failing(5))]) {
    deepStrictEqual(await readings(new InputReader(input, 2)), [
      [0, 1],
      [2, 3],
      "RangeError: no more",
    ]);
  }
  deepStrictEqual(await readings(new InputReader(failing(0), 1)), [
    "RangeError: no more",
  ]);
});

test("InputReader.close: a generator gets to its end, whatever it does there", () => {
  let closed = 0;
  function* stubborn() {
    try {
      yield 1;
      yield 2;
    } finally {
      closed++;
      // deno-lint-ignore no-unsafe-finally -- what the test is about
      throw new RangeError("never");
    }
  }
  const reader = new InputReader(stubborn(), 1);
  reader.read();
  reader.close();
  reader.close();
  strictEqual(closed, 1);
  deepStrictEqual(reader.read(), { kind: "end" });
});

test("InputReader: what is no iterable", async () => {
  for (const [value, type] of [[5, "int"], [null, "NoneType"]] as const) {
    await raises(
      () => new InputReader(value, 1),
      "TypeError",
      `'${type}' object is not iterable`,
    );
  }
});
