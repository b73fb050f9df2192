/**
 * A program without a main guard that starts a process, a pool or a manager in a later turn;
 * the second argument says which. Each process that evaluates it writes its pid to a file.
 */
import { appendFileSync } from "node:fs";
import process from "node:process";
import { Manager, Pool, Process } from "../../mod.ts";

const [way, what, file] = process.argv.slice(2) as [string, string, string];
appendFileSync(file, `${process.pid}\n`);

export async function work(): Promise<void> {
  // Long enough for what the module has set up to have its turn.
  await new Promise((resolve) => setTimeout(resolve, 100));
}

const START: Record<string, () => Promise<unknown>> = {
  async process() {
    const p = new Process({ target: work });
    await p.start();
    await p.join();
  },
  async pool() {
    const pool = Pool(1);
    await pool.apply(work);
    await pool.terminate();
  },
  async manager() {
    const manager = Manager();
    await manager.Event();
    await manager.shutdown();
    const p = new Process({ target: work });
    await p.start();
    await p.join();
  },
};

async function start(): Promise<void> {
  try {
    await START[what]!();
    console.log("started");
  } catch (error) {
    console.log((error as Error).name, String(error).split("\n")[1]?.trim());
  }
}

const SOON: Record<string, () => void> = {
  timeout: () => void setTimeout(start, 10),
  immediate: () => void setImmediate(start),
  "main()": async () => {
    await null;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await start();
  },
  nested: () => void setTimeout(() => queueMicrotask(() => setTimeout(start, 1)), 1),
};
SOON[way]!();
