/**
 * Tells of a deadlock: by a warning of the package's logger and on the channel of
 * `diagnostics_channel`; and on stderr, where MULTIPROCESSING_DEADLOCKS asks for that.
 *
 * @module
 */
import { complain } from "../link/exit.ts";
import { get_logger } from "../python/log.ts";
import { announceDeadlock } from "./announce.ts";
import type { Deadlock, Inversion, Snapshot } from "./snapshot.ts";

/** Is told of a deadlock that was found, with the snapshot that shows it. */
export type TellDeadlock = (deadlock: Deadlock, snapshot: Snapshot) => void;

/** The title, and the lines below it. */
export function alarmText({ title, lines }: Deadlock | Inversion): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** Warns of it in the package's log, which is stderr unless the program says otherwise. */
export function warn(found: Deadlock | Inversion): void {
  get_logger().warning("%s", alarmText(found));
}

/** Tells of it to whoever listens. */
export function announce(deadlock: Deadlock): void {
  warn(deadlock);
  announceDeadlock(deadlock).catch(() => {}); // there is no such module
}

/** Prints it to stderr, unless the warning is shown there. */
export function printDeadlock(deadlock: Deadlock): void {
  if (get_logger().handlers.length > 0) complain(`${alarmText(deadlock)}\n`);
}
