/**
 * Prints what the program does when SIGUSR2 comes, as `py-spy dump` would, while it is
 * observed. It keeps no process alive, and where the program itself listens to the signal, or
 * the system has none, nothing happens. With MULTIPROCESSING_DUMP link/watched.ts listens.
 *
 * @module
 */
import { complain } from "../link/exit.ts";
import { runtime } from "../runtime/mod.ts";
import { readDumpRequest } from "../runtime/switches.ts";

/** Prints the text for each signal, until the function that this gives is called. */
export function dumpOnSignal(text: () => Promise<string>): () => void {
  if (readDumpRequest() !== null) return () => {};
  let isBusy = false;
  const print = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      complain(await text());
    } catch {
      // the program is not observed any more
    } finally {
      isBusy = false;
    }
  };
  try {
    return runtime.onSignal("SIGUSR2", () => void print());
  } catch {
    return () => {}; // there is no such signal
  }
}
