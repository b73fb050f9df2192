/** Targets of the tests of a process's environment and end. */
import { appendFileSync, closeSync, readdirSync, readlinkSync } from "node:fs";
import process from "node:process";
import { setTimeout } from "node:timers";
import { current_process, Process, Queue, SystemExit } from "../../../mod.ts";

/** Registers handlers that write to a file as the process exits. */
export function writeAtExit(path: string): void {
  process.on("exit", () => appendFileSync(path, "deadbeef\n"));
  if ("Deno" in globalThis) {
    globalThis.addEventListener("unload", () => appendFileSync(path, "unload\n"));
  }
}

/** The names of what this process has open, where `/proc` tells them. */
export function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // closed meanwhile, as the one of this very listing
    }
  });
}

/** Sends {@linkcode openFiles}. */
export async function tellOpenFiles(q: Queue<string[]>): Promise<void> {
  await q.put(openFiles());
}

/** Returns a value, which nobody gets. */
export function returnSeven(): number {
  return 7;
}

/** Throws an error. */
export function fail(): never {
  throw new Error("boom");
}

/** Rejects later on. */
export async function failLater(): Promise<never> {
  await Promise.resolve();
  throw new Error("boom");
}

/** Leaves by `sys.exit(...reason)`. */
export function exitWith(...reason: unknown[]): never {
  throw new SystemExit(...reason as [number]);
}

/** Leaves by the runtime's own exit, at once. */
export function exitNow(code: number): never {
  process.exit(code);
}

/** Sends itself a signal, and would go on for ever otherwise. */
export function killSelf(signal: string): Promise<never> {
  const forEver = new Promise<never>(() => setInterval(returnSeven, 60_000));
  process.kill(process.pid, signal);
  return forEver;
}

/** An exception that nobody awaits, from a timer. */
export function failInTimer(): void {
  setTimeout(fail, 1);
}

/** A rejection that nobody handles. */
export function rejectAside(): void {
  void failLater();
}

/** An instance that cannot be put together again. */
export class Stubborn {
  a = 1;

  __setstate__(): void {
    throw new TypeError("will not be unpickled");
  }
}

export function takeArgument(_value: unknown): void {}

/** Puts big items and ends, though nobody takes them. */
export async function putBig(q: Queue<Uint8Array>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await q.put(new Uint8Array(1_000_000).fill(i));
}

/** The same, and says that it would not mind to lose them. */
export async function putBigAndCancel(q: Queue<Uint8Array>): Promise<void> {
  q.cancel_join_thread();
  await putBig(q, 3);
}

/** Its non-daemon child outlives its function. */
export async function leaveChild(
  said: Queue<string>,
  gate: Queue<null>,
): Promise<void> {
  const child = new Process({ target: finishLate, args: [said, gate] });
  await child.start();
  await said.put("middle returns");
}

/** Told to, takes its time and says that it is done. */
export async function finishLate(
  said: Queue<string>,
  gate: Queue<null>,
): Promise<void> {
  await gate.get();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await said.put("grandchild done");
}

/** Its daemon child would go on for ever. */
export async function leaveDaemon(pids: Queue<number | null>): Promise<void> {
  const ready = Queue<null>();
  const child = new Process({ target: runForEver, args: [ready], daemon: true });
  await child.start();
  await ready.get();
  await pids.put(child.pid);
}

/** Says that it runs, then only waits. */
export async function runForEver(ready: Queue<null>): Promise<never> {
  await ready.put(null);
  return await new Promise<never>(() => setInterval(returnSeven, 60_000));
}

/** Tries to start a child, and tells what came of it. */
export async function tryToStart(said: Queue<string>): Promise<void> {
  const child = new Process({ target: returnSeven });
  await said.put(`${current_process().daemon} ${child.daemon}`);
  try {
    await child.start();
    await child.join();
    await said.put(`exitcode ${child.exitcode}`);
  } catch (error) {
    await said.put(String(error));
  }
}

/** Puts two items and leaves in one of three ways, without a pause. */
export function putAndLeave(q: Queue<unknown>, way: string): void {
  void q.put(way);
  void q.put(new Uint8Array(300_000));
  if (way === "exit") process.exit(7);
  if (way === "system") throw new SystemExit(3);
  throw new Error("boom");
}

/** Closes the pipe that its messages go through, between two of them. */
export async function closeStdout(q: Queue<string>): Promise<void> {
  await q.put("before");
  closeSync(1);
  await q.put("after");
}
