/**
 * Leases of processes that compute: these cannot renew them, but who has started them sees
 * that they run, and renews them with its own. So one that is stopped, or dead, is vouched for
 * by nobody.
 *
 * @module
 */
import { report } from "../../link/control_channel.ts";
import type { Popen } from "../../process/popen.ts";
import { isRunning } from "../../runtime/process_state.ts";
import type { Base } from "../base.ts";
import { textOf } from "../driver/connection.ts";
import { watchContexts } from "../making.ts";

/** What a process reports: its session. */
const SESSION = 1;

/** The names of sessions: see session.ts. */
const NAME = /^[0-9a-f]{20}$/;

/** The last sessions of a process that are remembered: of others, some have ended. */
const MOST_SESSIONS = 8;

/**
 * In a process that was started for a context: tells who has done so of its sessions, also
 * where its modules make that context once more.
 */
export function tellSessions(name: string): void {
  watchContexts(name, (base) => {
    base.observe(({ id }) => report([SESSION], [new TextEncoder().encode(id)]));
  });
}

/**
 * From now on to its end, the leases of a process that was started here are renewed with those
 * of this one, as long as it runs and is not stopped.
 */
export function vouchFor(popen: Popen, base: Base): void {
  if (popen.host !== null) return; // nobody here sees whether it runs
  const sessions: string[] = [];
  popen.onReport = ([what], [name]) => {
    const text = what === SESSION && name !== undefined ? textOf(name) : "";
    if (!NAME.test(text)) return;
    sessions.push(text);
    if (sessions.length > MOST_SESSIONS) sessions.shift();
  };
  const living = () => {
    const { pid } = popen;
    return sessions.length > 0 && pid !== null && isRunning(pid) ? sessions : [];
  };
  popen.onExit(base.vouch(living));
}
