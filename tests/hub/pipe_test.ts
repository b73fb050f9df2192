/**
 * Pipes by chance: many short lives of a pipe, with several processes that send,
 * receive, watch, abort, close, pass ends on and die. `PIPE_WORLDS` and `PIPE_SEED` in the
 * environment change how many, and which. A failing one is shortened and shown.
 *
 * @module
 */
import { fail } from "node:assert/strict";
import process from "node:process";
import { random } from "../cpython/helpers/kill_items.ts";
import { test } from "../suite.ts";
import { World } from "./pipe_world.ts";

const WORLDS = Number(process.env["PIPE_WORLDS"] ?? 1000);
const SEED = Number(process.env["PIPE_SEED"] ?? 20260801);
const STEPS = 150;

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

test(
  `a pipe does what it should in ${WORLDS} random lives of ${STEPS} steps`,
  async () => {
    for (let seed = SEED; seed < SEED + WORLDS; seed++) {
      const next = random(seed);
      const choices = Array.from({ length: STEPS }, () => Math.floor(next() * 2 ** 32));
      if (await live(choices) === undefined) continue;
      const short = await shorten(choices);
      const log: string[] = [];
      const error = await live(short, log);
      fail(`seed ${seed}: ${error}\n${log.join("\n")}`);
    }
  },
  { timeout: 120 },
);
