// Sends something long to a child that is busy, and ends in the way that it is told.
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { Pipe, Process } from "../../mod.ts";
import { beBusy } from "../helpers/long_targets.ts";
import { bypassFiles } from "../helpers/shared_files.ts";

if (import.meta.main) {
  const [mine, yours] = Pipe();
  const p = new Process({ target: beBusy, args: [yours, 1200], daemon: true });
  await p.start();
  await mine.recv();
  await setTimeout(300); // it is busy now
  await mine.send_bytes(new Uint8Array(200_000));
  await setTimeout(100);
  console.log(bypassFiles().map(({ path }) => path)[0]);
  switch (process.argv[2]) {
    case "exit":
      process.exit(0);
      break;
    case "throw":
      throw new RangeError("not today");
    default:
      process.kill(process.pid, process.argv[2]);
      await setTimeout(5000);
  }
}
