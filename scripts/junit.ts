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

/**
 * Counts the test cases of a report.
 *
 * A case is an empty element, or one that may hold `<failure>`, `<error>` or `<skipped>`.
 * Text and attributes are escaped in all three reports, so no `<` inside them misleads.
 */
export function countCases(xml: string): Counts {
  const counts = { ...NONE };
  for (const match of xml.matchAll(CASE)) {
    const body = match[1] ?? "";
    if (/<(failure|error)\b/.test(body)) counts.failed++;
    else if (/<skipped\b/.test(body)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}

/** One test case; the group is what it holds, if it is not an empty element. */
const CASE = /<testcase\b(?:[^>"']|"[^"]*"|'[^']*')*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;
