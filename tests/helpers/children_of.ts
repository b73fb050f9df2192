/** The processes that a process has started, as Linux lists them. */
import { existsSync, readdirSync } from "node:fs";
import { stateFields } from "../../src/runtime/process_state.ts";

/** Why it cannot be told; undefined where it can. */
export const noList: string | undefined = existsSync("/proc/self/stat")
  ? undefined
  : "no /proc, where processes are listed";

/** The state of a process, and its parent's number; undefined if it has ended. */
function stat(pid: string | number): [state: string, parent: number] | undefined {
  try {
    const [state, parent] = stateFields(pid);
    return [state!, Number(parent)];
  } catch {
    return undefined;
  }
}

/** The numbers of the processes that a process has started and that have not ended. */
export function childrenOf(parent: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    const [state, of] = stat(pid) ?? [];
    return of === parent && state !== "Z";
  }).map(Number);
}

/** Whether a process waits for something, and does not compute. */
export function sleeps(pid: number): boolean {
  return stat(pid)?.[0] === "S";
}
