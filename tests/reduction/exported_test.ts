/** Tests of src/reduction/exported.ts: names that modules give. */

import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { exported, Pool } from "../../mod.ts";
import { readReferences } from "../../src/codec/codec.ts";
import { dumps, loads, PendingPayload } from "../../src/reduction/mod.ts";
import * as work from "../helpers/exported_work.ts";
import { test } from "../suite.ts";

const { cached, Hidden, makeAdder, hidden, mixed, NAMES, twin } = work;

/** What a module says of itself; each evaluation has an object of its own. */
function meta(url = "file:///nowhere/at_all.js"): ImportMeta {
  return { url } as ImportMeta;
}

function referenceOf(callable: unknown): unknown {
  const payload = dumps(callable);
  ok(!(payload instanceof PendingPayload), "a name that is told needs no search");
  return readReferences(payload)![0];
}

test("exported: a module's functions have its URL and their names, not enumerable", () => {
  const f = (): number => 1;
  class C {}
  strictEqual(exported(meta(), { f, D: C }).f, f);
  for (const [callable, name] of [[f, "f"], [C, "D"]] as const) {
    const { __module__, __qualname__ } = callable as unknown as Record<string, string>;
    deepStrictEqual([__module__, __qualname__], ["file:///nowhere/at_all.js", name]);
    deepStrictEqual(Object.keys(callable), []);
    deepStrictEqual(referenceOf(callable), ["file:///nowhere/at_all.js", name]);
    strictEqual(loads(dumps(callable) as Uint8Array), callable);
  }
});

test("exported: a subclass has no name by its base's", async () => {
  class Base {}
  exported(meta("file:///nowhere/base.js"), { Base });
  const Derived = (() => class Derived extends Base {})();
  const pending = dumps(Derived);
  ok(pending instanceof PendingPayload);
  await rejects(pending.resolve(), { name: "PicklingError" });
});

test("exported: a function keeps its first name, and is found by all", () => {
  const f = (): number => 1;
  const [first, second] = [meta("file:///a/1.js"), meta("file:///a/2.js")];
  exported(first, { f, g: f });
  exported(second, { h: f });
  deepStrictEqual(referenceOf(f), ["file:///a/1.js", "f"]);
  strictEqual((f as unknown as Record<string, string>).__qualname__, "f");
});

test("exported: a frozen function, a bound one, and one that every process has", () => {
  const frozen = Object.freeze(() => 1);
  const limited = Math.max.bind(null, 3);
  exported(meta("file:///a/frozen.js"), { frozen, limited, parseInt });
  deepStrictEqual(referenceOf(frozen), ["file:///a/frozen.js", "frozen"]);
  deepStrictEqual(referenceOf(limited), ["file:///a/frozen.js", "limited"]);
  deepStrictEqual(referenceOf(parseInt), ["parseInt"]);
  ok(!("__module__" in parseInt));
});

test("exported: a module that is evaluated again, also under another query", () => {
  const copies = ["", "?v=1", "?v=1"].map((query) => {
    const f = (): string => query;
    exported(meta(`file:///a/again.js${query}`), { f });
    return f;
  });
  deepStrictEqual(copies.map(referenceOf), [
    ["file:///a/again.js", "f"],
    ["file:///a/again.js?v=1", "f"],
    ["file:///a/again.js?v=1", "f"],
  ]);
  const arrived = copies.map((f) => loads(dumps(f) as Uint8Array));
  deepStrictEqual(arrived, [copies[0], copies[2], copies[2]], "the last one counts");
});

test("exported: the names of a CommonJS module", () => {
  const f = (): number => 1;
  exported({ filename: "/a b/#1%/work.cjs" }, { f });
  deepStrictEqual(referenceOf(f), ["file:///a%20b/%231%25/work.cjs", "f"]);
});

for (
  const [what, given, name, message] of [
    [
      "no module",
      [undefined, {}],
      "TypeError",
      /argument 1 must be import\.meta.*NoneType/,
    ],
    ["a path", ["/a.js", {}], "TypeError", /argument 1 must be import\.meta.*not str/],
    ["a bundler's empty one", [{}, {}], "TypeError", /neither a url nor a filename/],
    ["a URL that is none", [{ url: "a" }, {}], "TypeError", /neither a url/],
    ["no functions", [meta()], "TypeError", /argument 2 must be an object .* NoneType/],
    ["a function alone", [meta(), () => 1], "TypeError", /argument 2 .* not function/],
    ["a list", [meta(), [() => 1]], "TypeError", /argument 2 .* not list/],
    ["a number", [meta(), { n: 5 }], "TypeError", /argument 'n' must be .* not int/],
    ["an instance", [meta(), { d: new Date() }], "TypeError", /argument 'd' must be/],
    ["then", [meta(), { then: () => 1 }], "ValueError", /'then' cannot be the name/],
    ["no name", [meta(), { "": () => 1 }], "ValueError", /'' cannot be the name/],
  ] as const
) {
  test(`exported: ${what} is a ${name}`, () => {
    throws(() => exported(...(given as unknown as Parameters<typeof exported>)), {
      name,
      message,
    });
  });
}

test("exported: a name that is taken is a ValueError, and nothing is registered", () => {
  const module = meta("file:///a/taken.js");
  const f = (): number => 1;
  exported(module, { f });
  exported(module, { f });
  const g = (): number => 2;
  throws(() => exported(module, { g, f: () => 3 }), {
    name: "ValueError",
    message: "the name 'f' is taken by another function of file:///a/taken.js",
  });
  ok(dumps(g) instanceof PendingPayload);
  strictEqual(loads(dumps(f) as Uint8Array), f);
});

test("exported: what is no export, and what no search could find, runs in a child", async () => {
  await using pool = Pool(1);
  strictEqual(await pool.apply(hidden[0]!, []), "hidden");
  strictEqual(await pool.apply(makeAdder.two, [40]), 42);
  strictEqual(await pool.apply(cached, [6]), 36);
  deepStrictEqual(await pool.map(mixed, [1, 2]), ["mixed 1", "mixed 2"]);
  const box = await pool.apply(NAMES["boxed"]!, ["x"]) as { content: string };
  ok(box instanceof Hidden);
  strictEqual(box.content, "x");
  // Two functions of one name and one text: which is meant, only the name tells.
  strictEqual(await pool.apply(twin.inner, []), "inner");
  strictEqual(await pool.apply(twin.outer, []), "outer");
});
