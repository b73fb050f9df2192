/**
 * Tells which file of words a child of it has after a few uses of a lock, and after many;
 * then ends, or kills itself if the argument is "be killed".
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { is_main, Lock, Process } from "../../mod.ts";
import { nextTurn, warm } from "../helpers/word_targets.ts";

function wordFile(): string {
  const maps = readFileSync("/proc/self/maps", "utf8");
  return /\/\S*\/words\d+$/m.exec(maps)?.[0] ?? "no file";
}

export async function tell(lock: Lock, root: number): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await lock.acquire();
    await lock.release();
    for (let turns = 0; turns < 20; turns++) await nextTurn();
  }
  console.log(`few uses: ${wordFile()}`);
  await warm(lock);
  console.log(`many uses: ${wordFile()}`);
  if (root === 0) return;
  await nextTurn();
  process.kill(root, "SIGKILL");
  await new Promise(() => setInterval(() => {}, 60_000)); // it ends with the root
}

if (is_main(import.meta)) {
  const root = process.argv.includes("be killed") ? process.pid : 0;
  const p = new Process({ target: tell, args: [Lock(), root] });
  await p.start();
  await p.join();
}
