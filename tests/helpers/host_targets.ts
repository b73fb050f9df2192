/** What processes do that tests start on other hosts. */
import process from "node:process";
import { Event, Manager, Process, SharedMemory } from "./host_package.ts";
import type { Connection } from "../../src/connection.ts";
import type { DictProxy } from "../../src/managers.ts";
import { adjustStart } from "../../src/process/base.ts";
import { asHost } from "../../src/process/hosts.ts";
import type { Queue } from "../../src/queues.ts";
import type { Condition, Lock } from "../../src/synchronize.ts";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Which host this is, by a variable that is set there alone. */
export function where(): string {
  return process.env["WHERE"] ?? "here";
}

/** Tells the pid, the host, and more of this process. */
export async function tellPlace(told: Queue<unknown>): Promise<void> {
  const { WHERE, SECRET = null, GIVEN = null } = process.env;
  await told.put([process.pid, WHERE ?? "here", SECRET, GIVEN, process.cwd()]);
}

/** Prints a line to both streams, and ends with an exit code. */
export function printAndExit(code: number): void {
  console.log(`printed on ${where()}`);
  console.error(`complained on ${where()}`);
  process.exitCode = code;
}

/** Throws. */
export function fail(): void {
  throw new RangeError(`failed on ${where()}`);
}

/** Computes for ever, once it has told its pid. */
export async function compute(told: Queue<number>): Promise<void> {
  await told.put(process.pid);
  for (;;);
}

/** Waits for ever, once it has told its pid. */
export async function idle(told: Queue<number>): Promise<void> {
  await told.put(process.pid);
  await new Promise((resolve) => setTimeout(resolve, 1e8));
}

/** Takes an item of a queue and a lock, tells so, and keeps both for ever. */
export async function holdLock(
  lock: Lock,
  items: Queue<number>,
  told: Queue<number>,
): Promise<void> {
  await lock.acquire();
  await told.put(await items.get());
  await compute(told);
}

/** Uses a lock, a queue, an event and a condition very often. */
export async function useMuch(
  lock: Lock,
  condition: Condition,
  numbers: Queue<number>,
  done: Queue<unknown>,
): Promise<void> {
  let sum = 0;
  for (let i = 0; i < 300; i++) await lock.with(async () => sum += await numbers.get());
  await condition.with(() => condition.notify_all());
  const event = Event();
  for (let i = 0; i < 20; i++) await event.set();
  await done.put([where(), sum, sharedFiles()]);
}

/** Files in memory that this process has open or mapped. */
function sharedFiles(): string[] {
  try {
    const open = readdirSync("/proc/self/fd").map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return "";
      }
    });
    const all = [...open, ...readFileSync("/proc/self/maps", "utf8").split("\n")];
    return all.filter((line) => /\/dev\/shm\/pymp|pymp-/.test(line));
  } catch {
    return []; // not Linux
  }
}

/** Gives back what comes by a pipe. */
export async function mirror(conn: Connection): Promise<void> {
  try {
    for (;;) await conn.send(await conn.recv());
  } catch (error) {
    if ((error as Error).name !== "EOFError") throw error;
  }
}

/** Starts a process, which is to tell where it is. */
export async function startAnother(told: Queue<unknown>): Promise<void> {
  const p = new Process({ target: tellPlace, args: [told] });
  await p.start();
  await p.join();
  process.exitCode = p.exitcode ?? 99;
}

/** Has the root start a process elsewhere, in a way that is not open to users, and in theirs. */
export async function startElsewhere(told: Queue<unknown>): Promise<void> {
  const { execPath } = process;
  const elsewhere = { command: ["env", "SECRET=elsewhere"], executable: execPath };
  const host = asHost(elsewhere, "host");
  const p = new Process({ target: tellPlace, args: [told] });
  await adjustStart(p, { adapt: (config) => ({ ...config, host }) }).start();
  await p.join();
  try {
    new Process({ host: ["env"] });
  } catch (error) {
    await told.put(String(error));
  }
}

/** Adds to a managed dict. */
export async function addTo(d: DictProxy<string, number>, n: number): Promise<void> {
  for (let i = 0; i < n; i++) await d.__setitem__(`${where()} ${i}`, i);
}

/** Has a manager of its own, on its own machine. */
export async function ownManager(told: Queue<unknown>): Promise<void> {
  await using manager = await Manager();
  const d = await manager.dict<string, number>();
  await d.__setitem__("x", 1);
  await told.put(await d.get("x"));
}

/** The text of the error where there is no such segment. */
export function openSegment(name: string): string {
  try {
    SharedMemory(name).close();
    return "there";
  } catch (error) {
    return String(error);
  }
}

/** Makes a segment that it does not remove. */
export async function leaveSegment(told: Queue<string>): Promise<void> {
  const shm = SharedMemory({ create: true, size: 64 });
  shm.buf[0] = 1;
  await told.put(shm.name);
  shm.close();
}

/** Which host this is, and a square. */
export function squareThere(x: number): [string, number] {
  return [where(), x * x];
}

/** Files in memory that a worker has open or mapped. */
export function filesThere(_: number): string[] {
  return sharedFiles();
}

/** The pid, after a while. */
export async function pidThere(_: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return process.pid;
}

/** Where {@linkcode computeTold} tells that it has begun. */
let begun: Queue<number>;

/** An initializer. */
export function keepQueue(told: Queue<number>): void {
  begun = told;
}

/** Computes for ever, once it has told its pid. */
export async function computeTold(): Promise<void> {
  await compute(begun);
}

/** Computes for ever. */
export function computeForEver(): never {
  for (;;);
}

/** The URL of this module as this process has it. */
export function ownUrl(): string {
  return import.meta.url;
}

/** A function of this module, as it is named here. */
export function giveFunction(): typeof ownUrl {
  return ownUrl;
}
