/**
 * Checks of most of these tests: that a call raises a certain Python error, and that a
 * process ends.
 */
import { fail, match, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import process from "node:process";
import { setImmediate } from "node:timers";
import { Process } from "../../../mod.ts";
import { stateFields } from "../../../src/runtime/process_state.ts";
import type { CommonProcessOptions, Target } from "../../../src/process.ts";

/** Seconds after which a wait counts as a hang. */
export const CLAIM_WAIT = 40;

/**
 * Checks that a call throws or rejects, or that a promise does, with an error of that name,
 * and with that text or one that matches; gives the error.
 */
export async function raises(
  call: (() => unknown) | Promise<unknown>,
  name: string,
  message?: string | RegExp,
): Promise<Error> {
  let value: unknown;
  try {
    value = await (call instanceof Promise ? call : call());
  } catch (error) {
    if (!(error instanceof Error)) fail(`not an Error: ${String(error)}`);
    strictEqual(error.name, name, error.stack);
    if (typeof message === "string") strictEqual(error.message, message);
    else if (message !== undefined) match(error.message, message);
    return error;
  }
  fail(`no ${name} was raised; the result is ${String(value)}`);
}

/** Starts a process that runs a function, and gives it. */
export async function started<F extends Target>(
  target: F,
  args: Readonly<Parameters<F>> | [] = [],
  options: Omit<CommonProcessOptions<F>, "target"> = {},
): Promise<Process> {
  const child = new Process<Target>({ target, args: args as unknown[], ...options });
  await child.start();
  return child;
}

/** Waits for the end of a process and gives its exit code; fails if it hangs. */
export async function exitcodeOf(process: Process | Promise<Process>): Promise<number> {
  const child = await process;
  await child.join(CLAIM_WAIT);
  const { exitcode } = child;
  if (exitcode === null) {
    child.kill();
    fail(`${child.name} did not end within ${CLAIM_WAIT} s`);
  }
  return exitcode;
}

/** Starts a process, waits for its end, gives its exit code. */
export async function runToEnd(child: Process): Promise<number> {
  await child.start();
  return await exitcodeOf(child);
}

/** Whether a process runs; one that has ended and waits to be reaped does not. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code !== "ESRCH";
  }
  try {
    const [state] = stateFields(pid);
    return state !== "Z" && state !== "X";
  } catch {
    return !existsSync("/proc/self/stat"); // ended since, or there is no /proc
  }
}

/** The processes that are still there, at the latest when they have had a second. */
export async function left(pids: number[]): Promise<number[]> {
  const end = performance.now() + 1000;
  let living = pids.filter(processExists);
  while (living.length > 0 && performance.now() < end) {
    await nextTurn();
    living = living.filter(processExists);
  }
  for (const pid of living) process.kill(pid, "SIGKILL");
  return living;
}

/** Waits for the end of a descendant that is no child: it is looked for on every turn. */
export async function endOf(pid: number): Promise<void> {
  while (processExists(pid)) await nextTurn();
}

/** Lets everything go on that has something to do. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Hands a value to a parameter whose type forbids it. */
export function wrong(value: unknown): never {
  return value as never;
}
