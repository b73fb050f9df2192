/** Tests of src/codec/codec.ts and the files it is made of. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decode, encode, encodePlain, readReferences } from "../../src/codec/codec.ts";
import { MAX_DEPTH, WRAPPED } from "../../src/codec/format.ts";
import { test } from "../suite.ts";
import { bytes, hex, repeat } from "../wire/support.ts";
import { samples } from "../wire/values.ts";

/** There and back. */
function trip<T>(value: T): T {
  return decode(encode(value)) as T;
}

function checkTrips(value: unknown): void {
  deepStrictEqual(trip(value), value);
  deepStrictEqual(trip([value, { value }]), [value, { value }]);
  deepStrictEqual(trip(new Map([[1, value]])), new Map([[1, value]]));
}

for (const [name, value] of samples()) {
  test(`codec: ${name} comes back the same, alone and nested`, () => checkTrips(value));
}

test(
  "codec: Float16Array comes back the same, alone and nested",
  () => checkTrips(new globalThis.Float16Array([1, -0, 0.5])),
  { skip: !("Float16Array" in globalThis) && "this runtime has no Float16Array" },
);

test("codec: an invalid Date stays one", () => {
  const { date } = trip({ date: new Date(NaN) });
  ok(date instanceof Date && Number.isNaN(date.getTime()));
});

test("codec: a payload without oddities is plain CBOR", () => {
  strictEqual(hex(encode({ a: 1, b: [1, 2] })), hex(bytes("a2 6161 01 6162 82 01 02")));
  strictEqual(hex(encode(5n)), hex(bytes("1b 0000000000000005")));
  strictEqual(hex(encode(new Uint8Array([1, 2]))), hex(bytes("42 01 02")));
});

test("codec: holes stay holes, undefined stays undefined", () => {
  const array: unknown[] = [];
  array[2] = undefined;
  const copy = trip(array);
  deepStrictEqual([copy.length, Object.keys(copy)], [3, ["2"]]);
});

test("codec: an array that is only long takes no room", () => {
  const array: unknown[] = [];
  array.length = 2 ** 32 - 1;
  array[2 ** 31] = "x";
  const payload = encode(array);
  ok(payload.length < 40);
  const copy = decode(payload) as unknown[];
  deepStrictEqual([copy.length, copy[2 ** 31]], [2 ** 32 - 1, "x"]);
});

test("codec: an own __proto__ pollutes nothing", () => {
  const copy = trip(JSON.parse('{"__proto__": {"polluted": 1}}'));
  ok(Object.hasOwn(copy, "__proto__"));
  strictEqual(copy.polluted, undefined);
  strictEqual(({} as Record<string, unknown>).polluted, undefined);
  strictEqual(Object.getPrototypeOf(copy), Object.prototype);
});

test("codec: objects of 65,535, 65,536 and 70,000 keys", () => {
  for (const size of [65535, 65536, 70000]) {
    const value = Object.fromEntries(
      Array.from({ length: size }, (_, i) => [`k${i}`, i]),
    );
    deepStrictEqual(trip(value), value);
    const odd = { ...value, k0: new Date(0) };
    deepStrictEqual(trip(odd), odd);
  }
});

test("codec: a Buffer, also a part of one, comes back as a Buffer of its own memory", () => {
  const buffer = Buffer.from("hello world");
  for (const value of [trip(buffer), trip([buffer])[0]!]) {
    strictEqual(Object.getPrototypeOf(value), Buffer.prototype);
    strictEqual(value.toString("latin1"), "hello world");
    strictEqual(value.buffer.byteLength, 11);
  }
  deepStrictEqual(trip(buffer.subarray(6)), Buffer.from("world"));
  deepStrictEqual(trip(Buffer.alloc(0)), Buffer.alloc(0));
});

