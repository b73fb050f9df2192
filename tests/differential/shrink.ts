/**
 * Makes a program that fails smaller: steps are taken out as long as the same step still
 * differs. All candidates of a round are run in one process of each side.
 *
 * @module
 */
import { type Program, type Step, usedBy, variablesIn } from "./program.ts";
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
  const [, last = NaN, ...inner] = found.key.split(".").map(Number);
  const first = [
    related(steps, [last, ...inner]),
    related(steps, [last]),
    steps.slice(0, last + 1),
    steps,
  ];
  const at = await kept(first);
  if (at < 0) return undefined;
  steps = await reduced(first[at]!, kept);
  for (const [i, step] of [...steps.entries()].reverse()) {
    const { body } = step;
    if (body === undefined) continue;
    const replaced = (inner: Step[]) => steps.with(i, withSteps(step, inner));
    const inner = await reduced(
      body.steps,
      (candidates) => kept(candidates.map(replaced)),
    );
    steps = replaced(inner);
  }
  return { ...program, steps: await reduced(steps, kept) };
}

/** A step whose function has other steps, and is given what they need. */
function withSteps(step: Step, steps: Step[]): Step {
  const body = step.body!;
  const used = new Set([
    ...steps.flatMap(usedBy),
    ...variablesIn(body.gives ?? NOTHING),
  ]);
  const parameters = body.parameters.filter((name) => used.has(name));
  return { ...step, body: { ...body, parameters, steps } };
}

const NOTHING = { py: "", ts: "" };

/**
 * The steps before one, and itself, that have to do with its variables; and inside of its
 * function, those that have to do with an inner one.
 */
function related(steps: Step[], [last = NaN, ...inner]: number[]): Step[] {
  const before = steps.slice(0, last + 1);
  const step = before[last];
  if (step === undefined) return steps;
  if (step.body !== undefined && inner.length > 0) {
    before[last] = withSteps(step, related(step.body.steps, inner));
  }
  const wanted = new Set(usedBy(before[last]!));
  const isMade = before.map(({ makes }) => makes !== undefined);
  for (let i = last - 1; i >= 0; i--) {
    if (!wanted.has(before[i]!.makes ?? "")) continue;
    isMade[i] = false;
    for (const name of usedBy(before[i]!)) wanted.add(name);
  }
  const started = step.body !== undefined ? steps.slice(last + 1) : [];
  return [
    ...before.filter((one, i) =>
      i === last ||
      !isMade[i] &&
        (one.makes !== undefined || usedBy(one).some((name) => wanted.has(name)))
    ),
    // A process does not run before it is started.
    ...started.filter((one) => usedBy(one).includes(step.makes ?? "")),
  ];
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
