/**
 * Calls of a pool of which only a callback tells: nobody awaits the result. Arguments:
 * the kind of pool, the method, how it ends, and where the program awaits.
 */
import process from "node:process";
import { setTimeout } from "node:timers";
import { is_main, Pool } from "../../mod.ts";
import { ThreadPool } from "../../src/pool.ts";

/** Takes a while, in which nothing else keeps the program alive. */
export async function slow(x: number): Promise<number> {
  await new Promise((resolve) => void setTimeout(resolve, 100));
  if (x < 0) throw new RangeError("negative");
  return x * x;
}

type Kind = "Pool" | "ThreadPool";
type Method = "apply_async" | "map_async" | "starmap_async";

function begin(
  kind: Kind,
  method: Method,
  x: number,
  options: Record<string, (value: unknown) => void>,
): void {
  const pool = kind === "Pool" ? Pool(1) : new ThreadPool(1);
  if (method === "apply_async") pool.apply_async(slow, [x], options);
  else if (method === "map_async") pool.map_async(slow, [x], options);
  else pool.starmap_async(slow, [[x]], options);
}

/** Settles when the only thing that tells of the call has told. */
function only(kind: Kind, method: Method, how: string): Promise<unknown> {
  return new Promise((resolve) => {
    if (how === "callback") {
      begin(kind, method, 3, { callback: resolve });
    } else if (how === "error_callback") {
      begin(kind, method, -3, {
        error_callback: (error) => resolve(`${(error as Error).name}: ${error}`),
      });
    } else { // the one that is not called holds the program, too
      process.once("exit", () => console.log("exit"));
      begin(kind, method, 3, { error_callback: resolve });
    }
  });
}

async function main(): Promise<void> {
  const [kind, method, how] = process.argv.slice(2) as [Kind, Method, string];
  console.log(String(await only(kind, method, how)));
}

if (is_main(import.meta)) {
  if (process.argv[5] === "top") await main();
  else void main();
}
