/**
 * Makes shared memory by a manager and ends in several ways, told by the argument; prints
 * what others are to look at as one line of JSON.
 */
import process from "node:process";
import { is_main, Pipe, Process } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { SharedMemoryManager } from "../../src/managers.ts";

/** Names of segments, and the process that keeps them. */
export interface Seen {
  names: string[];
  server: number;
  /** The process that has started it. */
  owner: number;
}

async function make(manager: SharedMemoryManager): Promise<Seen> {
  const list = await manager.ShareableList([0, 1, 2, 3]);
  const shm = await manager.SharedMemory(64);
  return {
    names: [list.shm.name, shm.name],
    server: manager._process!.pid!,
    owner: process.pid,
  };
}

async function stay(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

/** A process that has a manager of its own, and stays. */
export async function own(seen: Connection<Seen>): Promise<void> {
  const manager = new SharedMemoryManager();
  await manager.start();
  await seen.send(await make(manager));
  await stay();
}

async function stayAsGrandparent(): Promise<void> {
  const [reader, writer] = Pipe<Seen>(false);
  await new Process({ target: own, args: [writer] }).start();
  console.log(JSON.stringify(await reader.recv()));
  await stay();
}

async function start(how: string): Promise<void> {
  const manager = new SharedMemoryManager();
  await manager.start();
  const seen = await make(manager);
  if (how === "shutdown") await manager.shutdown();
  if (how === "kill_server") {
    manager._process!.kill();
    await manager.join();
  }
  console.log(JSON.stringify(seen));
  if (how === "stay") {
    await manager.join(); // until somebody kills the server
    console.log("the server has ended");
    await stay();
  }
  if (how === "throw") throw new Error("as it happens");
  if (how === "exit") process.exit(3);
}

if (is_main(import.meta)) {
  const how = process.argv[2]!;
  await (how === "child_stays" ? stayAsGrandparent() : start(how));
}
