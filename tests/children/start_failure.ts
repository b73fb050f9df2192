// A child whose module is broken after the root has loaded it; prints its exit code.
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { Process } from "../../mod.ts";

const BREAK: Record<string, (path: string) => void> = {
  syntax: (path) => writeFileSync(path, "export function work( {\n"),
  throws: (path) => writeFileSync(path, "throw new RangeError('not today');\n"),
  gone: (path) => rmSync(path),
  renamed: (path) => writeFileSync(path, "export function labour() {}\n"),
  exits: (path) => writeFileSync(path, "process.exit(9);\nexport function work() {}\n"),
};

if (import.meta.main) {
  const [how, source, path] = process.argv.slice(2) as [string, string, string];
  copyFileSync(source, path);
  const { work } = await import(pathToFileURL(path).href);
  BREAK[how]!(path);
  const p = new Process({ target: work });
  await p.start();
  await p.join();
  console.log(`exitcode ${p.exitcode}`);
}
