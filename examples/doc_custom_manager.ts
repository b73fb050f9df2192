/**
 * The documentation's customized manager: a class of one's own behind proxies.
 *
 * The same program in Python: `python/doc_custom_manager.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and ".../managers"
import { is_main } from "../mod.ts";
import { BaseManager } from "../src/managers.ts";

export class MathsClass {
  add(x: number, y: number) {
    return x + y;
  }
  mul(x: number, y: number) {
    return x * y;
  }
}

class MyManager extends BaseManager {}

MyManager.register("Maths", MathsClass);

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using manager = await new MyManager().__enter__(); // with MyManager() as manager:
  const maths = await manager.Maths();
  console.log(await maths.add(4, 3)); // prints 7
  console.log(await maths.mul(7, 8)); // prints 56
}
