/**
 * A search for the best parameters of a model: an endless generator suggests pairs of them,
 * four workers try them out, and the loop is left when one is good enough. No more than eight
 * suggestions are made ahead of the results, and the generator is closed in the end.
 *
 * Run it with `deno run -A examples/parameter_search.ts`, `bun` or `node`. The same program in
 * Python: `python/parameter_search.py`. Python's pools read all of their input at once; so
 * a semaphore does there what `buffersize` does here.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool } from "../mod.ts";

/** Suggestions that may be made before their results are looked at. */
const AHEAD = 8;

type Parameters = [rate: number, layers: number];

/** How far a model with these parameters is from what it should say. */
export function trial([rate, layers]: Parameters): [number, Parameters] {
  let weight = 0;
  for (let step = 0; step < 20000; step++) weight += (layers - weight) / 50;
  const loss = Math.abs(weight - 5) + Math.abs(rate - 0.03);
  return [loss, [rate, layers]];
}

let suggested = 0;
let isClosed = false;

/** All pairs of a rate and a number of layers, without end. */
function* suggestions(): Generator<Parameters> {
  try {
    for (let sum = 1;; sum++) {
      for (let layers = 1; layers <= sum; layers++) {
        suggested++;
        yield [(sum + 1 - layers) / 100, layers];
      }
    }
  } finally {
    isClosed = true;
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using pool = Pool(4); // with Pool(4) as pool:
  let looked = 0;
  let ahead = 0;
  const results = pool.imap_unordered(trial, suggestions(), { buffersize: AHEAD });
  for await (const [loss, [rate, layers]] of results) {
    looked++;
    ahead = Math.max(ahead, suggested - looked);
    if (loss < 1e-6) {
      console.log(`found: rate ${rate}, ${layers} layers`);
      break;
    }
  }
  console.log("others were tried:", looked > 20);
  console.log("never more than eight ahead:", ahead <= AHEAD);
  console.log("the generator is closed:", isClosed);
}
