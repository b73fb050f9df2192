/** Tests of src/reduction/place.ts: errors say where in a value it lies that cannot be sent. */
import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { Pool } from "../../src/pool.ts";
import { Lock } from "../../src/synchronize.ts";
import { Process } from "../../src/process.ts";
import { dumps, type PendingPayload } from "../../src/reduction/mod.ts";
import { placeOf } from "../../src/reduction/place.ts";
import { owned } from "../helpers/values_work.ts";
import { generate, Holder } from "../helpers/place_work.ts";
import { test } from "../suite.ts";

const weak = new WeakMap();

for (
  const [value, place] of [
    [weak, ""],
    [[weak], " ([0])"],
    [{ a: [1, { b: weak }] }, " (a[1].b)"],
    [{ "a b": weak }, ' (["a b"])'],
    [new Map([["k", weak]]), ' (.get("k"))'.replace("(.", "(")],
    [new Map([[weak, 1]]), " (keys())"],
    [new Set([[weak]]), " (values()[0])"],
    [Object.assign(new Error("x"), { field: weak }), " (field)"],
    [{ __proto__: null, a: weak }, " (a)"],
  ] as [unknown, string][]
) {
  test(`place: ${place}`, () => {
    throws(() => dumps(value), {
      name: "TypeError",
      message: `cannot pickle 'WeakMap' object${place}`,
    });
  });
}

test("place: the error's stack begins with the whole text, where it has one", () => {
  try {
    dumps({ a: weak });
  } catch (error) {
    const { stack, message } = error as Error;
    strictEqual(stack!.startsWith("TypeError") ? stack!.includes(message) : true, true);
  }
});

test("place: no getter is called; what is not there has no place", () => {
  const value = {
    get a(): never {
      throw new Error("called");
    },
    b: [value1()],
  };
  deepStrictEqual(placeOf(value, 5, "x"), {
    path: "x.b[0].c",
    isInstance: false,
    holder: value.b[0],
  });
  strictEqual(placeOf(value, 6, "x"), undefined);
  const ring: unknown[] = [];
  ring.push(ring);
  strictEqual(placeOf(ring, 6, ""), undefined);
});

function value1(): { c: number } {
  return { c: 5 };
}

test("place: a function, and the class of an instance", async () => {
  const refused = async (value: unknown, text: RegExp) => {
    await rejects((dumps(value) as PendingPayload).resolve(), { message: text });
  };
  class Inner {}
  await refused({ f: [() => 1] }, /`exported\(.*\(f\[0\]\)$/);
  await refused(() => 1, /it \}\)`$/);
  await refused({ inner: new Inner() }, /pickle <class Inner>.*\(inner\)$/);
  await refused([new Holder()], /field 'f' of a 'Holder' object.* \(\[0\]\.f\)$/);
});

test("place: in the arguments of processes and pools, and the cure for locks", async () => {
  const args = [{ query: new URLSearchParams() }];
  const refused = { message: "cannot pickle 'URLSearchParams' object (args[0].query)" };
  throws(() => new Process({ target: owned, args: args as never }).start(), refused);
  await using pool = Pool(1);
  await rejects(pool.apply(owned, args as never), refused);
  await rejects(pool.map(owned, args), { message: /\(items\[0\]\.query\)$/ });
  await rejects(pool.apply(owned, [Lock()]), {
    message:
      "Lock objects should only be shared between processes through inheritance: " +
      "give it to the pool's `initializer`, in `initargs`",
  });
  await rejects(pool.apply(generate, []), {
    message: "Error sending result: '<generator object>'. " +
      `Reason: 'TypeError("cannot pickle 'generator' object: the pool's \`stream\` ` +
      `gives the values of a generator")'`,
  });
});
