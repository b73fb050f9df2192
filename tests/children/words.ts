/**
 * Tells which file of words a child of it has after a few uses of a lock, and after many;
 * then ends, or kills itself if the argument is "be killed".
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { is_main, Lock, Process, Queue } from "../../mod.ts";
import { nextTurn, warm } from "../helpers/word_targets.ts";

function wordFile(): string {
  const maps = readFileSync("/proc/self/maps", "utf8");
  return /\/\S*\/words\d+$/m.exec(maps)?.[0] ?? "no file";
}

export async function tell(lock: Lock, lines: Queue<string>): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await lock.acquire();
    await lock.release();
    for (let turns = 0; turns < 20; turns++) await nextTurn();
  }
  await lines.put(`few uses: ${wordFile()}`);
  await warm(lock);
  await lines.put(`many uses: ${wordFile()}`);
  await new Promise(() => setInterval(() => {}, 60_000)); // until it is killed
}

if (is_main(import.meta)) {
  const lines = Queue<string>();
  const p = new Process({ target: tell, args: [Lock(), lines] });
  await p.start();
  for (let i = 0; i < 2; i++) console.log(await lines.get());
  if (process.argv.includes("be killed")) process.kill(process.pid, "SIGKILL");
  p.kill();
  await p.join();
}
