/**
 * A run of the benchmark against an earlier one.
 *
 * @module
 */
import type { BenchRecord, Row } from "./record.ts";
import { format, printRows } from "./table.ts";

/** What of ours is less than so many times as good as before is named at the end. */
const WORSE = 0.95;

/**
 * Prints all rows that both runs have: for every contestant that both have, the later
 * figure, and in brackets how many times as good it is as the earlier one.
 */
export function printComparison(before: BenchRecord, after: BenchRecord): void {
  for (const [name, run] of Object.entries({ before, after })) {
    const { cpu, cpus, load } = run.machine;
    const rounds = `${run.rounds} round${run.rounds === 1 ? "" : "s"}`;
    console.log(
      `${name}: ${run.commit.slice(0, 10)}, ${run.date}, ${rounds}, ` +
        `${cpus} × ${cpu}, load ${load.toFixed(1)}`,
    );
  }
  const names = contestantsOf(after).filter((name) =>
    contestantsOf(before).includes(name)
  );
  const rows: string[][] = [];
  const worse: string[] = [];
  for (const [name, row] of Object.entries(after.rows)) {
    const old = before.rows[name];
    if (old === undefined) continue;
    const ratios = names.map((contestant) => timesAsGood(old, row, contestant));
    const cells = ratios.map((ratio, i) =>
      ratio === undefined
        ? ""
        : `${format(row.figures[names[i]!]!.median)} (${ratio.toFixed(2)}×)`
    );
    rows.push([row.title, ...cells]);
    for (const [i, contestant] of names.entries()) {
      const ratio = ratios[i];
      const isOurs = contestant in row.ratios;
      if (!isOurs || ratio === undefined || ratio >= WORSE) continue;
      worse.push(`${row.title}, ${contestant}: ${ratio.toFixed(2)}×`);
    }
  }
  printRows([["", ...names], ...rows]);
  console.log(`\n${worse.length} of ours below ${WORSE}×`);
  for (const line of worse) console.log(line);
}

function contestantsOf({ rows }: BenchRecord): string[] {
  const names = Object.values(rows).flatMap(({ figures }) => Object.keys(figures));
  return [...new Set(names)];
}

function timesAsGood(before: Row, after: Row, name: string): number | undefined {
  const [old, now] = [before.figures[name]?.median, after.figures[name]?.median];
  if (old === undefined || now === undefined) return undefined;
  return after.lessIsBetter ? old / now : now / old;
}
