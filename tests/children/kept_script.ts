// Runs a script that is kept compiled, and prints what it gives: path, name, and how long
// this process lives: "longer" than its first moments, "shorter", or "waiting" for its work;
// "root" at the end: as the root that it is.
import process from "node:process";
import { cacheNow, runKept } from "../../src/runtime/speed/compile_cache.ts";

const [path, name, life, who] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
];
// A child removes it before it runs the second of its scripts.
if (who !== "root") delete process.env["NODE_COMPILE_CACHE"];
const delay = life === "longer" ? 0 : 1e6;
console.log(runKept(path, name, (text) => text, { delay, isRoot: who === "root" }));
if (life === "waiting") cacheNow();
// By then it is kept: the timer that sees to it is due before this one.
if (life === "longer") await new Promise((resolve) => setTimeout(resolve, 2));
