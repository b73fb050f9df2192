/**
 * What crosses between processes, kind by kind: `values_test.ts` sends each, and compares
 * the documentation's table with this one; `realms_test.ts` sends those of another realm.
 */

/** A kind of values. */
export interface Kind {
  /** Its name in the table of `docs/values.md`. */
  kind: string;
  /** Expressions, each of one value of the kind; they use JavaScript's own globals only. */
  values: string[];
  /** Whether they use what the runtime adds to JavaScript's globals, such as URL. */
  isOfRuntime?: true;
  /** What the receiver gets, if it is not the same. */
  as?: string;
  /** The expression of that value, for the first of `values`. */
  expected?: string;
}

/** A kind of values that is refused. */
export interface RefusedKind extends Kind {
  /** A part of the error's text. */
  error: string;
}

const VIEWS = [
  ...["Uint8", "Uint8Clamped", "Int8", "Uint16", "Int16", "Uint32", "Int32"],
  ...["Float32", "Float64"],
];

/** What crosses. */
export const CROSSING: readonly Kind[] = [
  { kind: "`null`, `undefined`, booleans", values: ["[null, undefined, true, false]"] },
  { kind: "numbers, `NaN`, infinities, `-0`", values: ["[1.5, NaN, -Infinity, -0]"] },
  { kind: "bigints of any size", values: ["[5n, -(2n ** 70n)]"] },
  { kind: "strings, lone surrogates too", values: ["['text', '\\ud800', '\\ufeffx']"] },
  {
    kind: "arrays, sparse ones too",
    values: ["[1, [2]]", "[1, , 3]", "[undefined, 1]"],
  },
  {
    kind: "plain objects, those without a prototype too",
    values: [
      "({ a: { b: 1 } })",
      "({ ['__proto__']: 1 })",
      "Object.assign(Object.create(null), { a: 1 })",
    ],
  },
  { kind: "`Map`, `Set`", values: ["new Map([[{ a: 1 }, [2]]])", "new Set([1, 'x'])"] },
  { kind: "`Date`", values: ["new Date(5)"] },
  { kind: "`RegExp`, without its `lastIndex`", values: ["/a(b)/giu"] },
  {
    kind: "boxed primitives",
    values: ["Object(1)", "Object('s')", "Object(true)", "Object(2n)"],
  },
  {
    kind: "`ArrayBuffer`, `DataView`, typed arrays",
    values: [
      "new Uint8Array([1, 2]).buffer",
      "new DataView(new Uint8Array([1, 2]).buffer)",
      ...VIEWS.map((name) => `new ${name}Array([1, 2, 3]).subarray(1)`),
      "new BigInt64Array([1n])",
      "new BigUint64Array([1n])",
    ],
  },
  {
    kind: "`Buffer`",
    values: ["Buffer.from('abc')", "[Buffer.from('abcd').subarray(1)]"],
    isOfRuntime: true,
  },
  {
    kind: "errors, with fields, `cause` and `errors`",
    values: [
      ...["Error", "TypeError", "RangeError", "SyntaxError"].map((name) =>
        `new ${name}('x')`
      ),
      "Object.assign(new TypeError('x', { cause: new Error('y') }), { code: 5 })",
      "new AggregateError([new Error('z')], 'x')",
    ],
  },
  {
    kind: "`URL`, `DOMException`",
    values: [
      "new URL('https://example.com/?q')",
      "new DOMException('m', 'AbortError')",
    ],
    isOfRuntime: true,
  },
  {
    kind: "a `Proxy`",
    values: ["new Proxy({ a: 1 }, {})"],
    as: "a copy of what it shows",
    expected: "({ a: 1 })",
  },
  {
    kind: "getters",
    values: ["({ get a() { return 1; } })"],
    as: "their value",
    expected: "({ a: 1 })",
  },
  {
    kind: "an array's own fields, such as a match's `groups`",
    values: ["Object.assign([1], { index: 5 })"],
    as: "the elements only",
    expected: "[1]",
  },
  {
    kind: "a plain object's fields under symbols",
    values: ["({ a: 1, [Symbol.iterator]: 2 })"],
    as: "the other fields",
    expected: "({ a: 1 })",
  },
];

/** What is refused. */
export const REFUSED: readonly RefusedKind[] = [
  {
    kind: "symbols; promises, weak collections, iterators, generators",
    values: [
      ...["Symbol('s')", "Promise.resolve()", "new WeakMap()", "new WeakSet()"],
      ...["(function* () {})()", "(async function* () {})()"],
    ],
    error: "cannot pickle '",
  },
  {
    kind:
      "`SharedArrayBuffer` and views on one (`Array` and `SharedMemory` are shared)",
    values: ["new SharedArrayBuffer(1)", "new Uint8Array(new SharedArrayBuffer(1))"],
    error: "cannot pickle 'SharedArrayBuffer'",
  },
  {
    kind: "`Math`, `JSON` and the like",
    values: ["Math", "JSON", "Reflect"],
    error: "cannot pickle '",
  },
  {
    kind: "`Blob`, `File`, `URLSearchParams`, streams and other objects of the runtime",
    values: ["new Blob([])", "new URLSearchParams()", "new AbortController()"],
    error: "cannot pickle '",
  },
  {
    kind: "functions, and instances of classes, that no module exports or names",
    values: ["() => 1", "new (class Unnamed {})()"],
    error: "Can't pickle <",
  },
  {
    kind:
      "instances of classes with private members (`#n`), unless `__reduce__` is given",
    values: ["new (class A { #n = 1; })()", "new (class A extends Map { #f() {} })()"],
    error: "the private '#",
  },
  {
    kind: "objects with a function `then`, `toString`, `valueOf` or `toJSON`",
    values: ["({ then() {} })", "({ toJSON: Math.max })"],
    error: "would call its method",
  },
];

/** The table of `docs/values.md`. */
export function tableOf(): string {
  const rows = [
    ["a value", "arrives"],
    ...CROSSING.map(({ kind, as }) => [kind, as ?? "as it is"]),
    ...REFUSED.map(({ kind }) => [kind, "refused, with an error that says why"]),
  ];
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: string[], fill = " ") =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!, fill)).join(" | ")} |`;
  const [head, ...rest] = rows.map((row) => line(row));
  return [head, line(["", ""], "-"), ...rest].join("\n");
}
