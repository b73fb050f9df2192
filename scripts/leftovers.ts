/**
 * Finds the processes that a test run leaves behind, by a mark in the environment that
 * every process of a run inherits. Only Linux tells another process's environment; on
 * other systems nothing is found.
 *
 * @module
 */

/** The environment variable that holds the mark of a run. */
export const MARK = "PYSTD_TEST_RUN";

/** Milliseconds that the last children have to notice that their parent is gone. */
const CLAIM_WAIT = 3000;

/** Kills what is left of the run with this mark; gives a line for each. */
export async function killLeftovers(mark: string): Promise<string[]> {
  if (Deno.build.os !== "linux") return [];
  const end = Date.now() + CLAIM_WAIT;
  let left = processesOf(mark);
  while (left.length > 0 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = processesOf(mark);
  }
  for (const { pid } of left) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch {
      // It has ended in the meantime.
    }
  }
  return left.map(({ pid, command }) => `${pid} ${command}`);
}

/** The processes of the run with this mark. */
export function processesOf(mark: string): { pid: number; command: string }[] {
  const found = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = Deno.readTextFileSync(`/proc/${name}/environ`);
      if (!environment.split("\0").includes(`${MARK}=${mark}`)) continue;
      const command = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      if (command === "") continue; // dead, and not yet waited for
      found.push({ pid: Number(name), command: command.replaceAll("\0", " ") });
    } catch {
      // Gone, or not ours to look at.
    }
  }
  return found;
}
