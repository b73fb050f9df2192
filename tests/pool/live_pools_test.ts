import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ThreadPool } from "../../src/pool.ts";
import {
  forgetPool,
  type LivePool,
  livePools,
  newPool,
  rememberPool,
} from "../../src/pool/live_pools.ts";
import { collectUntil } from "../helpers/gc.ts";
import { test } from "../suite.ts";

test("livePools gives the pools that have not ended", async () => {
  const before = [...livePools().keys()];
  const pool = ThreadPool(1);
  const added = [...livePools()].filter(([number]) => !before.includes(number));
  deepStrictEqual(added.map(([, pool]) => pool), [pool]);
  pool.close();
  await pool.join();
  deepStrictEqual([...livePools().keys()], before);
});

function fakePool(): LivePool {
  return {
    stats() {
      throw new Error("not asked");
    },
  };
}

/** The numbers of pools that were collected. */
const collected: number[] = [];
const registry = new FinalizationRegistry<number>((number) => collected.push(number));

/** Remembers a pool that nobody refers to. */
function remembered(): void {
  const [number, pool] = [newPool(), fakePool()];
  rememberPool(number, pool);
  registry.register(pool, number);
}

test("livePools keeps no pool that nobody refers to", async () => {
  for (let n = 0; n < 3; n++) remembered();
  await collectUntil(() => collected.length > 0);
  strictEqual(livePools().has(collected[0]!), false);
  const [number, kept] = [newPool(), fakePool()];
  rememberPool(number, kept); // and forgets the other one
  strictEqual(livePools().get(number), kept);
  forgetPool(number);
  strictEqual(livePools().has(number), false);
});
