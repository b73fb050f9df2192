/** Tests of src/functions/module_source.ts. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Export, readModule } from "../../src/functions/module_source.ts";
import { test } from "../suite.ts";

/** The exports of a source, each with what stands at its declaration. */
function exportsOf(source: string): Record<string, string> {
  const { exports, declarations } = readModule(source);
  const show = (exported: Export) => {
    if ("from" in exported) return `${exported.name} from ${exported.from}`;
    const at = "at" in exported ? exported.at : declarations.get(exported.local);
    return at === undefined ? "?" : source.slice(at, at + 12);
  };
  return Object.fromEntries(
    [...exports].map(([name, exported]) => [name, show(exported)]),
  );
}

for (
  const [source, expected] of [
    ["export function f() {}", { f: "function f()" }],
    ["export async function f() {}", { f: "async functi" }],
    ["export function* f() {}", { f: "function* f(" }],
    ["export function f<T extends {a: 1}>(a: T): void {}", { f: "function f<T" }],
    ["export class C extends D<{ x: 1 }> {}", { C: "class C exte" }],
    ["export abstract class C {}", { C: "class C {}" }],
    ["@decorate({ a: 1 }) export class C {}", { C: "class C {}" }],
    ["export const f = (a) => a;", { f: "(a) => a;" }],
    ["export const f: (a: number) => void = async (a) => a;", { f: "async (a) =>" }],
    ["export let a = 1, b = [2, 3], c;", {
      a: "1, b = [2, 3",
      b: "[2, 3], c;",
      c: "?",
    }],
    ["export const a = {\n  b: 1,\n  c() {},\n}\nexport const d = 2", {
      a: "{\n  b: 1,\n  ",
      d: "2",
    }],
    ["export const { a, b: c, ...d } = x, [e, , f] = y;", {
      a: "?",
      c: "?",
      d: "?",
      e: "?",
      f: "?",
    }],
    ["function f() {}\nexport { f, f as g, f as 'a b' }", {
      f: "function f()",
      g: "function f()",
      "a b": "function f()",
    }],
    ["export { f }; const f = () => 1;", { f: "() => 1;" }],
    ["export { a, b as c, default as d, default } from './x.mjs';", {
      a: "a from ./x.mjs",
      c: "b from ./x.mjs",
      d: "default from ./x.mjs",
      default: "default from ./x.mjs",
    }],
    ['export * as ns from "./x.mjs"', { ns: "* from ./x.mjs" }],
    ["export default function f() {}", { default: "function f()" }],
    ["export default function () {}", { default: "function () " }],
    ["export default class {}", { default: "class {}" }],
    ["export default async () => 1", { default: "async () => " }],
    ["const f = () => 1;\nexport default f;", { default: "() => 1;\nexp" }],
    ["function f() {}\nexport default f\n", { default: "function f()" }],
    ["export default f(1)", { default: "f(1)" }],
    ["export function f(a: string): void;\nexport function f(a: unknown) {}", {
      f: "function f(a",
    }],
    ["export { type A, b, type as c, type }; const b = 1, type = 2", {
      b: "1, type = 2",
      c: "2",
      type: "2",
    }],
    [
      "export type A = { export: 1 }; export interface B { x: 1 } export declare const c: 1;",
      {},
    ],
    ["export enum E { A }\nexport namespace N { export const x = 1 }", {}],
    ["export /* why */ function /* not */ f() {}", { f: "function /* " }],
    ["export{f};function f(){}", { f: "function f()" }],
    ["exportfunction(); x.export; y = { export: 1 }; $export(1)", {}],
    ["export const größe = () => 1", { größe: "() => 1" }],
    ["export class A {}\r\nexport class B {}\r\n", {
      A: "class A {}\r\n",
      B: "class B {}\r\n",
    }],
  ] as const
) {
  test(`readModule: ${JSON.stringify(source)}`, () =>
    deepStrictEqual(exportsOf(source), { ...expected }));
}

test("readModule: what only looks like an export", () => {
  const source = [
    "// export function a() {}",
    "/* export function b() {} */",
    "const t = 'export function c() {}', u = \"it's\\\" export function d() {}\";",
    "const v = `export function e() {} ${ `inner ${ { x: '}' } }` } export function f() {}`;",
    "const w = /export function g() {}['\"`]/, x = a / b / c, y = [/'/];",
    "function nested() { const z = { export: 1 }; if (1) { return /[/}]'/; } }",
    "if (x) { function h() {} }",
    "export const last = 1;",
  ].join("\n");
  deepStrictEqual(exportsOf(source), { last: "1;" });
  deepStrictEqual([...readModule(source).declarations.keys()], [
    ..."tuvwxy",
    "nested",
    "last",
  ]);
});

test("readModule: imports", () => {
  const { imports, stars } = readModule(`
    import a from "./a.mjs";
    import * as b from './b.mjs';
    import c, { d, e as f } from "./c.mjs";
    import g, * as h from "./g.mjs";
    import { type I, j, default as k, } from "./i.mjs" with { type: "json" };
    import type { L } from "./l.mjs";
    import type M from "./m.mjs";
    import "./n.mjs";
    import{o}from"./o.mjs";
    const p = await import("./p.mjs"), q = import.meta.url;
    export * from "./r.mjs";
  `);
  deepStrictEqual(
    imports.map(({ from, name, local }) => `${local}: ${name} of ${from}`),
    [
      "a: default of ./a.mjs",
      "b: * of ./b.mjs",
      "c: default of ./c.mjs",
      "d: d of ./c.mjs",
      "f: e of ./c.mjs",
      "g: default of ./g.mjs",
      "h: * of ./g.mjs",
      "j: j of ./i.mjs",
      "k: default of ./i.mjs",
      "o: o of ./o.mjs",
    ],
  );
  deepStrictEqual(stars, ["./r.mjs"]);
});

test("readModule: source that is cut off anywhere does no harm", () => {
  const source =
    "export { a, b as c } from './x.mjs'; import { d } from `x${1}`; /* */ 'x' /[/]/ ;" +
    "export const { e, f: [g] } = (1), h = class {}; export default function () {}";
  for (let end = 0; end <= source.length; end++) {
    for (const text of [source.slice(0, end), source.slice(end)]) {
      strictEqual(readModule(text).text, text);
    }
  }
});

test("readModule: finds what this very file's siblings export", async () => {
  const { readFileSync } = await import("node:fs");
  for (const name of ["picklable", "picklable_inner", "picklable_later"]) {
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
    const url = new URL(`../helpers/${name}${extension}`, import.meta.url);
    const { exports, stars } = readModule(readFileSync(url, "utf8"));
    const actual = Object.keys(await import(url.href));
    for (const found of exports.keys()) ok(actual.includes(found), found);
    ok(exports.size + stars.length === actual.length, name);
  }
});
