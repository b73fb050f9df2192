/**
 * What differs between objects on a server and the package's own, and is meant to: cases of
 * the one suite that fail with them, and why. They are run all the same, and must fail so.
 */
import { fail, match } from "node:assert/strict";

/** What differs: its reason, and the error of the case that shows it. */
export interface Difference {
  readonly reason: string;
  readonly error: RegExp;
}

/** Differences by the names of cases. */
export type Differences = Readonly<Record<string, Difference>>;

/** Runs a case that is to fail; that it does not would be news. */
export async function differing(
  { reason, error }: Difference,
  run: () => void | Promise<void>,
): Promise<void> {
  let passed = false;
  try {
    await run();
    passed = true;
  } catch (failure) {
    match(`${(failure as Error).name}: ${(failure as Error).message}`, error);
  }
  if (passed) fail(`this does not differ any more: ${reason}`);
}

/** Cases by their names. */
export const CASES: Differences = {
  "TestSyncManagerTypes.test_lock": {
    reason:
      "a lock is free when the process that has it leaves the server, also if it " +
      "ends by itself: nobody can tell a crash on another machine from that",
    error: /^RuntimeError: release unlocked lock/,
  },
  "TestSyncManagerTypes.test_pool": {
    reason:
      "a manager has no Pool: its processes would have no host; the context's Pool " +
      "has workers on all hosts",
    error: /^NotImplementedError: a manager on a server has no Pool/,
  },
};
