/**
 * Makes a program that fails smaller: steps are taken out as long as the same step still
 * differs. All candidates of a round are run in one process of each side.
 *
 * @module
 */
import type { Program, Step } from "./program.ts";
import { type Difference, outline } from "./run.ts";

/** Runs programs and tells which steps differ. */
export type Run = (programs: Program[]) => Promise<Difference[]>;

/** How a candidate is run: the most of them at a time. */
const MOST_CANDIDATES = 24;

/** The smallest program found in which the step of `found` still differs. */
export async function shrink(
  program: Program,
  found: Difference,
  run: Run,
): Promise<Program> {
  let steps = program.steps;
  const wanted = outline(found);
  const kept = async (candidates: Step[][]): Promise<number> => {
    const programs = candidates.map((steps) => ({ kind: program.kind, steps }));
    const differences = await run(programs);
    return candidates.findIndex((_, i) =>
      differences.some((one) => one.program === i && outline(one) === wanted)
    );
  };
  steps = await reduced(steps, kept);
  for (const [i, { body }] of [...steps.entries()].reverse()) {
    if (body === undefined) continue;
    const replaced = (inner: Step[]): Step[] =>
      steps.with(i, { ...steps[i]!, body: { ...body, steps: inner } });
    const inner = await reduced(
      body.steps,
      (candidates) => kept(candidates.map(replaced)),
    );
    steps = replaced(inner);
  }
  return { ...program, steps };
}

/** Takes out halves, quarters … and at last single steps. */
async function reduced(
  steps: Step[],
  kept: (candidates: Step[][]) => Promise<number>,
): Promise<Step[]> {
  let parts = 2;
  while (steps.length > 1) {
    const size = Math.ceil(steps.length / parts);
    const candidates: Step[][] = [];
    for (let start = 0; start < steps.length; start += size) {
      candidates.push([...steps.slice(0, start), ...steps.slice(start + size)]);
    }
    let at = -1;
    for (let i = 0; i < candidates.length && at < 0; i += MOST_CANDIDATES) {
      const found = await kept(candidates.slice(i, i + MOST_CANDIDATES));
      if (found >= 0) at = i + found;
    }
    if (at >= 0) {
      steps = candidates[at]!;
      parts = Math.max(parts - 1, 2);
    } else if (size === 1) break;
    else parts = Math.min(parts * 2, steps.length);
  }
  return steps;
}
