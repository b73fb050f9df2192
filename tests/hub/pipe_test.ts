/**
 * Pipes by chance: many short lives of a pipe, with several processes that send,
 * receive, watch, abort, close, pass ends on and die; most of the lives are very short.
 * `PIPE_WORLDS` and `PIPE_SEED` in the environment change how many, and which. A failing
 * one is shortened and shown.
 *
 * @module
 */
import process from "node:process";
import { strictEqual } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";

const WORLDS = Number(process.env["PIPE_WORLDS"] ?? 50_000);
const SEED = Number(process.env["PIPE_SEED"] ?? 20260801);

/** Steps of a life, and how many of the lives have so many. */
const LIVES: [steps: number, share: number][] = [[150, 0.02], [16, 0.98]];

for (const [steps, share] of LIVES) {
  const worlds = Math.ceil(WORLDS * share);
  test(
    `a pipe does what it should in ${worlds} random lives of ${steps} steps`,
    async () => {
      const args = [steps, worlds, SEED].map(String);
      const printed = await outputOf("tests/hub/pipe_lives.ts", args, { timeout: 240 });
      strictEqual(printed, `${worlds} lives of ${steps} steps\n`);
    },
    { timeout: 250 },
  );
}
