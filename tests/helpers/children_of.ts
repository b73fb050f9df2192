/** The processes that a process has started, as Linux lists them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Why it cannot be told; undefined where it can. */
export const noList: string | undefined = existsSync("/proc/self/stat")
  ? undefined
  : "no /proc, where processes are listed";

/** The fields of a process's state behind its name: the state, and the parent's number. */
function stat(pid: string | number): [state: string, parent: number] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return [state!, Number(parent)];
  } catch {
    return undefined; // it has ended
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
