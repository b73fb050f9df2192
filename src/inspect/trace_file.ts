/**
 * Records a trace while the program runs, and writes it into a file when it ends.
 *
 * @module
 */
import { complain } from "../link/exit.ts";
import { currentPeer } from "../link/peer.ts";
import { listenWhileOpen } from "../link/waiting.ts";
import { asOSError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { checkPlace, writeWhole } from "../runtime/whole_file.ts";
import type { Snapshot } from "./snapshot.ts";
import { TraceRecorder } from "./trace.ts";

/** The variable of the environment that names the file. */
export const TRACE_VARIABLE = "MULTIPROCESSING_TRACE";

/** What looks at the program; `C` says how far one of its readers has read. */
export interface Looks<C> {
  /** Hears of each look; it may make the snapshot. */
  readonly onLook: Set<() => void>;
  cursor(): C;
  /** A snapshot of now, without waiting for anything. */
  snapshotNow(cursor: C): Snapshot;
}

/**
 * Records what is seen from now on. The file is written when the program ends, also by
 * `exit`, an error, Ctrl-C or another signal, but for SIGKILL: then there is none. What cannot
 * be written is told on stderr, now already if that is known.
 *
 * @param path Of the file, whose folder must be there. It is of this user alone.
 */
export function recordIntoFile<C>(path: string, looks: Looks<C>): void {
  const place = absolute(path);
  const recorder = new TraceRecorder();
  const cursor = looks.cursor();
  const look = () => recorder.add(looks.snapshotNow(cursor));
  let hasEnded = false;
  looks.onLook.add(look);
  currentPeer(); // there is none to listen to signals before
  listenWhileOpen(); // else they would end the program without another word
  trying(place, () => checkPlace(place));
  runtime.onExit(() => {
    if (hasEnded) return;
    hasEnded = true;
    looks.onLook.delete(look);
    trying(place, () => {
      look();
      writeWhole(place, JSON.stringify(recorder));
    });
  });
}

/** Whatever the program does with its directory later. */
function absolute(path: string): string {
  return /^([/\\]|[A-Za-z]:[/\\])/.test(path) ? path : `${runtime.cwd()}/${path}`;
}

function trying(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const reason = (asOSError(error) as Error).message;
    complain(`${TRACE_VARIABLE}: no trace can be written to ${path}: ${reason}\n`);
  }
}
