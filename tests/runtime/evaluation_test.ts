/** Which code counts as set up by a module when it was loaded. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { evaluate, isOfEvaluation } from "../../src/runtime/evaluation.ts";
import { test } from "../suite.ts";

const HELPERS = new URL("../helpers/", import.meta.url);
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf("."));

function helper(name: string): string {
  return new URL(`${name}${EXTENSION}`, HELPERS).href;
}

test("what a module sets up when it is loaded is told from what it does when called", async () => {
  const { later, call } = await evaluate(helper("evaluated_later")) as {
    later: Promise<string[]>;
    call: () => Promise<string[]>;
  };
  const all = ["sync", "microtask", "timer", "after an await"];
  deepStrictEqual(await later, all.map((name) => `${name}: true`));
  strictEqual(isOfEvaluation(), false);
  deepStrictEqual(await call(), all.map((name) => `${name}: false`));
});

test("a module that fails is evaluated once, and its error is told", async () => {
  const url = helper("evaluated_badly");
  const counts = globalThis as { evaluatedBadly?: number };
  await rejects(evaluate(url), /no good/);
  await rejects(evaluate(url), /no good/);
  strictEqual(counts.evaluatedBadly, 1);
  delete counts.evaluatedBadly;
  await rejects(evaluate(helper("is_not_there")));
});
