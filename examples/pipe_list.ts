/**
 * A child sends lists through its end of a pipe; the parent closes its own copy of that
 * end, so it notices when the child has nothing more to say.
 *
 * The same program in Python: `python/pipe_list.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { EOFError, is_main, Pipe, Process } from "../mod.ts";
import type { Connection } from "../src/connection.ts"; // "@pystd/multiprocessing/connection"

/** Sends three lists and closes its end. */
export async function f(conn: Connection): Promise<void> {
  for (const name of ["Ada", "Grace", "Linus"]) {
    await conn.send([name.length, null, `hello ${name}`]); // [len(name), None, …]
  }
  conn.close();
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const [parent_conn, child_conn] = Pipe();
  const p = new Process({ target: f, args: [child_conn] }); // args=(child_conn,)
  p.start();
  child_conn.close();
  try {
    while (true) {
      console.log(await parent_conn.recv()); // print(parent_conn.recv())
    }
  } catch (error) { // except EOFError:
    if (!(error instanceof EOFError)) throw error;
    console.log("the child has closed its end");
  }
  await p.join();
}
