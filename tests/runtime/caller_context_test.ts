/** Tests of src/runtime/caller_context.ts: AsyncLocalStorage in callbacks and inputs. */
import { deepStrictEqual } from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { Pool } from "../../src/pool.ts";
import { callerContext } from "../../src/runtime/caller_context.ts";
import { owned } from "../helpers/values_work.ts";
import { test } from "../suite.ts";

const storage = new AsyncLocalStorage<string>();

test("callerContext: what is called later sees what its caller saw", () => {
  const later = storage.run("a", callerContext);
  const outside = callerContext();
  storage.run("b", () => {
    deepStrictEqual([later(() => storage.getStore()), storage.getStore()], ["a", "b"]);
    deepStrictEqual(outside(() => storage.getStore()), undefined);
  });
});

test("a pool's callbacks and the inputs of imap see the context of the call", async () => {
  await using pool = Pool(1);
  const seen: unknown[] = [];
  const see = () => void seen.push(storage.getStore());
  function* input() {
    see();
    yield 1;
    see();
  }
  async function* later() {
    see();
    yield* input();
  }
  const calls = ["x", "y"].map((name) =>
    storage.run(name, () => [
      pool.apply_async(owned, [1], { callback: see }),
      pool.map_async(owned, [1], { callback: see }),
      // The function is given an argument that it takes for a value to read.
      pool.apply_async(owned, [Symbol() as never], { error_callback: see }),
    ])
  );
  for (const call of calls.flat()) await call.wait();
  deepStrictEqual(seen.splice(0).sort(), ["x", "x", "x", "y", "y", "y"]);
  for (const source of [input, later]) {
    const results = storage.run("z", () => pool.imap(owned, source()));
    for await (const _ of results);
    deepStrictEqual(seen.splice(0), Array(source === input ? 2 : 3).fill("z"));
  }
});
