/**
 * Runs one test file in a process of its own, and sees to it that nothing of it is left. What
 * does not end in time is asked what it does, before it is killed.
 *
 * @module
 */
import { DUMP, dumpsOf } from "./dumps.ts";
import { killLeftovers, MARK } from "./leftovers.ts";
import { type CommandOptions, type CommandResult, run } from "./project.ts";

/** How a test file is run. */
export interface TestFileOptions extends CommandOptions {
  /** Seconds that it may take. */
  timeout: number;
  /** A file, which need not be there, for what it says when its time is over. */
  dumps: string;
}

/** How it ended. */
export interface TestFileResult extends CommandResult {
  /** A line for each process that was still there after its end. */
  left: string[];
}

/** Runs the command to its end. */
export async function runTestFile(
  command: string[],
  { dumps, ...options }: TestFileOptions,
): Promise<TestFileResult> {
  const mark = crypto.randomUUID();
  let said = "";
  const result = await run(command, {
    ...options,
    env: { ...options.env, [MARK]: mark, [DUMP]: dumps },
    onLate: async () => said = await dumpsOf(mark, dumps),
  });
  if (result.late) {
    result.output += `\n${lateText(options.timeout)}; what ran then:\n${said}`;
  }
  return { ...result, left: await killLeftovers(mark) };
}

/** What is said of a file whose time was over. */
export function lateText(timeout: number): string {
  return `killed after ${timeout} seconds`;
}
