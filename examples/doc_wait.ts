/**
 * Waits for messages from several processes at once: ten from each of four.
 *
 * The same program in Python: `python/doc_wait.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { current_process, EOFError, is_main, Pipe, Process } from "../mod.ts";
import { type Connection, wait } from "../src/connection.ts"; // "@pystd/multiprocessing/connection"

/** Sends ten messages with its name. */
export async function foo(w: Connection): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await w.send([i, current_process().name]);
  }
  w.close();
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const readers: Connection[] = [];

  for (let i = 0; i < 4; i++) {
    const [r, w] = Pipe({ duplex: false }); // r, w = Pipe(duplex=False)
    readers.push(r);
    const p = new Process({ target: foo, args: [w] });
    p.start();
    // Our copy of the writing end goes now: then the process has the only one, and wait()
    // says that the reader is ready as soon as that process has closed it.
    w.close();
  }

  while (readers.length > 0) { // while readers:
    for (const r of await wait(readers)) {
      try {
        const msg = await r.recv();
        console.log(msg); // print(msg)
      } catch (error) { // except EOFError:
        if (!(error instanceof EOFError)) throw error;
        readers.splice(readers.indexOf(r), 1); // readers.remove(r)
      }
    }
  }
}
