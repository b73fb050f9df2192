import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import {
  _run_finalizers,
  Finalize,
  is_exiting,
  register_after_fork,
  setLogSink,
  SUBDEBUG,
  SUBWARNING,
} from "../../src/python/util.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const STEPS = [
  "[INFO/MainProcess] process shutting down",
  '[DEBUG/MainProcess] running all "atexit" finalizers with priority >= 0',
  "priority 10",
  "[INFO/MainProcess] calling terminate() for daemon Process-1",
  "terminate Process-1",
  "[INFO/MainProcess] calling join() for process Process-1",
  "join Process-1",
  "[INFO/MainProcess] calling join() for process Process-2",
  "join Process-2",
  '[DEBUG/MainProcess] running the remaining "atexit" finalizers',
  "priority -5",
];
const RETURNED = "returned, exiting: true";

test("_exit_function does all at once where nothing has to be waited for", async () => {
  const { stderr, code } = await runProgram("tests/children/exit_function.ts");
  deepStrictEqual(stderr.trimEnd().split("\n"), [...STEPS, RETURNED]);
  strictEqual(code, 0);
});

test("_exit_function waits for promises, in the same order", async () => {
  const options = { args: ["slow"] };
  const { stderr } = await runProgram("tests/children/exit_function.ts", options);
  const lines = stderr.trimEnd().split("\n");
  strictEqual(lines.indexOf(RETURNED), STEPS.indexOf("priority 10") + 1);
  deepStrictEqual(lines.filter((line) => line !== RETURNED), STEPS);
});

test("a process that goes on is not exiting", () => {
  strictEqual(is_exiting(), false);
});

test("the levels of the package's own", () => {
  deepStrictEqual([SUBDEBUG, SUBWARNING], [5, 25]);
});

test("register_after_fork calls nothing", () => {
  register_after_fork({}, () => {
    throw new Error("there is no fork");
  });
});

/** Names and priorities, in the order in which they are registered. */
const REGISTERED: [name: string, priority: number][] = [
  ["a", 5],
  ["b", -5],
  ["c", 5],
  ["d", 0],
  ["e", 10],
  ["f", -100],
  ["g", 5],
];

/** Registers all, runs those from 0 up, then the rest. */
function order(): string[] {
  const ran: string[] = [];
  for (const [name, exitpriority] of REGISTERED) {
    new Finalize(null, (text: string) => ran.push(text), {
      args: [name],
      exitpriority,
    });
  }
  _run_finalizers(0);
  ran.push("|");
  _run_finalizers();
  return ran;
}

pythonTest("finalizers run in Python's order", async () => {
  const source = `
import json, sys
from multiprocessing.util import Finalize, _run_finalizers
ran = []
for name, priority in json.loads(sys.argv[1]):
    Finalize(None, ran.append, args=(name,), exitpriority=priority)
_run_finalizers(0)
ran.append("|")
_run_finalizers()
print(json.dumps(ran))`;
  deepStrictEqual(order(), await askPython(source, [REGISTERED]));
});

test("finalizers run in one go, from the highest priority, youngest first", () => {
  deepStrictEqual(order(), ["e", "g", "c", "a", "d", "|", "b", "f"]);
});

test("Finalize calls once, with args and kwargs", () => {
  const calls: unknown[][] = [];
  const f = new Finalize(null, (...args: unknown[]) => calls.push(args), {
    args: [1, 2],
    kwargs: { z: 3 },
    exitpriority: 3,
  });
  strictEqual(f.still_active(), true);
  strictEqual(f.__call__(), 1);
  strictEqual(f.__call__(), null);
  strictEqual(f.still_active(), false);
  deepStrictEqual(calls, [[1, 2, { z: 3 }]]);
});

test("Finalize takes positional arguments too", () => {
  const f = new Finalize(null, (...args: unknown[]) => args, [1], { k: 2 }, 0);
  strictEqual(f.exitpriority, 0);
  deepStrictEqual(f.__call__(), [1, { k: 2 }]);
});

test("Finalize can be cancelled", () => {
  let called = false;
  const f = new Finalize(null, () => called = true, { exitpriority: 0 });
  f.cancel();
  strictEqual(f.still_active(), false);
  strictEqual(f.__call__(), null);
  _run_finalizers();
  strictEqual(called, false);
});

test("Finalize of an object without priority is forgotten at the end, not run", () => {
  let called = false;
  const f = new Finalize({}, () => called = true);
  _run_finalizers(0);
  strictEqual(f.still_active(), true);
  _run_finalizers();
  deepStrictEqual([f.still_active(), called], [false, false]);
});

test("Finalize raises what Python raises", () => {
  const callback = () => {};
  throws(() => new Finalize(null, callback), {
    name: "ValueError",
    message: "Without object, exitpriority cannot be None",
  });
  throws(
    () => new Finalize(null, callback, { exitpriority: "x" as unknown as number }),
    {
      name: "TypeError",
      message: "Exitpriority ('x') must be None or int, not <class 'str'>",
    },
  );
  throws(() => new Finalize(null, callback, { exitpriority: 1.5 }), {
    name: "TypeError",
    message: "Exitpriority (1.5) must be None or int, not <class 'float'>",
  });
  throws(() => new Finalize(5 as unknown as object, callback, { exitpriority: 0 }), {
    name: "TypeError",
    message: "cannot create weak reference to 'int' object",
  });
});

test("Finalize shows itself as Python does", () => {
  const object = {};
  function cleanUp(): void {}
  const f = new Finalize(object, cleanUp, { args: ["bye"], kwargs: { a: 1 } });
  strictEqual(
    String(f),
    "<Finalize object, callback=cleanUp, args=('bye',), kwargs={'a': 1}>",
  );
  f.cancel();
  strictEqual(String(f), "<Finalize object, dead>");
  const g = new Finalize(object, cleanUp, { exitpriority: 10 });
  strictEqual(String(g), "<Finalize object, callback=cleanUp, exitpriority=10>");
  g.cancel();
});

test("a finalizer that fails is reported, and the next one runs", async () => {
  const ran: string[] = [];
  const fail = (text: string) => {
    throw new Error(text);
  };
  new Finalize(null, () => ran.push("last"), { exitpriority: 0 });
  new Finalize(null, fail, { args: ["boom"], exitpriority: 2 });
  new Finalize(null, (text: string) => Promise.reject(new Error(text)), {
    args: ["later"],
    exitpriority: 1,
  });
  let text = "";
  setLogSink((line) => text += line);
  try {
    await _run_finalizers();
  } finally {
    setLogSink(undefined);
  }
  deepStrictEqual(ran, ["last"]);
  match(text, /^Error: boom\n[^]*Error: later\n/);
});

test("a finalizer that returns a promise is waited for", async () => {
  const ran: string[] = [];
  let finish = () => {};
  const slow = new Promise<void>((resolve) => finish = resolve);
  new Finalize(null, () => ran.push("third"), { exitpriority: 1 });
  new Finalize(null, () => slow.then(() => ran.push("second")), {
    exitpriority: 2,
  });
  new Finalize(null, () => ran.push("first"), { exitpriority: 3 });
  const done = _run_finalizers();
  deepStrictEqual(ran, ["first"]);
  finish();
  await done;
  deepStrictEqual(ran, ["first", "second", "third"]);
});

test("a finalizer may cancel another that is still to run", () => {
  const ran: string[] = [];
  const other = new Finalize(null, () => ran.push("other"), { exitpriority: 0 });
  new Finalize(null, () => other.cancel(), { exitpriority: 1 });
  _run_finalizers();
  deepStrictEqual(ran, []);
});
