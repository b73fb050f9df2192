/** Sends back to a main module what only that exports. Argument: where it awaits. */
import process from "node:process";
import { is_main, Pool, Process, Queue } from "../../mod.ts";

export class Box {
  value: number;
  constructor(value: number) {
    this.value = value;
  }
  twice(): number {
    return 2 * this.value;
  }
}

export class OwnError extends Error {
  code = 7;
}

export function helper(): string {
  return "helped";
}

export default class Chief extends Box {}

export const arrow = (): string => "arrow";

export function make(kind: string): unknown {
  if (kind === "error") throw new OwnError("own");
  const made: Record<string, unknown> = {
    instance: new Box(21),
    class: Box,
    function: helper,
    default: new Chief(4),
    nested: [new Map([["a", new Box(1)]]), { f: arrow, g: inits }],
  };
  return made[kind];
}

export async function put(q: Queue): Promise<void> {
  await q.put(new Box(3));
  await q.put(helper);
}

async function main(): Promise<void> {
  const pool = Pool(1);
  const box = await pool.apply(make, ["instance"]) as Box;
  console.log(box instanceof Box, box.twice());
  console.log(await pool.apply(make, ["class"]) === Box);
  console.log(await pool.apply(make, ["function"]) === helper);
  console.log(await pool.apply(make, ["default"]) instanceof Chief);
  // deno-lint-ignore no-explicit-any -- of all kinds
  const [map, functions] = await pool.apply(make, ["nested"]) as any;
  console.log(
    map.get("a") instanceof Box,
    functions.f === arrow,
    functions.g === inits,
  );
  const error = await pool.apply(make, ["error"]).catch((error) => error);
  console.log(error instanceof OwnError && error.code === 7);
  await pool.terminate();
  const q = Queue();
  const p = new Process({ target: put, args: [q] });
  p.start();
  console.log((await q.get()) instanceof Box, await q.get() === helper);
  await p.join();
}

function inits(): void {}
export { inits };

if (is_main(import.meta)) {
  if (process.argv[2] === "top") await main();
  else void main();
}

export const late = new Box(0); // not there yet in the former case
