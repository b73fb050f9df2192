/** Values of every kind that the codec carries, by what is odd about each. */

const LONG = "long text ".repeat(40);

/** A fresh set, as some of the values are compared by identity. */
export function samples(): [name: string, value: unknown][] {
  return [
    ...scalars(),
    ...containers(),
    ...binary(),
    ["Date", new Date(1_700_000_000_123)],
    ["Date before 1970", new Date(-1.5e12)],
    ["RegExp", /a(b)+\/["'`]/giu],
    ["URL", new URL("https://user@example.org:8080/a?b=c#d")],
    ["boxed number", Object(1)],
    ["boxed -0", Object(-0)],
    ["boxed text", Object("text")],
    ["boxed boolean", Object(false)],
    ["boxed bigint", Object(2n ** 70n)],
  ];
}

function scalars(): [string, unknown][] {
  const numbers = [0, 1, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53];
  return [
    ...[...numbers, ...numbers.map((n) => -1 - n), 0.5, -1e300, 5e-324].map(
      (n): [string, unknown] => [`number ${n}`, n],
    ),
    ["-0", -0],
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["-Infinity", -Infinity],
    ["true", true],
    ["false", false],
    ["null", null],
    ["undefined", undefined],
    ...[0n, 5n, 2n ** 64n - 1n, 2n ** 64n, 3n ** 999n].flatMap((n) => [n, -n]).map((
      n,
    ): [string, unknown] => [`bigint ${n}`, n]),
    ["empty text", ""],
    ["ASCII text", "hello"],
    ["text of 23 bytes", "x".repeat(23)],
    ["text of 24 bytes", "x".repeat(24)],
    ["umlaut", "ä"],
    ["emoji", "\u{1f600}".repeat(30)],
    ["long text", LONG],
    ["lone surrogate", "a\ud800b"],
    ["long lone surrogates", `${LONG}\udfff`],
    ["byte order mark", "\ufeff"],
    ["long text after a byte order mark", `\ufeff${LONG}`],
    ["NUL", "\0"],
  ];
}

function containers(): [string, unknown][] {
  const sparse: unknown[] = [1];
  sparse[5] = undefined;
  sparse[70000] = { x: 1 };
  const trailing: unknown[] = [1];
  trailing.length = 4;
  const proto = JSON.parse('{"a": 1, "__proto__": {"polluted": true}}');
  return [
    ["empty array", []],
    ["array", [1, "two", [3, [4]], null, undefined]],
    ["array that begins with undefined", [undefined, 15, 0, 1]],
    ["array of undefined", [[undefined], [undefined, undefined]]],
    ["sparse array", sparse],
    // deno-lint-ignore no-sparse-arrays -- what is tested
    ["array with a hole in front", [, 1]],
    ["array with holes at the end", trailing],
    ["empty object", {}],
    ["object", { a: 1, b: { c: [true] }, "ä": "ö", "": 0, 7: 8 }],
    ["nested undefined", { a: undefined, b: [undefined] }],
    ["own __proto__", proto],
    ["own constructor", { constructor: 1, x: { constructor: { name: "X" } } }],
    ["key with a lone surrogate", { "\udc00": 1, a: new Date(1) }],
    ["key with a byte order mark", { ["\ufeff".padEnd(90)]: 1 }],
    ["null prototype", Object.assign(Object.create(null), { a: 1, __proto__: 2 })],
    ["empty Map", new Map()],
    ["Map", new Map<unknown, unknown>([["a", 1], [{ b: 1 }, new Map()], [NaN, -0]])],
    ["Set", new Set([1, "1", [1], new Set([undefined])])],
    ["objects in an array", Array.from({ length: 40 }, (_, i) => ({ i, s: `${i}` }))],
  ];
}

function binary(): [string, unknown][] {
  const buffer = Uint8Array.from({ length: 64 }, (_, i) => i * 5).buffer;
  const views = [
    Uint8Array,
    Uint8ClampedArray,
    Int8Array,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
    BigUint64Array,
    BigInt64Array,
    Float32Array,
    Float64Array,
  ];
  return [
    ["no bytes", new Uint8Array()],
    ["many bytes", new Uint8Array(70000).fill(7)],
    ["bytes within", { a: [new Uint8Array([1, 2, 3])], b: new Uint8Array(300) }],
    ["ArrayBuffer", buffer.slice(3, 20)],
    ["DataView", new DataView(buffer, 5, 9)],
    ...views.map((View): [string, unknown] => [View.name, new View(buffer, 8, 3)]),
  ];
}
