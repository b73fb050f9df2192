/** Processes that count together. */
import type { Queue } from "../../mod.ts";
import type { DictProxy, SetProxy, ValueProxy } from "../../src/managers.ts";

/** Increments, and adds values of which the others add the same; tells which were new. */
export async function countTogether(
  dict: DictProxy<string, number>,
  value: ValueProxy<number>,
  set: SetProxy<number>,
  count: number,
  results: Queue<number[]>,
): Promise<void> {
  const firsts: number[] = [];
  for (let i = 0; i < count; i++) {
    await dict.increment("a");
    await value.increment(2);
    if (await set.add_new(i)) firsts.push(i);
  }
  await results.put(firsts);
}
