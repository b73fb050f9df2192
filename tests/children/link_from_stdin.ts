// Moves the link off stdin, reads it there, and tells what is left on stdin.
import { readFileSync, readSync } from "node:fs";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { linkDescriptor } from "../../src/runtime/link_fd.ts";

const link = linkDescriptor();
const bytes = new Uint8Array(100);
const length = readSync(link, bytes);
const { stdout } = spawnSync("cat", { stdio: ["inherit", "pipe", "inherit"] });
process.stdout.write(JSON.stringify([
  linkDescriptor() === link && link > 0,
  new TextDecoder().decode(bytes.subarray(0, length)),
  readFileSync(0).length,
  stdout.length,
]));
