/** What a process of another runtime does with a managed dict. */
import type { DictProxy } from "../../src/managers.ts";

export async function addAll(d: DictProxy<string, number>, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    await d.__setitem__("sum", (await d.get("sum") as number ?? 0) + i);
  }
}
