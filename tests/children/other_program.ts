/** A program that has nothing to do with the one that runs it. */
import process from "node:process";
import { is_main, Process } from "../../mod.ts";

export function work(): void {
  process.exitCode = 5;
}

if (is_main(import.meta)) {
  const p = new Process({ target: work });
  await p.start();
  await p.join();
  console.log("other program:", p.exitcode);
}
