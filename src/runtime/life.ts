/**
 * Whether something can still happen in this process that is not of this package: a timer, a
 * server, a file that is read, a child of its own. The finder of deadlocks asks that of
 * processes that seem to do nothing but wait; loaded only while somebody looks.
 *
 * Every runtime tells a part of it, none all. What is found in doubt counts as life.
 *
 * | | timers | sockets, servers | files, names, children | threads |
 * | --- | --- | --- | --- | --- |
 * | Node | those that keep it alive | as those | requests | handles |
 * | Deno | those that keep it alive | operations | operations | operations |
 * | Bun | all but our own | protected objects | protected objects | an event |
 *
 * A protected object is one that Bun keeps from being collected, as it waits for it.
 *
 * A listener to SIGINT, SIGTERM, SIGHUP or SIGQUIT is there to end a program, so it is no life;
 * one to another signal is. Not seen are timers on Node and Deno that were told not to keep
 * the process alive, and on Bun files that are watched, message channels and web sockets
 * that have not connected.
 *
 * @module
 */
import { processOfNode } from "./deno_process.ts";
import { own, ownObjects } from "./own.ts";
import { builtin } from "./posix.ts";
import { foreignSignals as ofDeno } from "./signals/deno.ts";
import { foreignSignals as ofNode } from "./signals/node.ts";

// deno-lint-ignore no-explicit-any -- the globals of three runtimes
type Anything = any;

// deno-lint-ignore no-explicit-any -- as above
const { Bun, Deno: itsDeno } = globalThis as any;

/** Listeners to these are there for the program's end. */
const ENDS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

let isWatched = false;
let hasThreads = false;

/** Watches from now on for what cannot be seen later. */
export function watchLife(): void {
  if (Bun === undefined || isWatched) return;
  isWatched = true;
  processOfNode().on("worker", () => hasThreads = true);
}

/**
 * Whether something of the program's own can still happen in this process; null where nobody
 * can tell.
 */
export function hasOtherLife(): boolean | null {
  try {
    const signals = itsDeno === undefined ? ofNode() : ofDeno();
    if (signals.some((name) => !ENDS.includes(name))) return true;
    if (itsDeno !== undefined) return denoLife(signals.length);
    return Bun === undefined ? nodeLife() : bunLife();
  } catch {
    return null; // another version, in which this is not there
  }
}

function count(list: readonly string[], name: string): number {
  return list.filter((one) => one === name).length;
}

// ------------------------------------------------------------------------------- Node

function nodeLife(): boolean {
  const resources: string[] = processOfNode().getActiveResourcesInfo();
  const timers = count(resources, "Timeout");
  if (timers > own.held || resources.includes("Immediate")) return true;
  const handles: Anything[] = processOfNode()._getActiveHandles();
  if (resources.length > timers + handles.length) return true; // requests, threads
  return handles.some((handle) => !ownObjects.has(handle) && !isIdleStream(handle));
}

/** Whether it is one of the standard streams, which nobody reads. */
function isIdleStream(handle: Anything): boolean {
  const fd = handle.fd ?? handle._handle?.fd;
  if (fd === 1 || fd === 2) return true;
  return fd === 0 && handle.readableFlowing !== true &&
    handle.listenerCount("readable") === 0;
}

// ------------------------------------------------------------------------------- Deno

/** Operations that may begin between two looks of a process that seems to do nothing. */
const SPAN = 20_000;
/** How far it is looked for the first of them. */
const FARTHEST = 20_000_000;

/** The numbers of operations that were under way at the last look. */
let pending = new Set<number>();
/** The highest number that was seen. */
let highest = -1;

function denoLife(foreign: number): boolean | null {
  const core = itsDeno[itsDeno.internal]?.core;
  if (typeof core?.hasPromise !== "function") return null;
  const resources: string[] = processOfNode().getActiveResourcesInfo();
  const timers = count(resources, "Timeout");
  if (timers > own.held) return true;
  if (resources.length - timers > own.sockets + own.servers) return true;
  // Sockets are handles there, which have no operations.
  const mine = own.operations + own.signals + foreign;
  return countPending((number) => core.hasPromise(number), mine) > mine;
}

/**
 * Counts operations that are under way. They are numbered, but nothing tells the highest
 * number: those of this package are among the last.
 */
function countPending(isPending: (number: number) => boolean, mine: number): number {
  const found = new Set([...pending].filter(isPending));
  for (let from = highest + 1; from < FARTHEST; from += SPAN) {
    for (let number = from; number < from + SPAN; number++) {
      if (!isPending(number)) continue;
      found.add(number);
      highest = number;
    }
    if (found.size >= mine) break;
  }
  pending = found;
  return found.size;
}

// -------------------------------------------------------------------------------- Bun

/** Protected objects by which nothing happens. */
const PASSIVE =
  /^(Undefined|Object|Function|Array|Module|GlobalObject|Unlinked.*|.*Array|ArrayBuffer)$/;

/** The module whose evaluation lasts as long as its top level waits. */
const MODULES = 1;

function bunLife(): boolean {
  if (hasThreads) return true;
  const { getProtectedObjects } = builtin("bun:jsc");
  const most: Record<string, number> = {
    Promise: own.operations + MODULES,
    Subprocess: own.children,
    FileInternalReadableStreamSource: own.operations,
    TCPSocket: own.sockets,
    Listener: own.servers,
  };
  for (const object of getProtectedObjects()) {
    if (ownObjects.has(object)) continue;
    const tag = Object.prototype.toString.call(object).slice(8, -1);
    if (PASSIVE.test(tag)) continue;
    const left = (most[tag] ?? 0) - 1;
    if (left < 0) return true;
    most[tag] = left;
  }
  return false;
}