test("codec: what was decoded shares no memory with the payload", () => {
  for (const value of [new Uint8Array([1, 2]), { a: new Uint8Array([1, 2]) }]) {
    const payload = encode(value);
    const copy = decode(payload);
    payload.fill(0);
    deepStrictEqual(copy, value);
  }
  const source = Buffer.from(encode([new Uint8Array([1]), "text", new Date(0)]));
  const copy = decode(source);
  source.fill(0);
  deepStrictEqual(copy, [new Uint8Array([1]), "text", new Date(0)]);
});

test("codec: encode gives bytes of their own, encodePlain those of the moment", () => {
  const [first, second] = [encode({ a: 1 }), encode({ b: 2 })];
  deepStrictEqual([decode(first), decode(second)], [{ a: 1 }, { b: 2 }]);
  strictEqual(first.buffer.byteLength, first.length);
  const view = encodePlain({ a: 1 })!;
  deepStrictEqual(decode(view), { a: 1 });
  strictEqual(hex(encodePlain({ b: 2 })!), hex(second));
});

test("codec: memory for one large value is not kept", () => {
  encodePlain("x".repeat(4_000_000));
  ok(encodePlain([1])!.buffer.byteLength <= 1 << 20);
});

test("codec: bytes are copied at the call", () => {
  const value = { a: new Uint8Array([1, 2]) };
  const payload = encode(value);
  value.a.fill(9);
  deepStrictEqual(decode(payload), { a: new Uint8Array([1, 2]) });
});

test("codec: cycles through object, array, Map and Set keep their identity", () => {
  const map = new Map<unknown, unknown>();
  const set = new Set<unknown>();
  const value = { self: null as unknown, list: [] as unknown[], map, set };
  value.self = value;
  value.list.push(value.list, value);
  map.set(map, value).set(value, set);
  set.add(set).add(map).add(value.list);
  const copy = trip(value);
  strictEqual(copy.self, copy);
  deepStrictEqual([copy.list[0] === copy.list, copy.list[1] === copy], [true, true]);
  ok([...copy.map.keys()].every((key) => key === copy.map || key === copy));
  strictEqual(copy.map.size, 2);
  strictEqual(copy.map.get(copy.map), copy);
  strictEqual(copy.map.get(copy), copy.set);
  const members = [copy.set, copy.map, copy.list];
  ok([...copy.set].every((member, i) => member === members[i]));
  strictEqual(copy.set.size, 3);
});

test("codec: what is shared is shared over there, of whatever kind", () => {
  const parts = samples().map(([, value]) => value)
    .filter((value) => typeof value === "object" && value !== null);
  const copy = trip([...parts, ...parts]);
  parts.forEach((_, i) => strictEqual(copy[i], copy[i + parts.length], `number ${i}`));
  strictEqual(new Set(copy).size, parts.length);
});

test("codec: 70,000 objects that are met twice each", () => {
  const parts = Array.from({ length: 70_000 }, (_, i) => ({ i }));
  const copy = trip({ parts, again: [...parts].reverse() });
  ok(copy.parts.every((part, i) => part.i === i && copy.again[69_999 - i] === part));
});

test("codec: a getter is read, toJSON is not called, symbols stay behind", () => {
  const value = {
    get answer() {
      return 42;
    },
    toJSON: undefined,
    [Symbol("s")]: 1,
  };
  deepStrictEqual(trip(value), { answer: 42, toJSON: undefined });
});

test("codec: a getter that encodes something itself", () => {
  const value = {
    before: "x".repeat(20),
    get inner() {
      return encode({ deep: [1, 2] }).length;
    },
    after: [1],
  };
  const length = encode({ deep: [1, 2] }).length;
  deepStrictEqual(trip(value), { before: value.before, inner: length, after: [1] });
});

test("codec: a getter that throws", () => {
  const value = {
    get bad(): never {
      throw new RangeError("no stack here");
    },
  };
  throws(() => encode(value), { name: "RangeError", message: "no stack here" });
  deepStrictEqual(trip([1]), [1]);
});

