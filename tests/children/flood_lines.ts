// Prints numbered lines of 1000 bytes by console.log; a subprocess or a Worker thread.
import process from "node:process";
import { isMainThread, workerData } from "node:worker_threads";

export function line(source: string, i: number): string {
  return `${source} ${String(i).padStart(6, "0")} `.padEnd(999, source);
}

if (import.meta.main || !isMainThread) {
  const [source, count] = isMainThread ? process.argv.slice(2) : workerData as string[];
  for (let i = 0; i < Number(count); i++) console.log(line(source!, i));
}
