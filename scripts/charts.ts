/**
 * Draws the pictures of `docs/images/`:
 *
 * - `deno task charts FILE`: those of a run of the benchmark, which
 *   `deno task bench --json=FILE` has written;
 * - `deno task charts`: the others. The timeline is of a pool that works meanwhile.
 *
 * @module
 */
import { resolve } from "node:path";
import { readRecord } from "./bench/record.ts";
import { architecture, port } from "./charts/drawings.ts";
import { peersChart, speedChart } from "./charts/speed.ts";
import { timelineChart } from "./charts/timeline.ts";
import { ROOT } from "./project.ts";

const [file] = Deno.args;
const pictures: Record<string, string | undefined> = {};
if (file === undefined) {
  pictures.architecture = architecture();
  pictures.port = port();
  pictures.timeline = await timelineChart();
} else {
  const record = readRecord(resolve(Deno.env.get("INIT_CWD") ?? ".", file));
  pictures.speed = speedChart(record);
  pictures.peers = peersChart(record);
}
await Deno.mkdir(`${ROOT}/docs/images`, { recursive: true });
for (const [name, svg] of Object.entries(pictures)) {
  if (svg === undefined) continue;
  const path = `docs/images/${name}.svg`;
  await Deno.writeTextFile(`${ROOT}/${path}`, svg);
  console.log(path);
}
