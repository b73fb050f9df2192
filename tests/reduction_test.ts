/** Tests of src/reduction.ts: what a program says of its own classes. */

import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { ForkingPickler, register } from "../src/reduction.ts";
import { Process } from "../src/process.ts";
import { Queue } from "../src/queues.ts";
import { Account, deposit } from "./helpers/registered.ts";
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