for (
  const [name, value] of [
    ["symbol", Symbol("s")],
    ["Promise", Promise.resolve()],
    ["WeakMap", new WeakMap()],
    ["WeakSet", new WeakSet()],
    ["SharedArrayBuffer", new SharedArrayBuffer(8)],
    ["SharedArrayBuffer", new Int32Array(new SharedArrayBuffer(8))],
    ["function", () => {}],
    ["generator", (function* () {})()],
    ["Foreign", new (class Foreign {})()],
    ["Foreign", new (class Foreign extends Map {})()],
    ["Foreign", new (class Foreign extends Array {})()],
    ["Foreign", new (class Foreign extends Uint8Array {})()],
    ["Blob", new Blob([])],
  ] as const
) {
  test(`codec: cannot pickle '${name}' object without a reducer`, () => {
    const expected = { name: "TypeError", message: `cannot pickle '${name}' object` };
    throws(() => encode(value), expected);
    throws(() => encode({ a: [value] }), expected);
  });
}

/** Something nested, `depth` levels. */
function nest(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

for (
  const [name, wrap] of [
    ["arrays", (inner: unknown) => [inner]],
    ["objects", (inner: unknown) => ({ inner })],
    ["maps", (inner: unknown) => new Map([[1, inner]])],
    ["maps by key", (inner: unknown) => new Map([[inner, 1]])],
    ["arrays after undefined", (inner: unknown) => [undefined, inner]],
  ] as const
) {
  test(`codec: ${MAX_DEPTH} nested ${name} pass, one more does not`, () => {
    // Not deepStrictEqual, which has a limit of its own.
    const deepest = nest(MAX_DEPTH, wrap);
    strictEqual(hex(encode(trip(deepest))), hex(encode(deepest)));
    throws(() => encode(nest(MAX_DEPTH + 1, wrap)), {
      name: "RecursionError",
      message: "maximum recursion depth exceeded while pickling an object",
    });
    throws(() => encode(nest(100_000, wrap)), { name: "RecursionError" });
    deepStrictEqual(trip([1]), [1]);
  });
}

test("codec: with hardly any stack left it throws, and works again afterwards", () => {
  const value = nest(200, (inner) => new Set([{ inner }]));
  const payload = encode(value);
  const names = new Set<string>();
  let attempts = 0;
  const descend = (): void => {
    try {
      descend();
    } catch {
      return; // the end of the stack; from here back up
    }
    if (names.has("RecursionError") && attempts++ > 20) return;
    for (const attempt of [() => encode(value), () => decode(payload)]) {
      try {
        attempt();
      } catch (error) {
        names.add((error as Error).name);
      }
    }
  };
  descend();
  ok(names.has("RecursionError"), [...names].join());
  for (const name of names) ok(["RecursionError", "RangeError"].includes(name), name);
  strictEqual(hex(encode(trip(value))), hex(payload));
});

const UNPICKLING = { name: "UnpicklingError" };

test("codec: no bytes, and bytes after the end", () => {
  throws(() => decode(new Uint8Array()), { message: "pickle data was truncated" });
  for (const text of ["01 01", "f6 f6", "61 61 61", "41 00 00", "80 80", "a0 00"]) {
    throws(() => decode(bytes(text)), UNPICKLING, text);
  }
});

test("codec: every prefix of a payload is refused", () => {
  const payload = encode(samples().map(([, value]) => value).slice(0, 60));
  for (let end = 0; end < Math.min(payload.length, 3000); end++) {
    throws(() => decode(payload.subarray(0, end)), UNPICKLING, `at ${end}`);
  }
});

test("codec: what is not ours is refused at once, however much it promises", () => {
  const wrapped = `da ${WRAPPED.toString(16)}`;
  for (
    const text of [
      "9a ffffffff", // arrays without elements
      "9b 00000000 ffffffff 00",
      "ba 7fffffff 00",
      "5a ffffffff 00",
      "7b ffffffff ffffffff 00",
      "81".repeat(50_000),
      "a1 61 61".repeat(MAX_DEPTH + 1),
      "9f".repeat(100), // indefinite lengths
      "bf ff",
      "5f ff",
      "ff",
      "c1 01", // tags of cbor-x's own: date, big integer, error, packed values…
      "c2 41 01",
      "d8 1b 82 65 4572726f72 61 61",
      "d8 33 84 81 00 80 80 00",
      "d9 dfff 83 19 e000 81 61 61 01",
      "81 c1 01",
      "a1 01 01", // keys that are no text
      "a1 80 01",
      "e0",
      "f8 20",
      "f8 ff",
      "fc",
      `${wrapped}`,
      `${wrapped} 80`,
      `${wrapped} 9a ffffffff 40`,
      `${wrapped} 82 5a ffffffff`,
      `${wrapped} 81 41 00`, // bytes in the body
      `${wrapped} 81 81 c1 01`,
      `${wrapped} 81 82 f7 00`, // nodes: no number, no such object, no such code
      `${wrapped} 81 83 f7 00 05`,
      `${wrapped} 81 82 f7 18 63`,
      `${wrapped} 81 81 f7`,
      `${wrapped} 81 83 f7 02 00`, // text, bytes: no such byte string
      `${wrapped} 82 41 00 83 f7 02 00`, // half a code unit
      `${wrapped} 81 84 f7 0e 00 00`,
      `${wrapped} 82 41 00 84 f7 0e 05 00`, // half an element
      `${wrapped} 82 41 00 84 f7 0e 18 63 00`,
      `${wrapped} 81 83 f7 03 61 78`, // big integer "x"
      `${wrapped} 81 83 f7 03 60`,
      `${wrapped} 81 84 f7 06 61 28 60`, // the regular expression /(/
      `${wrapped} 81 83 f7 07 60`, // no URL
      `${wrapped} 81 83 f7 04 80`, // a boxed array
      `${wrapped} 81 83 f7 08 01`, // a Map's key without a value
      `${wrapped} 81 84 f7 0c 01 01`, // an object's key that is no text
      `${wrapped} 81 83 f7 0b 20`, // arrays of length -1, 2 ** 32, and an index beyond
      `${wrapped} 81 83 f7 0b fb 41f0000000000000`,
      `${wrapped} 81 85 f7 0b 01 01 01`,
      `${wrapped} 81 84 f7 0f 00 00`, // without a reviver
      "da 50790002 81 00", // no table of references
    ]
  ) {
    throws(() => decode(bytes(text)), UNPICKLING, text.slice(0, 60));
  }
});

test("codec: a reference to what is not made yet", () => {
  const reviver = { create: () => ({}), restore() {} };
  const text = `da${WRAPPED.toString(16)}8184f70f0083f70000`;
  throws(() => decode(bytes(text), reviver), UNPICKLING);
});

test("codec: readReferences of payloads with and without, whole and cut", () => {
  strictEqual(readReferences(encode({ a: new Date() })), undefined);
  strictEqual(readReferences(encode(1)), undefined);
  deepStrictEqual(readReferences(bytes("da5079000282448181614180")), [["A"]]);
  throws(() => readReferences(bytes("da50790002")), UNPICKLING);
  throws(() => readReferences(bytes("da507900028144818161")), UNPICKLING);
});

test("codec: 100,000 random and mutated inputs give a value or an UnpicklingError", () => {
  const seeds = samples().map(([, value]) => encode([value, { value }]))
    .filter(({ length }) => length < 500);
  const reviver = { create: () => ({}), restore() {} };
  repeat(100_000, (random) => {
    const isRandom = random.below(4) === 0;
    const input = isRandom ? random.bytes(40) : random.mutated(random.of(seeds));
    try {
      decode(input, reviver);
      readReferences(input);
    } catch (error) {
      if ((error as Error).name !== "UnpicklingError") throw error;
    }
  });
});

test("codec: a payload is the same on every runtime", () => {
  const [date, map] = [new Date(5), new Map([[1, -0]])];
  const value = { date, map, bytes: new Uint16Array([1]) };
  strictEqual(
    hex(encode(value)),
    "da5079000182420100a3646461746583f70505636d617084f7080182f70165627974657384f70e0500",
  );
});
