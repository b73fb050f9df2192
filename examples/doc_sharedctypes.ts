/**
 * The documentation's ctypes objects in shared memory: a number, a text of bytes and an
 * array of structures, which a child process changes.
 *
 * The same program in Python: `python/doc_sharedctypes.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Lock, Process } from "../mod.ts";
// and from "@pystd/multiprocessing/sharedctypes"
import {
  Array as SharedArray,
  c_double,
  type SimpleData,
  Structure,
  type Synchronized,
  type SynchronizedArray,
  type SynchronizedString,
  Value,
} from "../src/sharedctypes.ts";

export class Point extends Structure { // class Point(Structure):
  static override readonly _fields_ = [["x", c_double], ["y", c_double]] as const;
  declare x: number;
  declare y: number;
}

export function modify( // def modify(n, x, s, A):
  n: Synchronized<number>,
  x: SimpleData<number>,
  s: SynchronizedString,
  A: SynchronizedArray<Point>,
) {
  n.value **= 2;
  x.value **= 2;
  const text = new TextDecoder().decode(s.value);
  s.value = new TextEncoder().encode(text.toUpperCase()); // s.value = s.value.upper()
  for (const a of A) {
    a.x **= 2;
    a.y **= 2;
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const lock = Lock();
  const n = Value("i", 7);
  const x = Value(c_double, 1.0 / 3.0, { lock: false });
  const s = SharedArray("c", new TextEncoder().encode("hello world"), { lock });
  const A = SharedArray(Point, [[1.875, -6.25], [-5.75, 2.0], [2.375, 9.5]], { lock });
  const p = new Process({ target: modify, args: [n, x, s, A] });
  p.start();
  await p.join();
  console.log(n.value);
  console.log(x.value);
  console.log(new TextDecoder().decode(s.value)); // print(s.value.decode())
  for (const a of A) console.log(`x=${a.x.toFixed(6)} y=${a.y.toFixed(6)}`);
}
