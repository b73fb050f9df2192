// A program without a main guard: its child imports it and would start a child itself.
import process from "node:process";
import { Process } from "../../mod.ts";

export function foo(): void {
  console.log("123");
}

const p = new Process({ target: foo });
await p.start();
await p.join();
process.exit(p.exitcode ?? undefined);
