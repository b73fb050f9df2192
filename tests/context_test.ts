import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  cpu_count,
  freeze_support,
  get_all_start_methods,
  get_context,
  get_start_method,
  is_main,
  set_start_method,
} from "../mod.ts";
import { test } from "./suite.ts";

test("get_context() knows spawn and nothing else", () => {
  const context = get_context("spawn");
  strictEqual(context, get_context());
  strictEqual(context.get_context(), context);
  strictEqual(context.get_start_method(), "spawn");
  for (const method of ["fork", "forkserver", "bogus"]) {
    throws(() => get_context(method), {
      name: "ValueError",
      message: `cannot find context for '${method}'`,
    });
  }
});

test("set_start_method() chooses once, unless it is forced", () => {
  strictEqual(get_start_method(), "spawn");
  throws(() => set_start_method("spawn"), {
    name: "RuntimeError",
    message: "context has already been set",
  });
  set_start_method(null, true);
  strictEqual(get_start_method(true), null);
  set_start_method("spawn");
  throws(() => get_context().set_start_method("spawn"), { name: "ValueError" });
});

test("contexts make what the package makes", async () => {
  const context = get_context();
  strictEqual(new context.Process().name.startsWith("SpawnProcess-"), true);
  const q = context.Queue<number>();
  await q.put(1);
  strictEqual(await q.get(), 1);
});

test("cpu_count() and what is there for Python's sake", () => {
  ok(Number.isInteger(cpu_count()) && cpu_count() >= 1);
  strictEqual(freeze_support(), undefined);
  deepStrictEqual(get_all_start_methods(), ["spawn"]);
});

test("is_main() compares a module with the program", () => {
  strictEqual(is_main({ url: "file:///elsewhere.ts" } as ImportMeta), false);
  strictEqual(is_main({ url: "file:///elsewhere.ts", main: true } as ImportMeta), true);
});
