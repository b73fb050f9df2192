/**
 * What the mechanisms gain that are there for speed alone: the figures with one of them
 * divided by those without it. See `src/runtime/switches.ts`.
 *
 * @module
 */
import { type Mechanism, MECHANISMS } from "../../src/runtime/switches.ts";
import type { Case } from "./cases.ts";
import type { Column } from "./table.ts";

/** The runtimes that have a mechanism, if those are not all. */
const ONLY_ON: Partial<Record<Mechanism, readonly string[]>> = {
  socket: ["deno"],
  fifo: ["bun", "node24", "node26"],
  cache: ["node24", "node26"],
};

/** Mechanisms that are turned off together. */
export interface Variant {
  /** How it is called in the table. */
  title: string;
  /** The environment that turns them off. */
  env: Record<string, string>;
  /** Whether it makes a difference on a runtime. */
  isOn: (runtime: string) => boolean;
}

/** The environment of a program that has everything on. */
export const ALL_ON = { MULTIPROCESSING_PLAIN: "", MULTIPROCESSING_WITHOUT: "" };

/**
 * Reads the option `--without`.
 *
 * @param text Names of mechanisms, which are turned off together; `all` for each of them in
 * turn, and then all together.
 * @returns Undefined if a name is none.
 */
export function parseWithout(text: string): Variant[] | undefined {
  if (text === "all") {
    const plain = { ...ALL_ON, MULTIPROCESSING_PLAIN: "1" };
    const together = { title: "all together", env: plain, isOn: () => true };
    return [...MECHANISMS.map((name) => variantOf([name])), together];
  }
  const names = text.split(",") as Mechanism[];
  return names.every((name) => MECHANISMS.includes(name))
    ? [variantOf(names)]
    : undefined;
}

function variantOf(names: Mechanism[]): Variant {
  return {
    title: names.join(", "),
    env: { ...ALL_ON, MULTIPROCESSING_WITHOUT: names.join(",") },
    isOn: (runtime) => names.some((name) => ONLY_ON[name]?.includes(runtime) ?? true),
  };
}

/** What was measured on one runtime, with everything and without each variant's mechanisms. */
export interface Measurement {
  runtime: string;
  all: Column;
  without: Map<Variant, Column>;
}

/**
 * The gains as Markdown: first the middle and the best of each, then all.
 *
 * @param cases The rows that were measured, by name.
 */
export function gainsAsMarkdown(
  cases: [string, Case][],
  variants: Variant[],
  measurements: Measurement[],
): string {
  const tables = [summary(cases, variants, measurements)];
  for (const { runtime, all, without } of measurements) {
    const own = variants.filter((variant) => without.has(variant));
    const head = [runtime, ...own.map(({ title }) => title.replace(/: .*/, ""))];
    const rows = cases.map(([name, about]) => [
      about.title,
      ...own.map((variant) => ratio(gain(name, about, all, without.get(variant)!))),
    ]);
    tables.push(table([head, ...rows]));
  }
  return tables.join("\n\n");
}

function summary(
  cases: [string, Case][],
  variants: Variant[],
  measurements: Measurement[],
): string {
  const head = ["mechanism", ...measurements.map(({ runtime }) => runtime)];
  const rows = variants.map((variant) => {
    const cells = measurements.map(({ all, without }) => {
      const column = without.get(variant);
      return column === undefined ? "" : middleAndBest(cases, all, column);
    });
    return [variant.title, ...cells];
  });
  return table([head, ...rows]);
}

/** Such as `1.02×, up to 1.80× (pipe, round trip)`. */
function middleAndBest(cases: [string, Case][], all: Column, without: Column): string {
  const gains = cases
    .map(([name, about]) => ({
      of: about.title,
      gain: gain(name, about, all, without),
    }))
    .filter((one): one is { of: string; gain: number } => one.gain !== undefined)
    .sort((a, b) => a.gain - b.gain);
  const [middle, best] = [gains[gains.length >> 1], gains.at(-1)];
  if (middle === undefined || best === undefined) return "";
  const title = best.of.replace(/ \([^)]*\)$/, "");
  return `${ratio(middle.gain)}, up to ${ratio(best.gain)} (${title})`;
}

/** How many times as good a case is with the mechanism as without it. */
function gain(
  name: string,
  { lessIsBetter }: Case,
  all: Column,
  without: Column,
): number | undefined {
  const [one, other] = [all.figures.get(name), without.figures.get(name)];
  if (one === undefined || other === undefined) return undefined;
  return lessIsBetter ? other / one : one / other;
}

function ratio(gain: number | undefined): string {
  return gain === undefined ? "" : `${gain.toFixed(2)}×`;
}

function table([head, ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [head!, head!.map(() => "---"), ...rows].map(line).join("\n");
}
