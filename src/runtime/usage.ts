/**
 * What processes use of the machine.
 *
 * @module
 */
import { processOfNode } from "./deno_process.ts";
import { isAllowedAll } from "./permissions/deno.ts";
import { stateFields } from "./process_state.ts";

/** What a process has used. */
export interface Usage {
  /** Seconds of processor time since it began; null if that cannot be told. */
  readonly cpu: number | null;
  /** Bytes of memory that it holds now; null if that cannot be told. */
  readonly memory: number | null;
  /** Whether it is stopped by a signal or a debugger; null if that cannot be told. */
  readonly isStopped: boolean | null;
}

const UNKNOWN: Usage = { cpu: null, memory: null, isStopped: null };

/** The places of fields of `stateFields`. */
const [STATE, USER, SYSTEM, RESIDENT] = [0, 11, 12, 21];

/** Linux tells of processor time in hundredths of a second, whatever the kernel counts in. */
const TICKS = 100;

/** What this process has used, as it knows by itself. */
export function ownUsage(): Usage {
  try {
    const process = processOfNode(); // on Deno too, which loads much for it
    const { user, system } = process.cpuUsage();
    const memory = process.memoryUsage.rss?.() ?? process.memoryUsage().rss;
    return { cpu: (user + system) / 1e6, memory, isStopped: false };
  } catch {
    return UNKNOWN;
  }
}

/** The part of it that is to be had at once: a process that begins is not to wait for more. */
export function quickUsage(): Usage {
  if (!("Deno" in globalThis)) return ownUsage();
  return { cpu: null, memory: Deno.memoryUsage().rss, isStopped: false };
}

let pageSize: number | undefined;

/** The bytes of a page of memory, found out by this process's own numbers. */
function bytesOfPage(): number {
  if (pageSize !== undefined) return pageSize;
  const pages = Number(stateFields("self")[RESIDENT]);
  const { memory } = ownUsage();
  const guess = memory === null ? 4096 : memory / pages;
  return pageSize = 2 ** Math.round(Math.log2(guess));
}

/** What another process of this machine has used, where the system tells without asking. */
export function usageOf(pid: number): Usage {
  // Else Deno asks the user.
  if ("Deno" in globalThis && !isAllowedAll()) return UNKNOWN;
  try {
    const fields = stateFields(pid);
    return {
      cpu: (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS,
      memory: Number(fields[RESIDENT]) * bytesOfPage(),
      isStopped: "Tt".includes(fields[STATE]!),
    };
  } catch {
    return UNKNOWN;
  }
}
