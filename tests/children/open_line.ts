// A child that tells which colours it is to print, and one that writes a line in parts and
// waits for a file before it goes on.
import { existsSync, watch } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { is_main, Process } from "../../mod.ts";

export function tellColors(): void {
  console.log(`colours: ${process.env["FORCE_COLOR"]}`);
}

export async function work(go: string): Promise<void> {
  process.stdout.write("working ...");
  while (!existsSync(go)) {
    await new Promise<void>((resolve) => {
      const watcher = watch(dirname(go), () => {
        watcher.close();
        resolve();
      });
      if (existsSync(go)) watcher.close(), resolve();
    });
  }
  process.stdout.write(" done\n");
}

if (is_main(import.meta)) {
  const colors = new Process({ target: tellColors });
  colors.start();
  await colors.join();
  const p = new Process({ target: work, args: [process.argv[2]!] });
  p.start();
  await p.join();
  console.log("exit code", p.exitcode);
}
