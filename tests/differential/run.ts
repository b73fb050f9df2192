/**
 * Runs programs in CPython and on a runtime, and compares their transcripts. The order of
 * lines of different processes is left out: each line has the key of its step.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withFolder } from "../helpers/folders.ts";
import type { Python } from "../helpers/python.ts";
import { startCommand } from "../helpers/run.ts";
import { type Declared, declaredFor } from "./declared.ts";
import { emit, type Emitted } from "./emit.ts";
import type { Program } from "./program.ts";

/** What each step came to, by its key; and how the program ended. */
export interface Transcript {
  lines: Record<string, string>;
  end: string;
}

/** Runs emitted programs; `limit` is the seconds that a step may take. */
export type Side = (emitted: Emitted, limit?: number) => Promise<Transcript>;

/** A step with two outcomes. */
export interface Difference {
  /** The number of the program in its run. */
  program: number;
  key: string;
  code: { py: string; ts: string };
  theirs: string;
  ours: string;
}

/** What differences of one cause have in common: step and lines, without numbers. */
export function outline({ code, theirs, ours }: Difference): string {
  return [code.py, theirs, ours].join("\n").replace(/\d+/g, "0");
}

/** Seconds for a run, after which it is killed. */
const TIMEOUT = 80;

/** Seconds for a step of a program that may wait for ever. */
const SHORT_LIMIT = 4;

/** CPython. */
export function pythonSide(python: Python): Side {
  return ({ py }, limit) =>
    withFolder((folder) => {
      // The programs are not in the main module, so that children find them compiled.
      writeFileSync(`${folder}/programs.py`, py);
      writeFileSync(
        `${folder}/main.py`,
        "import programs\nif __name__ == '__main__': programs.main()\n",
      );
      return run([python.command, `${folder}/main.py`], limit, {
        PYTHONPATH: fileURLToPath(new URL(".", import.meta.url)),
        PYTHONPYCACHEPREFIX: `${folder}/cache`,
        PYTHONUTF8: "1",
      });
    });
}

/** A runtime, by the beginning of its command line, and more of its environment. */
export function runtimeSide(
  command: string[],
  env: Record<string, string> = {},
): Side {
  return ({ ts }, limit) =>
    withFolder((folder) => {
      writeFileSync(`${folder}/main.mts`, ts);
      return run([...command, `${folder}/main.mts`], limit, env);
    });
}

async function run(
  command: string[],
  limit = 25,
  env: Record<string, string> = {},
): Promise<Transcript> {
  const program = startCommand(command, {
    env: { ...env, DIFFERENTIAL_LIMIT: String(limit) },
    timeout: TIMEOUT,
  });
  let end: string;
  try {
    const { code, stderr } = await program.finished;
    end = code === 0 ? "" : `exit code ${code}\n${stderr}`;
  } catch (error) {
    end = `${error}\n${program.stderr}`;
  }
  const lines: Record<string, string> = {};
  for (const line of program.stdout.split("\n")) {
    const [, key, text] = /^@(\S+) (.*)$/.exec(line) ?? [];
    if (key !== undefined) lines[key] = normal(text!);
  }
  addLog(lines, program.stderr);
  return { lines, end };
}

/** Adds what each process has logged, by its name and number. */
function addLog(lines: Record<string, string>, stderr: string): void {
  const counts = new Map<string, number>();
  for (const line of stderr.split("\n")) {
    const [, level, name, text] = /^\[([A-Z]+)\/([\w:-]+)\] (.*)$/.exec(line) ?? [];
    if (level === undefined) continue;
    const count = (counts.get(name!) ?? 0) + 1;
    counts.set(name!, count);
    lines[`log ${name} ${count}`] = normal(`${level}: ${text}`);
  }
}

/** A line without what is never the same twice. */
function normal(line: string): string {
  return line
    .replace(/0x[0-9a-f]+/g, "0x")
    .replace(/\b(pid|parent)=\d+/g, "$1=")
    .replace(/psm_[0-9a-f]+/g, "psm_");
}

/** The steps that differ, in the order of the programs; declared differences are counted. */
export function compare(
  { codes }: Emitted,
  programs: readonly Program[],
  theirs: Transcript,
  ours: Transcript,
  declared: Map<Declared, number> = new Map(),
): Difference[] {
  const differences: Difference[] = [];
  const logged = [...Object.keys(theirs.lines), ...Object.keys(ours.lines)]
    .filter((key) => key.startsWith("log "))
    .map((key) => [key, { py: key, ts: key }] as const);
  for (const [key, code] of new Map([...codes, ...logged])) {
    const one = theirs.lines[key] ?? "(no line)";
    const other = ours.lines[key] ?? "(no line)";
    if (one === other) continue;
    const program = key.startsWith("log ") ? 0 : Number(key.split(".")[0]);
    const entry = declaredFor(programs[program]!.kind, code, one, other);
    if (entry === undefined) {
      differences.push({ program, key, code, theirs: one, ours: other });
    } else declared.set(entry, (declared.get(entry) ?? 0) + 1);
  }
  for (const [who, { end }] of [["CPython", theirs], ["here", ours]] as const) {
    if (end === "" || differences.length > 0) continue;
    const line = `${who}: ${end.trimEnd().replaceAll("\n", "\n  ")}`;
    const code = { py: "(the end)", ts: "(the end)" };
    differences.push({ program: 0, key: "end", code, theirs: line, ours: line });
  }
  return differences.sort((a, b) => a.program - b.program);
}

/** Runs programs on both sides at once, that may have lost steps which others wait for. */
export async function runBoth(
  programs: readonly Program[],
  theirSide: Side,
  ourSide: Side,
): Promise<Difference[]> {
  const emitted = emit(programs);
  const [theirs, ours] = await Promise.all([
    theirSide(emitted, SHORT_LIMIT),
    ourSide(emitted, SHORT_LIMIT),
  ]);
  return compare(emitted, programs, theirs, ours);
}
