/** Tests of src/runtime/modules/peek.ts: modules that are still being evaluated. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import module from "node:module";
import { peek, peekByHooks } from "../../../src/runtime/modules/peek.ts";
import { runProgram } from "../../helpers/run.ts";
import { runtimeName, test } from "../../suite.ts";
import { deferred } from "../../helpers/deferred.ts";

const EXPECTED = "true 42\ntrue\ntrue\ntrue\ntrue true true\ntrue\ntrue true\n";

for (const where of ["main", "top"]) {
  const name = where === "top" ? "while that awaits at its top level" : "later";
  test(`what only the main module exports comes back to it, ${name}`, async () => {
    const ways = runtimeName === "deno"
      ? [["-A"], ["--allow-run", "--allow-read"]]
      : [[]];
    for (const flags of ways) {
      const { stdout, stderr, code } = await runProgram(
        "tests/children/returning.ts",
        { args: [where], flags },
      );
      deepStrictEqual([stdout, stderr, code], [EXPECTED, "", 0], `${flags}`);
    }
  });
}

test("peek: nothing where the texts cannot be loaded, or do nothing", async () => {
  strictEqual(await peek("file:///nowhere.ts", () => Promise.reject("no")), undefined);
  strictEqual(await peek("file:///nowhere.ts", () => Promise.resolve()), undefined);
  strictEqual(await peekByHooks({}, "file:///nowhere.ts"), undefined);
  const symbols = Object.getOwnPropertySymbols(globalThis).map(String);
  strictEqual(symbols.some((name) => name.includes("peek")), false);
});

test("peek: the texts are modules of a ring that tells before all is evaluated", async () => {
  const seen: Record<string, string>[] = [];
  await peek('file:///a"b.ts', (texts) => {
    seen.push(texts);
    return Promise.resolve();
  });
  const [[first, second]] = seen.map((texts) => Object.keys(texts)) as [string[]];
  const [text = "", other = ""] = Object.values(seen[0]!);
  strictEqual(text.includes(`import ${JSON.stringify(second)};`), true);
  strictEqual(text.includes(`from ${JSON.stringify('file:///a"b.ts')};`), true);
  strictEqual(other.includes(`from ${JSON.stringify(first)};`), true);
});

test(
  "peekByHooks: a module whose evaluation waits, and one that has ended",
  async () => {
    const gate = deferred<void>();
    (globalThis as Record<string, unknown>).peekGate = gate.promise;
    const url = "data:text/javascript,export const early = 1;" +
      "await globalThis.peekGate; export const late = 2; export function f() {}";
    const evaluated = import(url);
    const namespace = await peekByHooks(module as never, url);
    deepStrictEqual([namespace!.early, typeof namespace!.f], [1, "function"]);
    gate.resolve();
    strictEqual(await evaluated, namespace);
    strictEqual(namespace!.late, 2);
    strictEqual(await peekByHooks(module as never, url), namespace);
    delete (globalThis as Record<string, unknown>).peekGate;
  },
  {
    skip: !("registerHooks" in module) && "this runtime has no hooks for modules",
    leaks: "Deno goes on asking for what is to be loaded, without staying alive for it",
  },
);
