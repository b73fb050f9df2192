/**
 * The documentation's namespace: names that begin with `_` stay with the proxy.
 *
 * The same program in Python: `python/doc_namespace.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Manager } from "../mod.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using manager = Manager(); // with Manager() as manager:
  const Global = await manager.Namespace();
  Global.x = 10;
  Global.y = "hello";
  Global._z = 12.3; // this is an attribute of the proxy
  console.log(await Global.__str__()); // print(Global)
}
