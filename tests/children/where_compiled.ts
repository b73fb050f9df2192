// Has a child say where it keeps what it compiles, and live long enough to keep it.
import { setTimeout } from "node:timers/promises";
import module from "node:module";
import process from "node:process";
import { is_main, Process } from "../../mod.ts";

export async function say(): Promise<void> {
  const { getCompileCacheDir } = module as {
    getCompileCacheDir?(): string | undefined;
  };
  console.log(
    getCompileCacheDir === undefined ? "unknown" : getCompileCacheDir() ?? "",
  );
  console.log(process.env["NODE_COMPILE_CACHE"] ?? "");
  await setTimeout(500);
}

if (is_main(import.meta)) {
  const p = new Process({ target: say });
  p.start();
  await p.join();
}
