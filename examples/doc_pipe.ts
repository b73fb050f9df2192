/**
 * A pipe carries a list from a child to its parent.
 *
 * The same program in Python: `python/doc_pipe.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pipe, Process } from "../mod.ts";
import type { Connection } from "../src/connection.ts"; // "@pystd/multiprocessing/connection"

/** Sends one list and closes its end. */
export async function f(conn: Connection): Promise<void> {
  await conn.send([42, null, "hello"]); // conn.send([42, None, "hello"])
  conn.close();
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const [parent_conn, child_conn] = Pipe();
  const p = new Process({ target: f, args: [child_conn] }); // args=(child_conn,)
  p.start();
  console.log(await parent_conn.recv()); // print(parent_conn.recv())
  await p.join();
}
