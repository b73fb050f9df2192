/**
 * A program that uses a server, and says goodbye to nobody: it has nothing left to do, or its
 * wait is interrupted. Its arguments are the address and, for that, `interrupt`.
 */
import process from "node:process";
import { KeyboardInterrupt } from "../../mod.ts";
import { get_context } from "../../src/redis.ts";

const [url = "", how] = process.argv.slice(2);
const mp = get_context("redis", { url, name: "test" });
const q = mp.Queue<number>();
await mp.Lock({ name: "door" }).acquire();
await q.put(1);
console.log("got", await q.get());
if (how === "interrupt") {
  const waiting = q.get();
  await q.qsize(); // it waits on the server by now
  process.kill(process.pid, "SIGINT");
  await waiting.catch((error) => {
    if (!(error instanceof KeyboardInterrupt)) throw error;
    console.log("interrupted");
  });
}
console.log("end");
