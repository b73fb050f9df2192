/**
 * What goes through a connection: objects, bytes, and bytes into a buffer.
 *
 * The same program in Python: `python/doc_connection.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pipe } from "../mod.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  const [a, b] = Pipe(); // a, b = Pipe()
  await a.send([1, "hello", null]); // a.send([1, "hello", None])
  console.log(await b.recv()); // print(b.recv())

  await b.send_bytes(new TextEncoder().encode("thank you")); // b.send_bytes(b"thank you")
  console.log(new TextDecoder().decode(await a.recv_bytes())); // a.recv_bytes().decode()

  const arr1 = Int32Array.from([0, 1, 2, 3, 4]); // array.array("i", range(5))
  const arr2 = new Int32Array(10); // array.array("i", [0] * 10)
  await a.send_bytes(arr1);
  const count = await b.recv_bytes_into(arr2);
  console.log(count === arr1.byteLength); // count == len(arr1) * arr1.itemsize
  console.log(arr2.join(" ")); // print(*arr2)
}
