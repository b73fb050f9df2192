/**
 * Reads the JUnit reports that the test runners of Deno, Bun and Node all write: the only
 * form of result that the three have in common.
 *
 * @module
 */

/** How many tests had which end. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** One test of a report. */
export interface Case {
  name: string;
  result: keyof Counts;
  /** The first line of what a failed test says; empty if its report has none. */
  error: string;
}

/** No test at all. */
export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The sum of some counts. */
export function sum(counts: Iterable<Counts>): Counts {
  const all = { ...NONE };
  for (const { passed, failed, skipped } of counts) {
    all.passed += passed;
    all.failed += failed;
    all.skipped += skipped;
  }
  return all;
}

/** Every test that ran or was skipped. */
export function total({ passed, failed, skipped }: Counts): number {
  return passed + failed + skipped;
}

/** Such as `12 passed, 1 failed, 2 skipped`; skipped ones only if there are any. */
export function describe({ passed, failed, skipped }: Counts): string {
  const both = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? both : `${both}, ${skipped} skipped`;
}

/** How many of some test cases had which end. */
export function count(cases: Case[]): Counts {
  const counts = { ...NONE };
  for (const { result } of cases) counts[result]++;
  return counts;
}

/**
 * The test cases of a report.
 *
 * A case is an empty element, or one that may hold `<failure>`, `<error>` or `<skipped>`.
 * Text and attributes are escaped in all three reports, so no `<` inside them misleads.
 */
export function readCases(xml: string): Case[] {
  return [...xml.matchAll(CASE)].map(([, attributes = "", body = ""]) => {
    const name = unescape(attribute(attributes, "name") ?? ""); // Node escapes it twice
    const failure = FAILURE.exec(body);
    if (failure !== null) {
      const [, how = "", text = ""] = failure;
      const message = attribute(how, "message") ?? unescape(text);
      return { name, result: "failed", error: firstLine(message) };
    }
    const result = /<skipped\b/.test(body) ? "skipped" : "passed";
    return { name, result, error: "" };
  });
}

/** One test case: its attributes, and what it holds, if it is not an empty element. */
const CASE =
  /<testcase\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** What a failed one holds: attributes, and text. */
const FAILURE = /<(?:failure|error)\b((?:[^>"']|"[^"]*"|'[^']*')*)>([^<]*)/;

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
  return value === undefined ? undefined : unescape(value);
}

/** The first line of a text that is not empty; with the next one, if a colon ends it. */
export function firstLine(text: string): string {
  const [first = "", second = ""] = text.split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
  return first.endsWith(":") ? `${first} ${second}` : first;
}

const ENTITIES: Record<string, string> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

function unescape(text: string): string {
  return text.replace(/&(?:#(x?)([0-9a-f]+)|(\w+));/gi, (all, hex, code, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    return String.fromCodePoint(parseInt(code, hex === "" ? 10 : 16));
  });
}
