/**
 * Makes a program that fails smaller: steps are taken out as long as the same step still
 * differs. All candidates of a round are run in one process of each side.
 *
 * @module
 */
import { type Program, type Step, variablesIn } from "./program.ts";
import { type Difference, outline } from "./run.ts";

/** Runs programs and tells which steps differ. */
export type Run = (programs: Program[]) => Promise<Difference[]>;

/** How a candidate is run: the most of them at a time. */
const MOST_CANDIDATES = 12;

/**
 * The smallest program found in which the step of `found` still differs; undefined if it
 * does not differ again in the whole one.
 */
export async function shrink(
  program: Program,
  found: Difference,
  run: Run,
): Promise<Program | undefined> {
  let steps = program.steps;
  const wanted = outline(found);
  const kept = async (candidates: Step[][]): Promise<number> => {
    const programs = candidates.map((steps) => ({ kind: program.kind, steps }));
    const differences = await run(programs);
    return candidates.findIndex((_, i) =>
      differences.some((one) => one.program === i && outline(one) === wanted)
    );
  };
  const last = Number(found.key.split(".")[1]);
  const first = [related(steps, last), steps.slice(0, last + 1), steps];
  const at = await kept(first);
  if (at < 0) return undefined;
  steps = first[at]!;
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

/** The steps before one, and itself, that have to do with its variables. */
function related(steps: Step[], last: number): Step[] {
  const wanted = new Set<string>();
  const isWanted = steps.map(() => false);
  const want = (step: Step, i: number) => {
    isWanted[i] = true;
    for (const name of usedBy(step)) wanted.add(name);
  };
  for (let i = last; i >= 0; i--) {
    const step = steps[i];
    if (step === undefined) continue;
    const makes = step.makes !== undefined && wanted.has(step.makes);
    if (i === last || makes) want(step, i);
  }
  return steps.slice(0, last + 1).filter((step, i) =>
    isWanted[i] ||
    step.makes === undefined && usedBy(step).some((one) => wanted.has(one))
  );
}

function usedBy({ code, body }: Step): string[] {
  return [...variablesIn(code), ...body?.parameters ?? []];
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
