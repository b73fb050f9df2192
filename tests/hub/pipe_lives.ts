/**
 * A program that lives through pipes by chance: `pipe_lives.ts STEPS WORLDS SEED`. It
 * prints how many lives went well, or fails with one that did not, shortened.
 *
 * It is a program of its own as Node's test runner watches every promise, which makes
 * what does little but wait for promises ten times as slow.
 *
 * @module
 */
import { fail } from "node:assert/strict";
import process from "node:process";
import { random } from "../kill/items.ts";
import { World } from "./pipe_world.ts";

/** Lives through a world; gives the error if something is wrong in it. */
async function live(choices: readonly number[], log?: string[]): Promise<unknown> {
  const world = new World((choices[0] ?? 0) % 2 === 0);
  try {
    for (const choice of choices) await world.step(choice);
    await world.finish();
  } catch (error) {
    log?.push(...world.log);
    return error;
  }
}

/** Leaves out whatever is not needed for a failure. */
async function shorten(choices: number[]): Promise<number[]> {
  for (let size = choices.length >> 1; size > 0; size >>= 1) {
    for (let at = 1; at < choices.length;) {
      const fewer = [...choices.slice(0, at), ...choices.slice(at + size)];
      if (await live(fewer) === undefined) at += size;
      else choices = fewer;
    }
  }
  return choices;
}

if (import.meta.main) {
  const [steps, worlds, first] = process.argv.slice(2).map(Number) as [
    number,
    number,
    number,
  ];
  for (let seed = first; seed < first + worlds; seed++) {
    const next = random(seed);
    const choices = Array.from({ length: steps }, () => Math.floor(next() * 2 ** 32));
    if (await live(choices) === undefined) continue;
    const short = await shorten(choices);
    const log: string[] = [];
    const error = await live(short, log);
    fail(`seed ${seed}, ${steps} steps: ${error}\n${log.join("\n")}`);
  }
  console.log(`${worlds} lives of ${steps} steps`);
}
