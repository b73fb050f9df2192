import * as multiprocessing from "../../mod.ts";
import { Queue } from "../../mod.ts";
import { noList } from "../helpers/children_of.ts";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started, wrong } from "./helpers/checks.ts";
import { putTwoAndNest, tellStartMethod } from "./helpers/queue_targets.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

/**
 * `TestStartMethod` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: there is no `fork`, which must raise as it does on Windows; what a child reports
 * goes through a queue. How processes that were started ahead are taken, forkserver_test.ts
 * tests.
 */

const { get_context, get_start_method, set_start_method } = multiprocessing;

const METHODS = ["spawn", "forkserver"];

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
  const text = "cannot set start method of concrete context";
  for (const method of METHODS) {
    const context = get_context(method);
    strictEqual(context.get_start_method(), method);
    strictEqual(context.get_context(), context);
    await raises(() => context.set_start_method("spawn"), "ValueError", text);
    await raises(() => context.set_start_method(null), "ValueError", text);
    await checkContext(context);
  }
  strictEqual(get_context(), get_context("spawn"));
  for (const method of ["fork", "bogus"]) {
    const missing = `cannot find context for '${method}'`;
    await raises(() => get_context(method), "ValueError", missing);
  }
});

test("TestStartMethod.test_context_check_module_types", async () => {
  const { set_forkserver_preload } = multiprocessing;
  const text = "module_names must be a list of strings";
  for (
    const context of [
      multiprocessing,
      ...METHODS.map((name) => get_context(name)),
    ]
  ) {
    const preload = context.set_forkserver_preload;
    await raises(() => preload.call(context, wrong([1, 2, 3])), "TypeError", text);
  }
  strictEqual(set_forkserver_preload([]), undefined);
  const none = "'int' object is not iterable";
  await raises(() => set_forkserver_preload(wrong(5)), "TypeError", none);
});

test("TestStartMethod.test_set_get", async () => {
  const old = get_start_method();
  try {
    for (const method of METHODS) {
      set_start_method(method, true);
      strictEqual(get_start_method(), method);
      const context = get_context();
      strictEqual(context.get_start_method(), method);
      ok(context.constructor.name.toLowerCase().startsWith(method));
      ok(context.Process.name.toLowerCase().startsWith(method));
      await checkContext(multiprocessing);
    }
    for (const method of ["fork", "bogus"]) {
      const missing = `cannot find context for '${method}'`;
      await raises(() => set_start_method(method, true), "ValueError", missing);
    }
    strictEqual(get_start_method(), "forkserver");
  } finally {
    set_start_method(old, true);
  }
});

test("TestStartMethod.test_get_all", () => {
  deepStrictEqual(multiprocessing.get_all_start_methods(), METHODS);
});

test("TestStartMethod.test_nested_startmethod", async () => {
  const queue = Queue<unknown>();
  strictEqual(await exitcodeOf(started(putTwoAndNest, [queue])), 0);
  const results: unknown[] = [];
  while (!await queue.empty()) results.push(await queue.get());
  deepStrictEqual(results.sort(), [1, 2]);
});

test("TestStartMethod.test_mixed_startmethod", async () => {
  // There are no queues that only processes of one method may have.
  for (const ofQueue of METHODS) {
    for (const ofProcess of METHODS) {
      const q = get_context(ofQueue).Queue<string>();
      const { Process } = get_context(ofProcess);
      const p = new Process({ target: tellStartMethod, args: [q] });
      await p.start();
      strictEqual(await q.get(true, CLAIM_WAIT), ofProcess);
      strictEqual(await exitcodeOf(p), 0);
    }
  }
});

// Changed: a module is preloaded that asks which process this is. In a program, see
// forkserver_test.ts.
test("TestStartMethod.test_preload_resources", async () => {
  const said = JSON.parse(await outputOf("tests/children/ahead.ts", ["asking"]));
  deepStrictEqual([said.wasAhead, said.told.came, said.exitcode], [true, "through", 0]);
}, { skip: noList });
