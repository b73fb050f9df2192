// Runs a script that is kept compiled, and prints what it gives: path, name, and how long
// this process lives: "longer" than its first moments, "shorter", or "waiting" for its work.
import process from "node:process";
import { cacheNow, runKept } from "../../src/runtime/speed/compile_cache.ts";

const [path, name, life] = process.argv.slice(2) as [string, string, string];
console.log(runKept(path, name, (text) => text, life === "longer" ? 0 : 1e6));
if (life === "waiting") cacheNow();
// By then it is kept: the timer that sees to it is due before this one.
if (life === "longer") await new Promise((resolve) => setTimeout(resolve, 2));
