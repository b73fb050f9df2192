// Ends while its daemon runs for ever; by an explicit exit if there is an argument.
import process from "node:process";
import { Process, Queue } from "../../mod.ts";
import { runForEver } from "../cpython/helpers/exit_targets.ts";

if (import.meta.main) {
  const ready = Queue<null>();
  const p = new Process({ target: runForEver, args: [ready], daemon: true });
  await p.start();
  await ready.get();
  console.log(`daemon ${p.pid} runs`);
  if (process.argv[2] !== undefined) process.exit(Number(process.argv[2]));
}
