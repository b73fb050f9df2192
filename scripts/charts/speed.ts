/**
 * Pictures of a run of the benchmark.
 *
 * @module
 */
import type { BenchRecord, Row } from "../bench/record.ts";
import { format } from "../bench/table.ts";
import { element, line, mark, picture, text } from "./svg.ts";

const WIDTH = 880;
/** Where the scale begins, and where it ends. */
const LEFT = 330;
const RIGHT = 850;
const ROW = 21;

/** One row of a chart: ratios by the names of the series. */
interface Ratios {
  title: string;
  program: string;
  ratios: Map<string, number>;
}

const NAMES: Record<string, string> = {
  deno: "Deno",
  bun: "Bun",
  node24: "Node 24",
  node26: "Node 26",
};

/** How many times CPython's rates those of our runtimes are, on a logarithmic scale. */
export function speedChart(record: BenchRecord): string | undefined {
  const python = Object.keys(record.versions).find((name) => name.startsWith("Python"));
  if (python === undefined) return undefined;
  const series = Object.keys(record.versions).filter((name) => name !== python);
  const rows = ratesOf(record).map((row): Ratios => ({
    ...row,
    ratios: new Map(series.flatMap((name) => {
      const ratio = row.ratios[name]?.[python];
      return ratio === undefined ? [] : [[name, ratio] as const];
    })),
  }));
  return chart(record, {
    title: `Rates against ${python}: more is better`,
    unit: `times the rate of ${python}`,
    series,
    rows,
    command: "deno task bench",
  });
}

/** How many times the rates of other packages' pools ours are, on Node. */
export function peersChart(record: BenchRecord): string | undefined {
  const own = record.versions.node24 === undefined ? undefined : "node24";
  if (own === undefined) return undefined;
  const rows = ratesOf(record).filter(({ program }) => program === "pool");
  const isPeer = (name: string) => record.versions[name] === undefined;
  const peers = new Set(rows.flatMap(({ figures }) => Object.keys(figures)));
  const series = [...peers].filter(isPeer);
  if (series.length === 0) return undefined;
  return chart(record, {
    title: "This package's pool on Node 24 against other packages' pools",
    unit: "times the other pool's rate",
    series,
    rows: rows.map((row) => ({
      ...row,
      ratios: new Map(series.flatMap((name) => {
        const ratio = row.ratios[own]?.[name];
        return ratio === undefined ? [] : [[name, ratio] as const];
      })),
    })).filter(({ ratios }) => ratios.size > 0),
    command: "deno task bench pool",
  });
}

function ratesOf({ rows }: BenchRecord): Row[] {
  return Object.values(rows).filter(({ lessIsBetter }) => !lessIsBetter);
}

interface Chart {
  title: string;
  unit: string;
  series: string[];
  rows: Ratios[];
  command: string;
}

function chart(record: BenchRecord, { title, unit, series, rows, command }: Chart) {
  const all = rows.flatMap(({ ratios }) => [...ratios.values()]);
  const [low, high] = [Math.min(1, ...all), Math.max(1, ...all)].map(Math.log10) as [
    number,
    number,
  ];
  const at = (ratio: number) =>
    LEFT + 10 + (Math.log10(ratio) - low) / (high - low || 1) * (RIGHT - LEFT - 20);
  const parts = [text(0, 18, title, "head"), ...legend(series)];
  let y = 62;
  const top = y - 4;
  let program = "";
  for (const row of rows) {
    if (row.program !== program) {
      y += program === "" ? 0 : 8;
      program = row.program;
    }
    y += ROW;
    parts.push(text(LEFT - 12, y, row.title, "", { "text-anchor": "end" }));
    parts.push(line(LEFT, y - 4, RIGHT, y - 4));
    for (const [name, ratio] of row.ratios) {
      const shape = mark(series.indexOf(name), at(ratio), y - 4);
      const told = `${NAMES[name] ?? name}: ${ratio.toFixed(2)}×`;
      parts.push(element("g", {}, element("title", {}, told) + shape));
    }
  }
  const bottom = y + 10;
  for (const tick of ticks(low, high)) {
    parts.push(line(at(tick), top, at(tick), bottom, tick === 1 ? "strong" : "line"));
    parts.push(text(at(tick), bottom + 16, `${tick}×`, "dim small", MIDDLE));
  }
  parts.push(text(RIGHT, bottom + 34, unit, "dim small", { "text-anchor": "end" }));
  const about = circumstancesOf(record, command);
  for (const [i, words] of about.entries()) {
    parts.push(text(0, bottom + 56 + 15 * i, words, "dim small"));
  }
  if (record.machine.load > record.machine.cpus / 2) {
    const busy = "the machine was busy with other things: measure again";
    parts.push(text(0, bottom + 34, busy, "bad"));
  }
  return picture(WIDTH, bottom + 56 + 15 * about.length, title, parts);
}

const MIDDLE = { "text-anchor": "middle" };

/** The series' marks and names: above the scale, or from the left on if they are many. */
function legend(series: string[]): string[] {
  const from = series.length > 4 ? 6 : LEFT + 10;
  return series.flatMap((name, i) => [
    mark(i, from + 130 * i, 40),
    text(from + 12 + 130 * i, 44, NAMES[name] ?? name),
  ]);
}

/** 1, 3, 10 and so on, as far as the scale goes. */
function ticks(low: number, high: number): number[] {
  const found: number[] = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const first of [1, 3]) {
      const tick = Number((first * 10 ** power).toPrecision(1));
      if (Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high) found.push(tick);
    }
  }
  return found;
}

/** When and where it was measured, and the command that measures it again. */
function circumstancesOf(record: BenchRecord, command: string): string[] {
  const { machine, versions, rounds, date, commit } = record;
  return [
    `${date.slice(0, 10)}, commit ${commit.slice(0, 10)}${
      commit.endsWith("+") ? " and changes" : ""
    }; medians of ${rounds} ${rounds === 1 ? "round" : "rounds"}`,
    `${machine.cpus} × ${machine.cpu}, ${
      format(machine.memoryMB)
    } MB, ${machine.system}; ` +
    `load as it began: ${machine.load.toFixed(1)}`,
    Object.entries(versions).map(([name, version]) =>
      name === version ? name : `${NAMES[name] ?? name}: ${version}`
    ).join("; "),
    `${command} --json=FILE; deno task charts FILE`,
  ];
}
