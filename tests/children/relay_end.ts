// Hands an accepted connection to a child, `daemon` or `worker`, and has nothing left to
// do: the daemon shall end with this program, the worker serve as long as it likes.
import process from "node:process";
import { Process, Queue } from "../../mod.ts";
import { Listener } from "../../src/connection.ts";
import { echo, hold } from "../helpers/relay_targets.ts";

if (import.meta.main) {
  const listener = await Listener();
  console.log(listener.address);
  const conn = await listener.accept();
  listener.close();
  const said = Queue<unknown>();
  const p = process.argv[2] === "daemon"
    ? new Process({ target: hold, args: [conn, said], daemon: true })
    : new Process({ target: echo, args: [conn] });
  await p.start();
  conn.close();
  if (p.daemon) await said.get();
  console.log("nothing left to do");
}
