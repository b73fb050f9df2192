import { strictEqual } from "node:assert/strict";
import { isBrief, textOf } from "../../src/pool/brief.ts";
import { test } from "../suite.ts";

test("textOf shows arguments as Python would, and not too much of them", () => {
  strictEqual(textOf([1, "a", null, [true]]), "1, 'a', None, [True]");
  const long = textOf(["x".repeat(1000)]);
  strictEqual(long.length, 120);
  strictEqual(long.endsWith("..."), true);
});

test("isBrief: some numbers, texts, lists and records are", () => {
  for (const value of [[1, "a", null, undefined, 5n], [{ a: [1, 2], b: {} }], []]) {
    strictEqual(isBrief(value), true);
  }
});

test("isBrief: what is long, deep, endless or made by a class is not", () => {
  const endless: unknown[] = [];
  endless.push(endless);
  const many = Array.from({ length: 15 }, () => Array(15).fill(0));
  const others = [new Map(), new Date(), new (class A {})()];
  for (
    const value of [
      ...["x".repeat(1001), Array(201).fill(0), many, endless],
      ...[new Uint8Array(201), { a: "x".repeat(1001) }, ...others],
    ]
  ) strictEqual(isBrief([value]), false);
});

test("isBrief calls no getter", () => {
  const value = {
    get a() {
      throw new Error("called");
    },
  };
  strictEqual(isBrief([value]), true);
});
