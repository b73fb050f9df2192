/**
 * The documentation's Listener and Client, in one program: the client is a process.
 *
 * The same program in Python: `python/doc_listener_client.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and ".../connection"
import { is_main, Process } from "../mod.ts";
import { Client, Listener } from "../src/connection.ts";

const authkey = new TextEncoder().encode("secret password"); // b"secret password"

export async function client(address: [string, number]) { // def client(address):
  using conn = await Client(address, { authkey }); // with Client(...) as conn:
  console.log(await conn.recv());
  console.log(new TextDecoder().decode(await conn.recv_bytes()));
  const arr = new Int32Array(5); // array("i", [0, 0, 0, 0, 0])
  console.log(await conn.recv_bytes_into(arr));
  console.log(Array.from(arr)); // print(list(arr))
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  using listener = await Listener(["127.0.0.1", 0], { authkey });
  const p = new Process({
    target: client,
    args: [listener.address as [string, number]],
  });
  p.start();
  using conn = await listener.accept(); // with listener.accept() as conn:
  await conn.send([2.25, null, "junk"]);
  await conn.send_bytes(new TextEncoder().encode("hello")); // b"hello"
  await conn.send_bytes(new Int32Array([42, 1729])); // array("i", [42, 1729])
  await p.join();
}
