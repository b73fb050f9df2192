/**
 * A wait that is given a time gives up when that is over, and not before: for every method of
 * CPython's that takes a timeout, with each kind of objects.
 */
import { deepStrictEqual } from "node:assert/strict";
import { Queue } from "../../mod.ts";
import { SyncManager } from "../../src/managers.ts";
import { LEAKING } from "../helpers/groups.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "./helpers/checks.ts";
import { ALL, bind, type Kind } from "./helpers/kinds.ts";
import { beLoaded } from "./helpers/pool_targets.ts";
import { joinParent } from "./helpers/process_targets.ts";
import { WAITS } from "./helpers/waits.ts";

/** Seconds. */
const TIMEOUT = 0.05;

/** Less than this many milliseconds is early: a timer may ring a moment before its time. */
const EARLY = TIMEOUT * 1000 - 1;

/** The names of the waits that were measured. */
const measured = new Set<string>();

/** Waits; gives the result, or the name of the error, or says that it was early. */
async function measure(wait: (timeout: number) => Promise<unknown>): Promise<unknown> {
  const start = performance.now();
  const result = await wait(TIMEOUT).then(
    (value) => value ?? undefined, // a proxy's None may be null
    (error: Error) => error.name,
  );
  const elapsed = performance.now() - start;
  return elapsed >= EARLY ? result : `${result} after ${elapsed} ms`;
}

/** All waits of a kind, at once. */
async function measureAll(kind: Kind): Promise<void> {
  const ends: (() => unknown)[] = [];
  const expected: Record<string, unknown> = {};
  const found: Record<string, unknown> = {};
  try {
    const waits: (() => Promise<void>)[] = [];
    for (const { result, only = ALL, make } of WAITS) {
      if (!only.includes(kind.TYPE)) continue;
      for (const [name, wait] of Object.entries(await make(kind, ends))) {
        measured.add(name.replace(/,.*/, ""));
        expected[name] = typeof result === "function" ? result(name) : result;
        waits.push(async () => void (found[name] = await measure(wait)));
      }
    }
    await Promise.all(waits.map((wait) => wait()));
  } finally {
    for (const end of ends) await end();
  }
  deepStrictEqual(found, expected);
}

bind("a wait is not early", ALL, beLoaded)("each method", measureAll, LEAKING);

test("a wait is not early: for a manager's server", async () => {
  const manager = new SyncManager();
  await manager.start();
  try {
    measured.add("BaseManager.join");
    deepStrictEqual(await measure((timeout) => manager.join(timeout)), undefined);
  } finally {
    await manager.shutdown();
  }
}, LEAKING);

test("a wait is not early: for the parent", async () => {
  const q = Queue<number>();
  const p = started(joinParent, [q, TIMEOUT]);
  const elapsed = await q.get(true, CLAIM_WAIT);
  deepStrictEqual(await exitcodeOf(p), 0);
  deepStrictEqual(elapsed >= EARLY, true, `after ${elapsed} ms`);
});

/** Prints CPython's methods that take a timeout: class and name, functions with their module. */
const METHODS = `
import importlib, inspect, json
found = set()
modules = ['connection', 'managers', 'pool', 'process', 'queues', 'sharedctypes', 'synchronize', 'util']
for name in ['queue', 'threading'] + ['multiprocessing.' + module for module in modules]:
    module = importlib.import_module(name)
    for key, value in vars(module).items():
        if getattr(value, '__module__', None) != name: continue
        if inspect.isfunction(value) and 'timeout' in inspect.signature(value).parameters:
            found.add(name.split('.')[-1] + '.' + key)
        if not isinstance(value, type): continue
        for method in dir(value):
            function = getattr(value, method)
            if not inspect.isfunction(function) or method == '__init__': continue
            if 'timeout' in inspect.signature(function).parameters: found.add(f'{key}.{method}')
print(json.dumps(sorted(found)))
`;

/** What CPython calls classes that have another name here, or are a proxy's. */
const NAMES: Record<string, string> = {
  _ConnectionBase: "Connection",
  AcquirerProxy: "Lock",
  ApplyResult: "AsyncResult",
  BarrierProxy: "Barrier",
  BaseProcess: "Process",
  ConditionProxy: "Condition",
  EventProxy: "Event",
  SharedMemoryManager: "BaseManager",
  SyncManager: "BaseManager",
  SynchronizedBase: "Synchronized",
};

/** What is private, or has no timeout here: `with semaphore` is given none. */
const NOT_OURS = [
  /^_|\._(?!_next)/,
  /^(LifoQueue|PriorityQueue|SimpleQueue|Thread|Timer|threading)\./,
];

pythonTest(
  "a wait is not early: each of CPython's with a timeout is measured",
  async () => {
    const names = (await askPython(METHODS) as string[])
      .map((name) => name.replace(/^\w+/, (group) => NAMES[group] ?? group))
      .filter((name) => !NOT_OURS.some((one) => one.test(name)));
    deepStrictEqual(names.filter((name) => !measured.has(name)), []);
  },
);
