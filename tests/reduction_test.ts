/** Tests of src/reduction.ts: what a program says of its own classes. */

import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { dump, ForkingPickler, register } from "../src/reduction.ts";
import { Pool } from "../src/pool.ts";
import { Process } from "../src/process.ts";
import { Queue } from "../src/queues.ts";
import { Account, deposit } from "./helpers/registered.ts";
import {
  IssuesError,
  makeIssuesError,
  MoreIssuesError,
  OtherError,
  Point,
  refuse,
} from "./helpers/constructed.ts";
import { test } from "./suite.ts";

test("register: instances with private fields cross in both directions", async () => {
  const [there, back] = [Queue<Account>(), Queue<Account>()];
  const child = new Process({ target: deposit, args: [there, back] });
  child.start();
  await there.put(new Account(10));
  const account = await back.get();
  ok(account instanceof Account);
  strictEqual(account.balance, 23); // a bonus on each way
  await child.join();
});

test("register: a class that tells its instances by Symbol.hasInstance", async () => {
  const pool = Pool(1);
  const error = await pool.apply(refuse, ["no name"]).catch((error: unknown) => error);
  ok(error instanceof IssuesError && error instanceof Error);
  deepStrictEqual([error.message, error.issues], ["no name", ["no name"]]);
  deepStrictEqual((error.cause as Error).name, "RemoteTraceback");
  pool.close();
  await pool.join();
  const point = await ForkingPickler.loads(
    await ForkingPickler.dumps(new Point(["x"])),
  );
  ok(point instanceof Point);
  deepStrictEqual(point.at, ["x"]);
});

test("register: it is not its subclasses, nor all that it calls its instances", async () => {
  register(OtherError, () => [makeIssuesError, [["wrong"]]]); // its are all errors
  const copyOf = async (value: unknown) =>
    await ForkingPickler.loads(await ForkingPickler.dumps(value));
  const plain = await copyOf(new RangeError("plain")) as Error;
  deepStrictEqual([plain.constructor, plain.message], [RangeError, "plain"]);
  await rejects(copyOf({ errors: [new MoreIssuesError(["more"])] }), {
    message: /^Can't pickle <class MoreIssuesError>.*\(errors\[0\]\)$/,
  });
  const hiding = Object.defineProperty(new Error("x"), "inner", {
    value: new WeakMap(),
  });
  await rejects(copyOf({ errors: [hiding] }), { message: /\(errors\[0\]\.inner\)$/ });
});

test("register: is ForkingPickler.register as well", () => {
  strictEqual(ForkingPickler.register, register);
});

test("register: what is no function", () => {
  for (const args of [[1, () => []], [Account, "x"], [Account, null]]) {
    throws(() => register(...args as unknown as Parameters<typeof register>), {
      name: "TypeError",
    });
  }
  throws(() => register(Account, () => [Account, []], 5 as never), {
    name: "TypeError",
    message: "constructors must be callable",
  });
});

test("ForkingPickler: dumps and loads", async () => {
  const value = { list: [1, -0, new Date(0)], account: new Account(1) };
  const bytes = await ForkingPickler.dumps(value);
  value.list.push(2);
  const copy = await ForkingPickler.loads(bytes) as typeof value;
  deepStrictEqual(copy.list, [1, -0, new Date(0)]);
  strictEqual(copy.account.balance, 2);
  await rejects(ForkingPickler.loads(bytes.subarray(0, 5)), {
    name: "UnpicklingError",
  });
  await rejects(ForkingPickler.loads(new Uint8Array()), { name: "UnpicklingError" });
  await rejects(ForkingPickler.dumps(() => 1), { name: "PicklingError" });
});

test("dump: writes what dumps gives, and waits for the file", async () => {
  const chunks: Uint8Array[] = [];
  const slowly = async (bytes: Uint8Array) => {
    await Promise.resolve();
    chunks.push(bytes);
  };
  strictEqual(await dump([1, "two"], { write: slowly }), undefined);
  await dump(new Account(5), { write: (bytes) => chunks.push(bytes) }, null);
  deepStrictEqual(await ForkingPickler.loads(chunks[0]!), [1, "two"]);
  strictEqual((await ForkingPickler.loads(chunks[1]!) as Account).balance, 6);
  strictEqual(chunks.length, 2);
});

test("dump: what is no file, and what cannot be sent", async () => {
  const call = dump as (...args: unknown[]) => Promise<void>;
  const message = "file must have a 'write' attribute";
  for (const file of [2, null, {}, { write: 1 }]) {
    await rejects(call([1], file), { name: "TypeError", message });
  }
  const calls = [[1], [], [1, { write() {} }, 3, 4]];
  for (const given of calls) await rejects(call(...given), { name: "TypeError" });
  const file = { write: () => strictEqual("written", "not") };
  await rejects(dump(() => 1, file), { name: "PicklingError" });
  const full = { write: () => Promise.reject(new Error("disk full")) };
  await rejects(dump(1, full), { message: "disk full" });
});
