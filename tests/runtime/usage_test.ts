/** Tests of src/runtime/usage.ts: what processes use, as far as this system tells. */
import { ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { ownUsage, quickUsage, usageOf } from "../../src/runtime/usage.ts";
import { test } from "../suite.ts";

test("a process knows what it uses, and Linux tells of others", () => {
  const own = ownUsage();
  ok(own.cpu! > 0 && own.memory! > 1e6, JSON.stringify(own));
  if (process.platform !== "linux") return;
  const seen = usageOf(process.pid);
  ok(seen.memory! > own.memory! / 2 && seen.memory! < own.memory! * 2);
  ok(Math.abs(seen.cpu! - ownUsage().cpu!) < 1, `${seen.cpu} ${own.cpu}`);
  strictEqual(seen.isStopped, false);
});

test("what is to be had at once is a part of that", () => {
  const { cpu, memory, isStopped } = quickUsage();
  ok((cpu === null || cpu > 0) && memory! > 1e6, `${cpu} ${memory}`);
  strictEqual(isStopped, false);
});

test("nothing is known of a process that is not there", () => {
  strictEqual(usageOf(2 ** 30).memory, null);
});
