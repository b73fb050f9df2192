/** Bars of calls that end in all ways; what is on stdout tells that they went on. */
import { is_main, Pool } from "../../mod.ts";
import { bar } from "../../src/pool/progress.ts";
import { forEver } from "../helpers/pool_work.ts";

export function half(x: number): number {
  if (x % 2 !== 0) throw new RangeError(`${x} is odd`);
  return x / 2;
}

async function count(values: AsyncIterable<unknown>): Promise<number> {
  let n = 0;
  for await (const _ of values) n++;
  return n;
}

if (is_main(import.meta)) {
  const even = Array.from({ length: 20 }, (_, i) => 2 * i);
  const pool = Pool(2);
  const whole = bar("whole");
  console.log((await pool.map(half, even, { progress: whole })).length);
  console.log(whole.n, whole.total);
  console.log(await count(pool.imap(half, even.values(), { progress: bar("open") })));
  const progress = bar({ desc: "told", total: 20, unit: "x" });
  console.log(await count(pool.imap_unordered(half, even.values(), { progress })));
  await pool.map(half, even, { progress: bar("gone", { leave: false }) });
  await pool.map(half, even, { progress: bar("never", { disable: true }) });
  await pool.map(half, [], { progress: bar("empty") });
  const failed = pool.apply_async(half, [1], { progress: bar() });
  await failed.wait();
  console.log(failed.successful());
  // The program ends while this one is drawn: a bar does not keep it.
  const signal = AbortSignal.abort(new RangeError("no"));
  console.log(
    await pool.map(half, even, { progress: bar("off"), signal }).catch(String),
  );
  pool.map_async(forEver, [1], { progress: bar("left") });
}
