// A child prints text without a newline at its end, or what looks like a frame.
import process from "node:process";
import { Process } from "../../mod.ts";

export function print(what: string): void {
  if (what === "binary") {
    process.stdout.write("before ");
    process.stdout.write(Uint8Array.of(0xd8, 0x18, 0x5a, 0, 0, 0, 4));
    process.stdout.write(" after\nnext\n");
    return;
  }
  console.log();
  console.log();
  process.stdout.write("one\r\n\ttwo \u{1F600} \x00\n\nthree, ");
  process.stdout.write("and no newline");
}

if (import.meta.main) {
  const p = new Process({ target: print, args: [process.argv[2] ?? "text"] });
  await p.start();
  await p.join();
}
