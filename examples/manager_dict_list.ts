/**
 * Five processes fill one dict and one list that live in a manager's server.
 *
 * The same program in Python: `python/manager_dict_list.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Manager, Process } from "../mod.ts";
import type { DictProxy, ListProxy } from "../src/managers.ts";

export async function f(d: DictProxy, l: ListProxy<number>, n: number) { // def f(d, l, n):
  await d.__setitem__(n, "1"); // d[n] = "1"
  await d.__setitem__("2", 2); // d["2"] = 2
  await d.__setitem__(0.25, null); // d[0.25] = None
  await l.append(n);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using manager = Manager(); // with Manager() as manager:
  const d = await manager.dict();
  const l = await manager.list<number>([0, 1, 2, 3, 4]);
  const processes = [];
  for (let i = 0; i < 5; i++) {
    const p = new Process({ target: f, args: [d, l, i] });
    p.start();
    processes.push(p);
  }
  for (const p of processes) await p.join();
  const keys = await d.keys(); // sorted(d.keys(), key=str)
  console.log(keys.map(String).sort().join(" "));
  await l.sort();
  console.log(await l.__str__()); // print(l)
}
