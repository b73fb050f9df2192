/** Tests of src/runtime/brands.ts: kinds by what is inside, in this realm and in another. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import vm from "node:vm";
import * as brands from "../../src/runtime/brands.ts";
import { test } from "../suite.ts";

/** Each question, and the values to which the answer is yes. */
const YES: [name: keyof typeof brands, values: string[]][] = [
  ["isArrayBuffer", ["new ArrayBuffer(1)"]],
  ["isSharedBuffer", ["new SharedArrayBuffer(1)"]],
  ["isMap", ["new Map()", "new (class extends Map {})()"]],
  ["isSet", ["new Set()", "new (class extends Set {})()"]],
  ["isDate", ["new Date()", "new (class extends Date {})()"]],
  ["isError", ["new Error()", "new TypeError()", "new (class extends Error {})()"]],
  ["isPromise", ["Promise.resolve()", "(async () => {})()"]],
  ["isUint8Array", ["new Uint8Array(1)", "new (class extends Uint8Array {})()"]],
  ["isBigArray", ["new BigInt64Array(1)", "new BigUint64Array(1)"]],
];

/** What none of the questions is about. */
const NO = [
  ...["null", "1", "'x'", "Symbol()", "{}", "[]", "() => 1", "new WeakMap()", "/x/"],
  ...[
    "new DataView(new ArrayBuffer(1))",
    "Object.create(null)",
    "class extends Map {}",
  ],
  ...["Map.prototype", "{ size: 1, message: 'x', then() {} }", "new Int8Array(1)"],
];

const contexts = [
  (code: string) => vm.runInThisContext(`(${code})`),
  (code: string) => vm.runInNewContext(`(${code})`),
];

test("brands: each kind is told in both realms", () => {
  for (const make of contexts) {
    for (const [name, values] of YES) {
      const is = brands[name] as (value: unknown) => boolean;
      for (const value of values) ok(is(make(value)), `${name}(${value})`);
      const others = YES.flatMap(([other, values]) => other === name ? [] : values);
      for (const value of [...NO, ...others]) {
        // A prototype is of its own realm's class by `instanceof` in none.
        if (name === "isUint8Array" && value.includes("Uint8Array")) continue;
        strictEqual(is(make(value)), false, `${name}(${value})`);
      }
    }
  }
});

test("brands: the names of built-in classes, and of those that extend them", () => {
  for (const make of contexts) {
    deepStrictEqual(
      ["Map", "Error", "TypeError", "class A {}", "function f() {}", "class Map {}"]
        .map((code) => brands.builtinName(make(code).prototype)),
      ["Map", "Error", "TypeError", undefined, undefined, undefined],
    );
    ok(brands.descendsFrom(make("class A extends TypeError {}").prototype, "Error"));
    strictEqual(
      brands.descendsFrom(make("class A extends Map {}").prototype, "Set"),
      false,
    );
  }
  strictEqual(brands.builtinName({ constructor: { name: "Map" } }), undefined);
  strictEqual(brands.descendsFrom(null, "Map"), false);
});

test("brands: a Buffer, and what is none", () => {
  ok(brands.isBuffer(Buffer.from("a")));
  for (
    const value of [new Uint8Array(1), new (class Buffer extends Uint8Array {})(), {}]
  ) {
    strictEqual(brands.isBuffer(value), false);
  }
  const bytes = new Uint8Array([1, 2, 3]).subarray(1);
  const buffer = brands.asBuffer(bytes);
  deepStrictEqual(buffer, Buffer.from([2, 3]));
  strictEqual(buffer.buffer, bytes.buffer);
});

test("brands: an AbortSignal and a URL, and what only shows their names", () => {
  ok(brands.isAbortSignal(new AbortController().signal));
  ok(brands.isURL(new URL("https://example.com")));
  for (const name of ["AbortSignal", "URL"]) {
    const shown = { [Symbol.toStringTag]: name };
    deepStrictEqual([brands.isAbortSignal(shown), brands.isURL(shown)], [false, false]);
  }
});
