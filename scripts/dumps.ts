/**
 * What the processes of a test run do when its time is over: those that use the package tell
 * what all their processes wait for, as they are asked to by SIGUSR2; the system tells of
 * the rest, and of those that cannot answer as they compute or are stopped.
 *
 * Whoever runs them sets `MULTIPROCESSING_DUMP` to a file, see {@linkcode DUMP}: so what they
 * say is found wherever their stderr goes. Nothing is observed before the signal comes, so
 * waits have no lines. Only Linux lets others be found: elsewhere there is nothing to tell.
 *
 * @module
 */
import { processesOf } from "./leftovers.ts";

/** The variable of the environment that names the file. */
export const DUMP = "MULTIPROCESSING_DUMP";

/** Milliseconds that all have to answer. */
const ANSWER_WAIT = 5000;

/** The bit of SIGUSR2 in the masks of signals that Linux tells. */
const SIGUSR2_BIT = 1n << 11n;

/** Milliseconds of a tick of the system's clock for processor time. */
const TICK = 10;

/** What the system knows of a process. */
interface Status {
  pid: number;
  command: string;
  parent: number;
  /** As `ps` has it: `R` if one of its threads runs, `S` sleeps, `T` is stopped, … */
  state: string;
  /** Seconds of processor time. */
  cpu: number;
  /** Whether it listens to SIGUSR2, which would end any other. */
  listens: boolean;
}

/** Asks the processes of the run with this mark what they do; gives a text for people. */
export async function dumpsOf(mark: string, file: string): Promise<string> {
  const all = processesOf(mark).flatMap((one) => statusOf(one) ?? []);
  const asked = all.filter(({ listens }) => listens).map(({ pid }) => pid);
  for (const pid of asked) ask(pid);
  const end = Date.now() + ANSWER_WAIT;
  let [text, silent] = ["", asked];
  while (silent.length > 0 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    text = textIn(file);
    silent = asked.filter((pid) => !text.includes(`(pid ${pid})`) && isThere(pid));
  }
  const parts = [all.map(lineOf).join("\n"), text.trimEnd()];
  if (silent.length > 0) parts.push(`no answer from ${silent.join(", ")}`);
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function lineOf({ pid, parent, state, cpu, command }: Status): string {
  // At the beginning stands the runtime, at the end the file.
  const short = command.length > 200
    ? `${command.slice(0, 80)}…${command.slice(-120)}`
    : command;
  return `${pid} (of ${parent}) ${state} ${cpu.toFixed(1)} s ${short.trimEnd()}`;
}

/** What the system tells of a process; undefined if it is gone. */
function statusOf(one: { pid: number; command: string }): Status | undefined {
  try {
    const fields = statOf(`/proc/${one.pid}`);
    const status = Deno.readTextFileSync(`/proc/${one.pid}/status`);
    const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0";
    return {
      ...one,
      state: isComputing(one.pid) ? "R" : fields[0]!,
      parent: Number(fields[1]),
      cpu: (Number(fields[11]) + Number(fields[12])) * TICK / 1000,
      listens: (BigInt(`0x${caught}`) & SIGUSR2_BIT) !== 0n,
    };
  } catch {
    return undefined;
  }
}

/** The fields of a process or thread behind its name. */
function statOf(folder: string): string[] {
  const stat = Deno.readTextFileSync(`${folder}/stat`);
  // The name stands in brackets, and may hold anything.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function isComputing(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  return [...Deno.readDirSync(tasks)].some(({ name }) =>
    statOf(`${tasks}/${name}`)[0] === "R"
  );
}

function ask(pid: number): void {
  try {
    Deno.kill(pid, "SIGUSR2");
  } catch {
    // It has ended in the meantime.
  }
}

function isThere(pid: number): boolean {
  return statusOf({ pid, command: "" }) !== undefined;
}

function textIn(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return ""; // nobody has answered yet
    throw error;
  }
}
