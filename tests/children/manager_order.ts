/** Calls whose arguments the manager's server must load this module for, among others. */
import { deepStrictEqual } from "node:assert/strict";
import { is_main, Manager } from "../../mod.ts";
import { later } from "../helpers/picklable_later.ts";
import { note } from "../helpers/order_work.ts";
import { Random } from "../wire/support.ts";

export function helper(): void {}

async function main(): Promise<void> {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new Random(seed);
    const manager = await Manager();
    const [dict, list] = [await manager.dict(), await manager.list<unknown>()];
    const functions = [helper, note, later];
    for (const f of functions) dict["y"] = f;
    const expected = Array.from({ length: 20 }, (_, item) => {
      const sent = functions[random.below(9)] ?? item;
      void list.append(sent);
      return sent;
    });
    dict["y"] = 1;
    deepStrictEqual(await list._getvalue(), expected, `seed ${seed}`);
    deepStrictEqual(await dict.copy(), { y: 1 });
    await manager.shutdown();
  }
  console.log("in order");
}

if (is_main(import.meta)) void main();
