/**
 * Wrong input: for each public call a table of wrong arguments with the
 * error that CPython 3.13 raises for them, class and text. Where that CPython is at
 * hand, the table itself is compared with it.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import {
  current_process,
  JoinableQueue,
  Process,
  Queue,
  set_start_method,
  SimpleQueue,
} from "../../mod.ts";
import { CLAIM_WAIT, exitcodeOf, runToEnd } from "../cpython/helpers/checks.ts";
import * as targets from "../cpython/helpers/process_targets.ts";
import { TABLES } from "./wrong_calls.ts";
import { compareTables } from "./tables.ts";
import { test } from "../suite.ts";

for (const [subject, rows] of Object.entries(TABLES)) {
  test(`wrong input: ${subject} raises what CPython raises`, async () => {
    set_start_method("spawn", true);
    const gate = Queue<null>();
    const running = new Process({ target: targets.waitFor, args: [gate] });
    await running.start();
    try {
      const found: string[] = [];
      for (const [, python, call] of rows) {
        found.push(`${python}: ${await outcome(() => call(running))}`);
      }
      deepStrictEqual(found, rows.map(([error, python]) => `${python}: ${error}`));
    } finally {
      await gate.put(null);
      await exitcodeOf(running);
    }
  });
}

async function outcome(call: () => unknown): Promise<string> {
  try {
    return `no error, but ${await call()}`;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return `${error.name}: ${error.message}`.replace(/ at 0x[0-9a-f]+/, "");
  }
}

/** Prints for each expression of argv what it raises. */
const PYTHON = String.raw`
import json, re, sys, multiprocessing
from multiprocessing import *
def closed_process():
    p = Process(); p.close(); return p
def full(make):
    q = make(1); q.put(0); q.cancel_join_thread(); return q
def closed(make):
    q = make(); q.close(); return q
def used(make):
    q = make(); q.put(1); q.close(); q.join_thread(); return q
set_start_method('fork')
running = Process(target=sys.stdin.read); running.start()
set_start_method('spawn', force=True)
for line in json.loads(sys.argv[1]):
    try: text = 'no error, but %r' % eval(line)
    except Exception as e: text = '%s: %s' % (type(e).__name__, e)
    print(line + ': ' + re.sub(' at 0x[0-9a-f]+', '', text))
running.kill()
`;

compareTables("wrong input: the tables say what CPython 3.13 says", TABLES, PYTHON);

/** Values that cannot be sent. */
const UNPICKLABLE: [string, () => unknown][] = [
  ["a symbol", () => Symbol("s")],
  ["a lambda", () => () => 1],
  ["a closure", () => closure()],
  ["a class of a function", () => class Local {}],
  ["an instance of such a class", () => new (class Local {})()],
  ["a promise", () => Promise.resolve(1)],
  ["a WeakMap", () => new WeakMap()],
  ["a WeakRef", () => new WeakRef({})],
  ["an iterator", () => [1, 2].values()],
  ["a generator", () => generate()],
  ["a lambda in an array", () => [1, [() => 1]]],
  ["a symbol in an object", () => ({ a: { b: Symbol("s") } })],
  ["a promise in a Map", () => new Map([["k", Promise.resolve(1)]])],
];

for (const [what, make] of UNPICKLABLE) {
  test(`put raises at the call for ${what} and the queue stays usable`, async () => {
    for (const q of [Queue<unknown>(), Queue<unknown>(1), JoinableQueue<unknown>()]) {
      await cannotBeSent(() => q.put(make()));
      strictEqual(await q.qsize(), 0);
      await q.put("next");
      strictEqual(await q.get(true, CLAIM_WAIT), "next");
    }
    const simple = SimpleQueue<unknown>();
    await cannotBeSent(() => simple.put(make()));
    strictEqual(await simple.empty(), true);
    await simple.put("next");
    strictEqual(await simple.get(), "next");
  });
}

test("put on a full queue raises at once what cannot be sent", async () => {
  const q = Queue<unknown>(1);
  await q.put(0);
  await cannotBeSent(() => q.put(() => 1));
  strictEqual(await q.qsize(), 1);
});

test("an error that a getter throws goes to the caller of put", async () => {
  const q = Queue<unknown>();
  const angry = {
    get a(): never {
      throw new RangeError("not now");
    },
  };
  strictEqual(await outcome(() => q.put(angry)), "RangeError: not now");
  strictEqual(await q.qsize(), 0);
});

test("a process with an argument that cannot be sent is not launched", async () => {
  for (const [what, make] of UNPICKLABLE) {
    const p = new Process({ target: targets.echo, args: [Queue(), make()] });
    await cannotBeSent(() => p.start(), what);
    strictEqual(p.pid, null);
    strictEqual(p.exitcode, null);
    strictEqual(
      p.toString(),
      `<Process name='${p.name}' parent=${process.pid} initial>`,
    );
  }
});

test("a target that no module exports is named in the error", async () => {
  function notExported() {}
  const p = new Process({ target: notExported });
  const text = await outcome(() => p.start());
  ok(text.startsWith("PicklingError: "), text);
  ok(text.includes("notExported"), text);
  ok(text.includes("export"), text);
  strictEqual(p.pid, null);
});

test("a failed start can be repeated once the argument is mended", async () => {
  const q = Queue<unknown>();
  const value: unknown[] = [() => 1];
  const p = new Process({ target: targets.echo, args: [q, value] });
  await cannotBeSent(() => p.start());
  value[0] = "mended";
  strictEqual(await runToEnd(p), 0);
  deepStrictEqual(await q.get(true, CLAIM_WAIT), ["mended"]);
});

test("shared objects cross only while a process is started", async () => {
  const makers = { Queue, JoinableQueue, SimpleQueue } as unknown as Record<
    string,
    typeof Queue
  >;
  const onto = [Queue<unknown>(), JoinableQueue<unknown>(), SimpleQueue<unknown>()];
  for (const [kind, make] of Object.entries(makers)) {
    for (const q of onto) {
      strictEqual(
        await outcome(() => q.put(make())),
        `RuntimeError: ${kind} objects should only be shared between processes ` +
          "through inheritance",
      );
      strictEqual(await q.empty(), true);
    }
  }
});

test("keys and processes do not cross on a queue", async () => {
  const q = Queue<unknown>();
  const secret = "TypeError: Pickling an AuthenticationString object is disallowed " +
    "for security reasons";
  strictEqual(await outcome(() => q.put(current_process().authkey)), secret);
  strictEqual(await outcome(() => q.put([current_process().authkey])), secret);
  strictEqual(await outcome(() => q.put(new Process())), secret);
  strictEqual(await q.empty(), true);
});

async function cannotBeSent(call: () => unknown, what?: string): Promise<void> {
  const text = await outcome(call);
  ok(/^(PicklingError|TypeError): ./.test(text), `${what ?? ""} ${text}`);
}

function closure(): () => number {
  let n = 0;
  return function count() {
    return n++;
  };
}

function* generate(): Generator<number> {
  yield 1;
}
