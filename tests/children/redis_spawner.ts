/**
 * A program that starts processes by a context, where an agent is. Its arguments are the address,
 * what it does, seconds of its lease, and a number.
 */
import process from "node:process";
import { get_context } from "../../src/redis.ts";
import * as targets from "../redis/process_targets.ts";

const [url = "", how = "", lease = "10", count = "0"] = process.argv.slice(2);
const mp = get_context("redis", { url, name: "test", lease: Number(lease) });

/** Starts a process, and waits for its end. */
async function run(target: (...args: never[]) => unknown, ...args: unknown[]) {
  const p = new mp.Process({ target, args, name: "P", where: "there" } as never);
  await p.start();
  await p.join();
  return p.exitcode;
}

if (how === "print") {
  console.log(await run(targets.speak, "hello"));
  console.log(await run(targets.fail, "wrong"));
} else if (how === "chatter") {
  console.log(await run(targets.chatter, Number(count)));
} else {
  // Left to itself: it waits for the one, and ends the other.
  const q = mp.Queue<number>({ name: "pids" });
  const daemon = { target: targets.stay, args: [q, mp.Event()], daemon: true };
  for (const options of [daemon, { target: targets.speak, args: ["last"] }]) {
    await new mp.Process({ ...options, where: "there" } as never).start();
  }
  console.log("end");
  if (how === "kill") {
    await q.get();
    console.log("ready");
    await mp.Event().wait();
  }
}
