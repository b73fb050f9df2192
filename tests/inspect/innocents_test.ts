/**
 * Programs that only look stuck: none may be called a deadlock. Each takes some seconds, and
 * does little meanwhile, so several run at a time. `deno task innocents` runs all, often.
 */
import { deepStrictEqual } from "node:assert/strict";
import { SOME } from "../helpers/innocents.ts";
import { programCommand, runCommand } from "../helpers/run.ts";
import { test } from "../suite.ts";

/** How many run at a time. */
const AT_ONCE = 5;

/** Gives a command an input that stays open for a while, and has a line then. */
const TYPING = ["sh", "-c", '(sleep 4; echo line) | "$@"', "sh"];

/** What a program prints: "over", unless there was an alarm. */
async function run(name: string): Promise<[name: string, output: string]> {
  const command = programCommand("tests/children/innocents.ts", { args: [name] });
  const { stdout, stderr } = await runCommand([...TYPING, ...command]);
  return [name, stdout.endsWith("over\n") ? stdout : stdout + stderr];
}

test("no alarm in programs that only look stuck", async () => {
  const left = [...SOME];
  const results: [string, string][] = [];
  const work = async () => {
    for (let name; (name = left.shift()) !== undefined;) results.push(await run(name));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  deepStrictEqual(results.filter(([, output]) => output !== "over\n"), []);
}, { timeout: 200 });
