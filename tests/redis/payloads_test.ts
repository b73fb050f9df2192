/** Payloads in the database: data only, and signed if there is a key. */
import { strictEqual } from "node:assert/strict";
import { Payloads } from "../../src/redis/payloads.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";
import { ON_SERVER } from "./server.ts";

const KEY = new Uint8Array([1, 2, 3]);

test("a signature names key, object and payload", async () => {
  const jobs = new Payloads(KEY, "jobs");
  const signed = await jobs.dump({ a: 1 });
  strictEqual((jobs.load(signed) as { a: number }).a, 1);
  for (let at = 0; at < signed.length; at++) {
    const changed = signed.slice();
    changed[at]! ^= 1;
    await raises(() => jobs.load(changed), "AuthenticationError");
  }
  await raises(() => jobs.load(signed.subarray(0, 20)), "AuthenticationError");
  await raises(() => jobs.load(new Uint8Array()), "AuthenticationError");
  await raises(() => new Payloads(KEY, "other").load(signed), "AuthenticationError");
  await raises(
    () => new Payloads(new Uint8Array([1]), "jobs").load(signed),
    "AuthenticationError",
  );
});

ON_SERVER.test("who has another key is refused", async (server) => {
  const mine = server.context({ authkey: KEY });
  const other = server.context({ authkey: new Uint8Array(32) });
  const without = server.context();
  const q = mine.Queue({ name: "jobs" });
  await other.Queue({ name: "jobs" }).put(1);
  await without.Queue({ name: "jobs" }).put(2);
  await q.put(3);
  await raises(
    () => q.get(),
    "AuthenticationError",
    "digest of an item of n.jobs was wrong",
  );
  await raises(() => q.get(), "AuthenticationError");
  strictEqual(await q.get(), 3);
  await q.unlink();
});
