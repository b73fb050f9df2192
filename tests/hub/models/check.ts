/**
 * Runs random sequences of operations on a model, which checks after each of them that
 * what must always be so is so. A sequence that fails is made as short as possible, and
 * printed with its seed.
 *
 * @module
 */
import { random } from "../../kill/items.ts";

/** What is done, by which process, and a number that decides the rest. */
export type Operation = [name: string, process: number, number: number];

/** A state machine among processes that are played. */
export interface Model {
  /** Does something; where that makes no sense now, nothing. */
  apply(operation: Operation): void;
  /** Throws unless all is as it must be. */
  check(): void;
  /** Brings all waits to an end, and throws unless all is as it must be then. */
  finish(): void;
}

/** What is run. */
export interface Plan {
  name: string;
  create: () => Model;
  /** How often each operation comes, relative to the others. */
  weights: Record<string, number>;
  /** How many processes there are; process 0 is the root and never dies. */
  processes: number;
  sequences: number;
  length: number;
  seed?: number;
}

/** A sequence that failed. */
export interface Finding {
  seed: number;
  operations: Operation[];
  error: unknown;
}

/** Runs all sequences. @throws {Error} with the seed and the shortest sequence, if one fails */
export function check(plan: Plan): void {
  const first = plan.seed ?? 1;
  for (let seed = first; seed < first + plan.sequences; seed++) {
    const operations = generate(plan, seed);
    if (run(plan, operations) === undefined) continue;
    const { operations: short, error } = shrink(plan, { seed, operations });
    const lines = short.map((operation) => JSON.stringify(operation)).join("\n  ");
    throw new Error(
      `${plan.name}, seed ${seed}, ${plan.length} operations: ` +
        `${(error as Error).message}\n  ${lines}`,
      { cause: error },
    );
  }
}

/** The operations that a seed stands for. */
export function generate(plan: Plan, seed: number): Operation[] {
  const next = random(seed);
  const names = Object.entries(plan.weights)
    .flatMap(([name, weight]) => Array<string>(weight).fill(name));
  const below = (limit: number) => Math.floor(next() * limit);
  return Array.from(
    { length: plan.length },
    () => [names[below(names.length)]!, below(plan.processes), below(1000)],
  );
}

/** Runs one sequence; gives the error if it fails. */
export function run(plan: Plan, operations: Operation[]): Error | undefined {
  const model = plan.create();
  try {
    for (const operation of operations) {
      model.apply(operation);
      model.check();
    }
    model.finish();
  } catch (error) {
    return error as Error;
  }
}

/** Leaves out operations, many at first, as long as the rest fails too. */
export function shrink(
  plan: Plan,
  { seed, operations }: Pick<Finding, "seed" | "operations">,
): Finding {
  let error: unknown = run(plan, operations);
  for (let size = Math.ceil(operations.length / 2); size >= 1;) {
    let isShorter = false;
    for (let at = 0; at < operations.length;) {
      const rest = operations.toSpliced(at, size);
      const failure = run(plan, rest);
      if (failure === undefined) at += size;
      else [operations, error, isShorter] = [rest, failure, true];
    }
    if (!isShorter) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return { seed, operations, error };
}
