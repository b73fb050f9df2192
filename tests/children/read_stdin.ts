// Reads its stdin as a child does first, and prints how many bytes there were.
import process from "node:process";
import { runtime } from "../../src/runtime/mod.ts";

process.stdout.write(`${runtime.readStdinSync(new Uint8Array(1000))}\n`);
