/** What children find of the way they were started. */
import process from "node:process";
import type { SimpleQueue } from "../../mod.ts";

/** For programs that are the text of a flag. */
export { is_main, Pool, Process } from "../../mod.ts";

/** What a process finds around itself. */
export interface Found {
  hasGc: boolean;
  flags: string[];
  cwd: string;
  added: string | undefined;
  removed: string | undefined;
}

/** What this process finds. */
export function look(): Found {
  return {
    hasGc: typeof (globalThis as { gc?: unknown }).gc === "function",
    flags: process.execArgv,
    cwd: process.cwd(),
    added: process.env["PYSTD_ADDED"],
    removed: process.env["PYSTD_REMOVED"],
  };
}

/** As `look`, with the process's number. */
export function lookFrom(_: unknown): [number, Found] {
  return [process.pid, look()];
}

export function tell(q: SimpleQueue<unknown>): Promise<void> {
  return q.put(look());
}

/** Says that it runs, and does so until it is killed. */
export async function hold(q: SimpleQueue<number>): Promise<void> {
  await q.put(process.pid);
  await new Promise((resolve) => setTimeout(resolve, 1e8));
}
