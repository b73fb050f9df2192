/**
 * Does what the environment asks for, in the root of a program that need not import anything
 * for it: a page, warnings of deadlocks, a trace. Loaded by link/root.ts, by way of
 * startup/deferred.ts.
 *
 * @module
 */
import { complain } from "../link/exit.ts";
import { isError } from "../runtime/brands.ts";
import type { Requests } from "../runtime/switches.ts";
import { appendToFile } from "../runtime/whole_file.ts";
import { printDeadlock } from "./alarms.ts";
import { openSession } from "./session.ts";
import { recordIntoFile } from "./trace_file.ts";
import { dumpOnce, OpenView } from "./view.ts";

/** Seconds between two looks. */
const INTERVAL = 0.5;

/** Begins with all of it; it goes on to the program's end. */
export async function serveRequests(
  { page, deadlocks, trace }: Requests,
): Promise<void> {
  const options = { interval: INTERVAL, args: true, logs: page };
  const [session] = openSession(options); // which looks for deadlocks in any case
  session.dumpOnSignal();
  if (deadlocks) session.guard.listeners.add(printDeadlock);
  if (trace !== null) recordIntoFile(trace, session);
  if (page) await openPage();
}

let isDumping = false;

/**
 * Writes what the program does to the end of a file, or to stderr without one, or if the file
 * cannot be written.
 */
export async function writeDump(file: string | null): Promise<void> {
  if (isDumping) return;
  isDumping = true;
  try {
    const text = await dumpOnce();
    if (file === null || !appendToFile(file, text)) complain(text);
  } finally {
    isDumping = false;
  }
}

async function openPage(): Promise<void> {
  try {
    const view = await OpenView.open({
      ...{ port: 0, page: true, args: true, logs: true, interval: INTERVAL },
      ...{ onDeadlock: null, signal: undefined },
    });
    complain(`MULTIPROCESSING_INSPECT: look inside at ${view.url}\n`);
  } catch (error) {
    const reason = isError(error) ? error.message : String(error);
    complain(`MULTIPROCESSING_INSPECT: there is no page: ${reason}\n`);
  }
}
