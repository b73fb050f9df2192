/**
 * A program that is bundled with the package. It writes its pid to a file each time that it
 * is evaluated; the last argument says how it is guarded.
 */
import { appendFileSync } from "node:fs";
import process from "node:process";
import { exported, freeze_support, is_main, Pool, Process, Queue } from "../../mod.ts";
import { square } from "./bundled_work.ts";

const [file, way] = process.argv.slice(2) as [string, string];
appendFileSync(file, `${process.pid}\n`);

export async function tell(q: Queue<string[]>): Promise<void> {
  await q.put([String(is_main(import.meta)), ...process.argv.slice(3)]);
}
exported(import.meta, { tell });

async function join(q: Queue<string[]>): Promise<void> {
  const p = new Process({ target: tell, args: [q] });
  await p.start();
  await p.join();
  console.log("exit code", p.exitcode);
}

async function main(): Promise<void> {
  if (way === "frozen") await freeze_support();
  const q = Queue<string[]>();
  if (way === "unguarded") return await join(q);
  const pool = Pool(2);
  console.log(...await pool.map(square, [1, 2, 3]));
  await pool.terminate();
  await join(q);
  console.log(...await q.get());
}

if (way !== "guarded" || is_main(import.meta)) void main();
