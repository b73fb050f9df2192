/** A program that supervises, and does not wait; with an argument, it exits meanwhile. */
import process from "node:process";
import { is_main, Process, Queue } from "../../mod.ts";
import { supervise } from "../../src/process/supervisor.ts";
import { endWith, sayAndHang } from "../helpers/supervised_targets.ts";

if (is_main(import.meta)) {
  if (process.argv.includes("exit")) {
    const said = Queue<number>();
    supervise(() => new Process({ target: sayAndHang, args: [said] }), { delay: 0 });
    await said.get();
    console.log("running");
    process.exit(4);
  } else {
    supervise(() => new Process({ target: endWith, args: [3] }), {
      delay: 0.05,
      restarts: 1,
      on_exit: ({ exitcode, delay }) => console.log(`failed ${exitcode} ${delay}`),
    });
  }
}
