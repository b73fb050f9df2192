/**
 * A program that is an executable of its own, as others see it: what it starts children with
 * is the program itself. It writes its pid to a file each time that it is run.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Process, set_executable } from "../../mod.ts";

const [file, executable] = process.argv.slice(2) as [string, string];
appendFileSync(file, `${process.pid}\n`);
set_executable(executable);

export function work(): void {}

/** A child may run other programs that use this package. */
function runOther(): string {
  const path = fileURLToPath(new URL("./other_program.ts", import.meta.url));
  const other = import.meta.url.endsWith(".ts") ? path : path.replace(/ts$/, "js");
  const flags = "Deno" in globalThis ? ["run", "-A"] : [];
  return spawnSync(process.execPath, [...flags, other], { encoding: "utf8" }).stdout;
}

setTimeout(async () => {
  const p = new Process({ target: work });
  try {
    await p.start();
    await p.join();
    process.stdout.write(`exit code ${p.exitcode}\n`);
  } catch (error) {
    const line = String(error).split("\n")[1]?.trim();
    process.stderr.write(`${(error as Error).name} ${line}\n${runOther()}`);
    process.exitCode = 1;
  }
}, 1);
