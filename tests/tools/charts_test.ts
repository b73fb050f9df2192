/** The pictures of the pages: that they say what was measured, when, and how. */
import { match, ok, strictEqual } from "node:assert/strict";
import type { BenchRecord } from "../../scripts/bench/record.ts";
import { architecture, port } from "../../scripts/charts/drawings.ts";
import { peersChart, speedChart } from "../../scripts/charts/speed.ts";
import { timelineChart } from "../../scripts/charts/timeline.ts";
import { test } from "../suite.ts";

const figure = (median: number) => ({ median, rounds: [median] });

/** A run of the benchmark with two rows. */
const RECORD: BenchRecord = {
  date: "2026-01-02T03:04:05.000Z",
  commit: "0123456789abcdef+",
  machine: { system: "linux x64", cpu: "A & B", cpus: 2, memoryMB: 4000, load: 0.5 },
  rounds: 3,
  versions: { "Python 3.13.0": "Python 3.13.0", deno: "deno 2.9.6", node24: "v24.1.0" },
  rows: {
    poolMap: {
      program: "pool",
      title: "pool, map (elements/s)",
      figures: { deno: figure(20), node24: figure(10), tinypool: figure(5) },
      ratios: { deno: { "Python 3.13.0": 0.5 }, node24: { tinypool: 2 } },
    },
    idleMemory: {
      program: "queues",
      title: "process that waits, in memory",
      lessIsBetter: true,
      figures: { deno: figure(40) },
      ratios: { deno: { "Python 3.13.0": 4 } },
    },
  },
};

/** Each element of a picture is closed, and no text breaks it. */
function checkWhole(svg: string): void {
  const open: string[] = [];
  for (const [, end, name, rest] of svg.matchAll(/<(\/?)([\w:]+)([^<>]*)>/g)) {
    if (end !== "") strictEqual(open.pop(), name);
    else if (!rest!.endsWith("/")) open.push(name!);
  }
  strictEqual(open.length, 0);
  ok(!/&(?!amp;|lt;|gt;|quot;)/.test(svg));
  match(svg, /prefers-color-scheme: dark/);
}

test("a chart says what was measured, when, where and by which command", () => {
  const svg = speedChart(RECORD)!;
  checkWhole(svg);
  for (
    const part of ["pool, map (elements/s)", "Deno: 0.50×", "2026-01-02", "A &amp; B"]
  ) {
    ok(svg.includes(part), part);
  }
  ok(svg.includes("commit 0123456789 and changes; medians of 3 rounds"));
  ok(svg.includes("deno task bench --json=FILE; deno task charts FILE"));
  ok(!svg.includes("in memory"), "no rate");
});

test("a chart says that the machine was busy", () => {
  const busy = { ...RECORD, machine: { ...RECORD.machine, load: 1.5 } };
  ok(speedChart(busy)!.includes("measure again"));
  ok(!speedChart(RECORD)!.includes("measure again"));
});

test("a chart of other packages has those that were measured", () => {
  const svg = peersChart(RECORD)!;
  checkWhole(svg);
  ok(svg.includes("tinypool: 2.00×"));
  strictEqual(peersChart({ ...RECORD, rows: {} }), undefined);
  const { node24: _, ...versions } = RECORD.versions;
  strictEqual(peersChart({ ...RECORD, versions }), undefined);
});

test("the drawings and the timeline are whole", async () => {
  checkWhole(architecture());
  checkWhole(port());
  const timeline = await timelineChart();
  checkWhole(timeline);
  for (const part of ["worker 4", "its successor", "SIGKILL"]) {
    ok(timeline.includes(part), part);
  }
});
