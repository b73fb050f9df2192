/** Tests of src/pool/flow.ts. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Flow, pump } from "../../src/pool/flow.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";

/** A pump over a function; what it has given. */
function pumped(call: () => unknown, room: number) {
  const given: unknown[] = [];
  const flow = new Flow(room);
  const end = pump(call, flow, (value) => {
    given.push(value);
    return undefined;
  });
  return { flow, given, end };
}

function* endless(ends: string[], made: number[] = []): Generator<number> {
  try {
    for (let i = 0;; i++) {
      made.push(i);
      yield i;
    }
  } finally {
    ends.push("end");
  }
}

test("pump: no value is made that was not asked for", async () => {
  const ends: string[] = [], made: number[] = [];
  const { flow, given, end } = pumped(() => endless(ends, made), 2);
  while (given.length < 2) await nextTurn(); // it gives way to others now and then
  await nextTurn();
  deepStrictEqual([given, made], [[0, 1], [0, 1]]);
  flow.grant(1);
  while (given.length < 3) await nextTurn();
  await nextTurn();
  deepStrictEqual([given, made, ends], [[0, 1, 2], [0, 1, 2], []]);
  flow.leave();
  strictEqual(await end, 0);
  deepStrictEqual([made, ends], [[0, 1, 2], ["end"]]);
});

test("pump: a generator that never waits is left all the same", async () => {
  const ends: string[] = [];
  const { flow, end } = pumped(() => endless(ends), Infinity);
  await nextTurn();
  flow.leave();
  strictEqual(await end, 0);
  deepStrictEqual(ends, ["end"]);
});

test("pump: what nobody wants is not even called", async () => {
  const { end } = pumped(() => {
    throw new Error("it was called");
  }, 0);
  strictEqual(await end, 0);
});

test("pump: a value that cannot be given ends the generator", async () => {
  const ends: string[] = [];
  const fail = () => Promise.reject(new RangeError("no"));
  await rejects(pump(() => endless(ends), new Flow(1), fail), { message: "no" });
  deepStrictEqual(ends, ["end"]);
});

test("pump: all that has values, and nothing else", async () => {
  for (const values of ["ab", ["a", "b"], new Set(["a", "b"])]) {
    const { given, end } = pumped(() => Promise.resolve(values), 5);
    await end;
    deepStrictEqual(given, ["a", "b"]);
  }
  for (
    const [value, name] of [[5, "int"], [null, "NoneType"], [{}, "dict"]] as const
  ) {
    await rejects(pumped(() => value, 5).end, {
      name: "TypeError",
      message: `'${name}' object is not iterable`,
    });
  }
});
