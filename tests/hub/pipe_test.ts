/**
 * Pipes by chance: many short lives of a pipe, with several processes that send,
 * receive, watch, abort, close, pass ends on and die; most of the lives are very short.
 * `PIPE_WORLDS` and `PIPE_SEED` in the environment change how many, and which. A failing
 * one is shortened and shown.
 *
 * @module
 */
import { fail } from "node:assert/strict";
import process from "node:process";
import { random } from "../cpython/helpers/kill_items.ts";
import { test } from "../suite.ts";
import { World } from "./pipe_world.ts";

const WORLDS = Number(process.env["PIPE_WORLDS"] ?? 50_000);
const SEED = Number(process.env["PIPE_SEED"] ?? 20260801);

/** Steps of a life, and how many of the lives have so many. */
const LIVES: [steps: number, share: number][] = [[150, 0.02], [16, 0.98]];

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

for (const [steps, share] of LIVES) {
  const worlds = Math.ceil(WORLDS * share);
  test(
    `a pipe does what it should in ${worlds} random lives of ${steps} steps`,
    async () => {
      for (let seed = SEED; seed < SEED + worlds; seed++) {
        const next = random(seed);
        const choices = Array.from(
          { length: steps },
          () => Math.floor(next() * 2 ** 32),
        );
        if (await live(choices) === undefined) continue;
        const short = await shorten(choices);
        const log: string[] = [];
        const error = await live(short, log);
        fail(`seed ${seed}, ${steps} steps: ${error}\n${log.join("\n")}`);
      }
    },
    { timeout: 240 },
  );
}
