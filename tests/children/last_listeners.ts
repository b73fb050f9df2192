// Listens to the end of a child, with Node's `process` and, on Deno, without that.
import process from "node:process";
import { is_main, Process } from "../../mod.ts";
import { withEvents } from "./last_events.ts";

export function withProcess(): void {
  process.on("exit", (code) => {
    console.log("exit", code);
    process.exitCode = 7;
  });
  process.exitCode = 5;
}

if (is_main(import.meta)) {
  for (const target of [withProcess, withEvents]) {
    const p = new Process({ target });
    p.start();
    await p.join();
    console.log(target.name, p.exitcode);
  }
}
