/**
 * What is concluded from a snapshot, put into it. Pure.
 *
 * @module
 */
import type { Deadlock, Inversion, Snapshot } from "./snapshot.ts";

/** The snapshot with these deadlocks, lock orders, and whoever cannot go on called stuck. */
export function withFindings(
  snapshot: Snapshot,
  deadlocks: readonly Deadlock[],
  inversions: readonly Inversion[],
): Snapshot {
  const stuck = new Set(deadlocks.flatMap(({ processes }) => processes));
  const processes = snapshot.processes.map((process) =>
    stuck.has(process.number) ? { ...process, state: "stuck" as const } : process
  );
  return { ...snapshot, processes, deadlocks, inversions };
}
