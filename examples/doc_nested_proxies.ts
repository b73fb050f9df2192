/**
 * The documentation's proxies: of slices and of proxies within proxies.
 *
 * The same program in Python: `python/doc_nested_proxies.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and ".../managers"
import { is_main, Manager } from "../mod.ts";
import { type ListProxy, slice } from "../src/managers.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using manager = Manager(); // with Manager() as manager:
  const l = await manager.list<number>(Array.from({ length: 10 }, (_, i) => i * i));
  console.log(await l.__str__()); // print(l)
  console.log(await l[4]); // print(l[4])
  console.log(await l.__getitem__(slice(2, 5))); // print(l[2:5])
  console.log(l as unknown === await l._getvalue()); // print(l == [0, 1, 4, ...])

  const a = await manager.list<ListProxy>();
  const b = await manager.list<string>();
  await a.append(b); // referent of a now contains referent of b
  await b.append("hello");
  const inner: ListProxy = await a[0];
  console.log(await inner[0], await b[0]); // print(a[0][0], b[0])

  const outer = await manager.list(
    [await manager.dict({ a: 1, b: 2 }), await manager.dict({ c: 3 })],
  );
  (await outer[1]).z = 26; // outer[1]["z"] = 26
  console.log(await (await outer[0]).__str__()); // print(outer[0])
  console.log(await (await outer[1]).__str__()); // print(outer[1])

  const plain = await manager.list();
  await plain.append({});
  const copy = await plain[0];
  copy.a = 1; // changes a copy
  console.log(await plain.__str__());
  plain[0] = copy; // now the manager knows
  console.log(await plain.__str__());
}
