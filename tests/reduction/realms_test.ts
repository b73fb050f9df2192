/** Values of another realm, as Jest and Vitest's `vm` pools have them, cross like their own. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import vm from "node:vm";
import { Pipe } from "../../src/connection.ts";
import { Manager } from "../../src/managers.ts";
import { Pool } from "../../src/pool.ts";
import { Process } from "../../src/process.ts";
import { Queue } from "../../src/queues.ts";
import { owned, relay } from "../helpers/values_work.ts";
import { runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";
import { CROSSING } from "./values_table.ts";

const context = vm.createContext({});
const ofRealm = CROSSING.filter(({ isOfRuntime }) => !isOfRuntime);

/** The values of all kinds, as another realm makes them. */
const foreign: unknown[] = ofRealm.flatMap(({ values }) =>
  values.map((value) => vm.runInContext(`(${value})`, context))
);

/** What is to arrive. */
const expected: unknown[] = ofRealm.flatMap(({ values, expected }) =>
  values.map((value) => vm.runInThisContext(`(${expected ?? value})`))
);

/** What of an error is compared: where it was made is its own. */
function partsOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, cause, code, errors } = error as AggregateError & { code?: unknown };
  const inner = errors?.map(partsOf);
  return [Object.getPrototypeOf(error), message, partsOf(cause), code, inner];
}

/** Compares values with the expected ones. */
function same(values: unknown): void {
  owned(values);
  for (const [i, value] of (values as unknown[]).entries()) {
    deepStrictEqual(partsOf(value), partsOf(expected[i]));
  }
}

test("other realms: arguments, queues, pipes and answers of a process", async () => {
  const [queue, answers] = [Queue<unknown>(), Queue<unknown>()];
  const [mine, theirs] = Pipe();
  const child = new Process({ target: relay, args: [foreign, queue, theirs, answers] });
  child.start();
  theirs.close();
  await queue.put(foreign);
  await mine.send(foreign);
  same(await answers.get());
  same(await answers.get());
  same(await mine.recv());
  mine.close();
  await child.join();
  strictEqual(child.exitcode, 0);
});

test("other realms: a pool's arguments and errors", async () => {
  await using pool = Pool(1);
  same(await pool.apply(owned, [foreign]));
  same(await pool.map(owned, foreign));
  const args = vm.runInContext("(value) => [value]", context)(foreign) as [unknown];
  same(await pool.apply(owned, args));
  await rejects(pool.apply(owned, [() => 1]), { name: "PicklingError" });
});

test("other realms: a manager's lists and dicts", async () => {
  await using manager = Manager();
  const list = await manager.list(foreign);
  same(await list.copy());
  const dict = await manager.dict(vm.runInContext("({ a: 1 })", context));
  await dict.update(vm.runInContext("new Map([['b', [1]]])", context));
  deepStrictEqual({ ...await dict.copy() }, { a: 1, b: [1] });
});

test("a Buffer stays one: arguments, queues, pipes, pools, managers", async () => {
  const buffer = Buffer.from("hello");
  const values = [buffer, { buffer }, new Map([[1, buffer]])];
  const [queue, answers] = [Queue<unknown>(), Queue<unknown>()];
  const [mine, theirs] = Pipe();
  const child = new Process({ target: relay, args: [values, queue, theirs, answers] });
  child.start();
  theirs.close();
  await queue.put(buffer);
  await mine.send([buffer]);
  deepStrictEqual(await answers.get(), values);
  deepStrictEqual(await answers.get(), buffer);
  deepStrictEqual(await mine.recv(), [buffer]);
  mine.close();
  await child.join();
  await using pool = Pool(1);
  const big = Buffer.alloc(100_000, 5);
  for (const one of [buffer, big]) {
    deepStrictEqual(await pool.apply(owned, [one]), one);
    deepStrictEqual(await pool.map(owned, [one, one]), [one, one]);
    deepStrictEqual(await pool.map(owned, [one], 1), [one]);
  }
  await using manager = Manager();
  const list = await manager.list([buffer]);
  deepStrictEqual(await list[0], buffer);
  strictEqual(await list.index(new Uint8Array(buffer)), 0); // bytes are bytes
});

const KINDS = "Map RegExp Uint8Array(1,2) Float64Array(0.5) ArrayBuffer Error " +
  "Uint8Array(b) Object";

for (
  const args of [["within"], ["within", "shared"], ["without"], ["without", "shared"]]
) {
  test(`the package in a context of its own: ${args}`, async () => {
    const { stdout, stderr, code } = await runProgram(
      "tests/children/in_vm_context.ts",
      {
        flags: ["--experimental-vm-modules", "--no-warnings"],
        args,
      },
    );
    deepStrictEqual([stderr, code], ["", 0]);
    deepStrictEqual(stdout.split("\n"), [
      ...[KINDS, KINDS, KINDS, "undefined 0", KINDS, KINDS],
      ...["Uint8Array(7) Uint8Array(7)", "Uint8Array(b) Uint8Array(b)"],
      "TypeError: cannot pickle 'symbol' object (args[1])",
      ...[KINDS, ""],
    ]);
  }, { skip: runtimeName !== "node" && "contexts for modules are Node's only" });
}
