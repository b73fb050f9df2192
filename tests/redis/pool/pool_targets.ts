/** What workers of pools on a server run in the tests. */
import process from "node:process";

export function square(x: number): number {
  return x * x;
}

export function add(a: number, b: number): number {
  return a + b;
}

export async function later<T>(value: T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return value;
}

export function fails(x: number): number {
  throw new RangeError(`no ${x}`);
}

export function pid(): number {
  return process.pid;
}

export function echo<T>(value: T): T {
  return value;
}

/** Computes without giving way. */
export function spin(seconds: number): number {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end);
  return process.pid;
}

/** Tells that it begins, then does not give way; costs no time of a processor. */
export async function block(
  begun: { put(pid: number): Promise<void> },
  seconds: number,
): Promise<number> {
  await begun.put(process.pid);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
  return process.pid;
}

/** Waits, and gives way. */
export async function rest(seconds: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return process.pid;
}

/** Kills its own process. */
export function die(): Promise<void> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

/** Kills its own process the first time, as a file tells. */
export async function dieOnce(path: string): Promise<string> {
  const { existsSync, writeFileSync } = await import("node:fs");
  if (existsSync(path)) return "again";
  writeFileSync(path, "");
  await die();
  return "never";
}

/** Stops its own process the first time, as a file tells. */
export async function stopOnce(path: string): Promise<string> {
  const { existsSync, writeFileSync } = await import("node:fs");
  if (existsSync(path)) return "elsewhere";
  writeFileSync(path, "");
  process.kill(process.pid, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 100));
  return "late";
}

/** The agent that has started this process, by its environment. */
export function place(): string {
  return process.env["PLACE"] ?? "here";
}

/**
 * Tells where it is begun, and at its end; that is, where `cut` is the place, when there is a
 * file, elsewhere at an event.
 */
export async function meet(
  begun: { put(place: string): Promise<void> },
  event: { wait(): Promise<boolean> },
  path: string,
): Promise<string> {
  const { existsSync } = await import("node:fs");
  await begun.put(place());
  if (place() !== "cut") await event.wait();
  else while (!existsSync(path)) await rest(0.02);
  return place();
}

let begun = "nothing";

/** An initializer. */
export function begin(with_: string): void {
  begun = with_;
}

/** What the initializer was given. */
export function wasBegun(): string {
  return begun;
}

/** An initializer that fails. */
export function beginsBadly(): void {
  throw new RangeError("no start");
}

/** Puts something into a queue of the context, and takes from another. */
export async function pass(
  from: { get(): Promise<number> },
  to: { put(x: number): Promise<void> },
): Promise<void> {
  await to.put(await from.get() + 1);
}

/** Something that cannot be sent. */
export function unsendable(): unknown {
  return { f: () => {} };
}

/** Calls that are numbered by a counter on the server. */
export async function count(
  counter: { get(): Promise<number>; set(x: number): Promise<void> },
): Promise<void> {
  await counter.set(await counter.get() + 1);
}
