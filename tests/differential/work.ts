/**
 * What processes, threads and workers of the emitted programs run. Its Python twin is
 * `work.py`.
 *
 * @module
 */
import process from "node:process";
import * as mp from "../../mod.ts";

/** Does nothing. */
export function nothing(..._: unknown[]): void {}

/** Gives what it is given. */
export function echo(value: unknown = null): unknown {
  return value;
}

/** A square. */
export function square(x: number): number {
  return x * x;
}

/** A sum; `b` and `c` may be keywords. */
export function add(a: number, b: number | Record<string, number> = 1, c = 0): number {
  if (typeof b === "object") return a + (b["b"] ?? 1) + (b["c"] ?? 0);
  return a + b + c;
}

const ERRORS: Record<string, new (text: string) => Error> = {
  ValueError: mp.ValueError,
  KeyError: mp.KeyError,
  TypeError: TypeError,
  OSError: mp.OSError,
  EOFError: mp.EOFError,
};

/** Throws an error. */
export function fail(text: string, kind = "ValueError"): never {
  throw new ERRORS[kind]!(text);
}

/** Ten times a number that is even. */
export function fail_on_odd(x: number): number {
  if (x % 2) throw new mp.ValueError(`odd: ${x}`);
  return x * 10;
}

/** Ends the process as `sys.exit` does. */
export function leave(...reason: unknown[]): never {
  throw new mp.SystemExit(...reason as [number]);
}

/** Ends the process at once. */
export function exit_now(code: number): never {
  process.exit(code);
}

/** Waits to be ended. */
export async function wait_long(..._: unknown[]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

/** Sets an event, and waits to be ended. */
export async function tell_and_wait(event: { set(): unknown }): Promise<void> {
  await event.set();
  await wait_long();
}

/** Gives a value when an event is set. */
export async function wait_for(
  event: { wait(): unknown },
  value: unknown = null,
): Promise<unknown> {
  await event.wait();
  return value;
}

let kept: unknown = null;

/** Keeps a value in this process. */
export function remember(value: unknown): void {
  kept = value;
}

/** The value that is kept. */
export function recall(..._: unknown[]): unknown {
  return kept;
}

/** Whether it runs in a daemon. */
export function process_kind(..._: unknown[]): boolean {
  return mp.current_process().daemon;
}
