// Runs a script that is kept compiled, and prints what it gives: path, name.
import process from "node:process";
import { runKept } from "../../src/runtime/speed/compile_cache.ts";

const [path, name] = process.argv.slice(2) as [string, string];
console.log(runKept(path, name, (text) => text, 0));
// By then it is kept: the timer that sees to it is due before this one.
await new Promise((resolve) => setTimeout(resolve, 2));
