/**
 * The benchmark's table.
 *
 * @module
 */
import type { Case } from "./cases.ts";

/** What one contestant reached, by the names of the cases. */
export interface Column {
  name: string;
  figures: Map<string, number>;
}

/**
 * Prints a row for each case.
 *
 * @param base The column that the others are compared with, if there is one.
 * @param inverse Whether the ratio says how much better the base is than the others.
 */
export function printTable(
  cases: [string, Case][],
  columns: Column[],
  base: Column | undefined,
  inverse = false,
): void {
  const head = ["", ...columns.map(({ name }) => name)];
  const rows = cases.map(([name, { title, like, beside }]) => {
    const cells = columns.map((column) => {
      const rate = column.figures.get(name);
      const yardstick = beside === undefined ? base : column;
      const other = column === base
        ? undefined
        : yardstick?.figures.get(beside ?? like ?? name);
      return cell(rate, other, inverse);
    });
    return [title, ...cells];
  });
  printRows([head, ...rows]);
}

/** Prints cells one below the other; the first of each row is its title. */
export function printRows(rows: string[][]): void {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  for (const row of rows) {
    const [title, ...cells] = row.map((text, column) =>
      column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)
    );
    console.log([title, ...cells].join("  ").trimEnd());
  }
}

/** A figure as text. */
export function format(rate: number): string {
  return rate.toLocaleString("en", { maximumFractionDigits: rate < 100 ? 1 : 0 });
}

/** The middle one. */
export function median(figures: number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}

function cell(
  rate: number | undefined,
  other: number | undefined,
  inverse: boolean,
): string {
  if (rate === undefined) return "";
  const text = format(rate);
  if (other === undefined) return text;
  const ratio = inverse ? other / rate : rate / other;
  return `${text} (${ratio.toFixed(2)}×)`;
}
