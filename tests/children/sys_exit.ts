// A child ends by SystemExit with the reason that the argument names.
import process from "node:process";
import { Process, SystemExit } from "../../mod.ts";

const REASONS: Record<string, unknown> = {
  list: [1, 2, 3],
  text: "ignore this",
  float: 2.5,
  number: 3,
};

export function leave(reason: unknown): never {
  throw new SystemExit(reason as number);
}

if (import.meta.main) {
  const p = new Process({ target: leave, args: [REASONS[process.argv[2]!]] });
  await p.start();
  await p.join();
  console.log(`exitcode ${p.exitcode}`);
}
