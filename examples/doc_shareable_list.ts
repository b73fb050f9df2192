/**
 * The documentation's list in shared memory: values of several types, of which each has the
 * room that it was made with.
 *
 * The same program in Python: `python/doc_shareable_list.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and, below, its "/shared_memory"
import { is_main } from "../mod.ts";
import { ShareableList, type ShareableValue } from "../src/shared_memory.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

if (is_main(import.meta)) { // if __name__ == "__main__":
  const a = ShareableList<ShareableValue>(
    ["howdy", bytes("HoWdY"), -273.154, 100, null, true, 42],
  );
  console.log(a[2]);
  a[2] = -78.5;
  console.log(a[2]);
  a[2] = "dry ice"; // another type is fine
  console.log(a[2]);
  try {
    a[2] = "larger than previously allocated storage space";
  } catch (error) {
    const { name, message } = error as Error;
    console.log(`${name}: ${message}`); // print(f"{type(error).__name__}: {error}")
  }
  console.log(a[2]);
  console.log(a.length); // print(len(a))
  console.log(a.index(42));
  console.log(a.count(bytes("howdy")), a.count(bytes("HoWdY")));
  a.shm.close();
  a.shm.unlink();
}
