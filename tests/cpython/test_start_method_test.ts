import * as multiprocessing from "../../mod.ts";
import { Queue } from "../../mod.ts";
import { test } from "../suite.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started, wrong } from "./helpers/checks.ts";
import { putTwoAndNest, tellStartMethod } from "./helpers/queue_targets.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

/**
 * `TestStartMethod` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: there is no `fork`, which must raise as it does on Windows; what a child reports goes through a queue.
 *
 * What only the fork server uses is checked and does nothing.
 */

const { get_context, get_start_method, set_start_method } = multiprocessing;

/** The context's children use its start method. */
async function checkContext(
  context: Pick<typeof multiprocessing, "Process" | "Queue"> & {
    get_start_method(): string;
  },
) {
  const q = context.Queue<string>();
  const p = new context.Process({ target: tellStartMethod, args: [q] });
  await p.start();
  strictEqual(await q.get(true, CLAIM_WAIT), context.get_start_method());
  strictEqual(await exitcodeOf(p), 0);
}

test("TestStartMethod.test_context", async () => {
  const context = get_context("spawn");
  strictEqual(context.get_start_method(), "spawn");
  strictEqual(context.get_context(), context);
  strictEqual(get_context(), context);
  const text = "cannot set start method of concrete context";
  await raises(() => context.set_start_method("spawn"), "ValueError", text);
  await raises(() => context.set_start_method(null), "ValueError", text);
  await checkContext(context);
  for (const method of ["fork", "bogus"]) {
    const missing = `cannot find context for '${method}'`;
    await raises(() => get_context(method), "ValueError", missing);
  }
});

test("TestStartMethod.test_context_check_module_types", async () => {
  const { set_forkserver_preload } = multiprocessing;
  const text = "module_names must be a list of strings";
  for (const context of [multiprocessing, get_context("spawn")]) {
    const preload = context.set_forkserver_preload;
    await raises(() => preload.call(context, wrong([1, 2, 3])), "TypeError", text);
  }
  strictEqual(set_forkserver_preload(["a", "b"]), undefined);
  const none = "'int' object is not iterable";
  await raises(() => set_forkserver_preload(wrong(5)), "TypeError", none);
});

test("TestStartMethod.test_set_get", async () => {
  const old = get_start_method();
  try {
    set_start_method("spawn", true);
    strictEqual(get_start_method(), "spawn");
    const context = get_context();
    strictEqual(context.get_start_method(), "spawn");
    ok(context.constructor.name.toLowerCase().startsWith("spawn"));
    ok(context.Process.name.toLowerCase().startsWith("spawn"));
    await checkContext(multiprocessing);
    for (const method of ["fork", "bogus"]) {
      const missing = `cannot find context for '${method}'`;
      await raises(() => set_start_method(method, true), "ValueError", missing);
    }
    strictEqual(get_start_method(), "spawn");
  } finally {
    set_start_method(old, true);
  }
});

test("TestStartMethod.test_get_all", () => {
  deepStrictEqual(multiprocessing.get_all_start_methods(), ["spawn", "forkserver"]);
});

test("TestStartMethod.test_nested_startmethod", async () => {
  const queue = Queue<unknown>();
  strictEqual(await exitcodeOf(started(putTwoAndNest, [queue])), 0);
  const results: unknown[] = [];
  while (!await queue.empty()) results.push(await queue.get());
  deepStrictEqual(results.sort(), [1, 2]);
});
