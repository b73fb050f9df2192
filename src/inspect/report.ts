/**
 * What an observed process says of itself, once an interval, as a text of JSON; and the
 * root's check of it. Pure.
 *
 * A process may lie: what it says is taken for what it is, something said by that process.
 * The check makes new objects of known fields, with texts and lists cut and numbers in their
 * ranges, so whatever comes costs no more than its length. Whether the objects and processes
 * that it names are its own is checked where the numbers are known, in assembler.ts.
 *
 * @module
 */
import type { Place } from "./snapshot.ts";

/** The longest report, in bytes. */
export const MAX_REPORT = 131_072;

/** The most of each kind in one report. */
export const MOST = {
  waits: 256,
  holds: 256,
  orders: 64,
  made: 256,
  tasks: 16,
  pools: 32,
  workers: 256,
  spans: 256,
  objects: 256,
  waiters: 64,
} as const;

/** The longest texts, in characters. */
const TEXT = 200;
const FILE = 1024;

/** A wait. Ages are seconds, as everywhere in a report. */
export interface ReportedWait {
  op: string;
  object: number | null;
  process: number | null;
  /** The pool's number in that process. */
  pool: number | null;
  /** The pid of a manager's server, and the number of its object, for proxies. */
  server: number | null;
  managed: number | null;
  age: number;
  left: number | null;
  isOpen: boolean;
  place: Place | null;
}

/** A lock or semaphore that it has. */
export interface ReportedHold {
  object: number;
  age: number | null;
  place: Place | null;
  /** Whether it releases all of it for certain, as `with` does. */
  isScoped: boolean;
}

/** Two locks of which it has taken the second while it had the first. */
export interface ReportedOrder {
  first: number;
  second: number;
  firstPlace: Place | null;
  secondPlace: Place | null;
}

/** An object that it has made, or has a handle of: told once. */
export interface ReportedObject {
  id: number;
  type: string;
  name: string | null;
  place: Place | null;
  /** The pid of the manager's server that it is in; null for one of the hub's. */
  server: number | null;
}

/** A task that it runs. */
export interface ReportedTask {
  func: string;
  args: string | null;
  age: number;
}

/** A worker of one of its pools. */
export interface ReportedWorker {
  /** Of its process; null for a thread. */
  pid: number | null;
  name: string;
  isBusy: boolean;
  share: number;
  done: number;
}

/** A histogram, as `HistogramSnapshot`. */
export interface ReportedHistogram {
  count: number;
  buckets: readonly number[];
  p50: number | null;
  p99: number | null;
}

/** A task that is over. */
export interface ReportedSpan {
  worker: string;
  func: string;
  begin: number;
  seconds: number;
  count: number;
  hasFailed: boolean;
}

/** A pool of that process. */
export interface ReportedPool {
  /** From 1, in that process. */
  id: number;
  name: string | null;
  place: Place | null;
  workers: ReportedWorker[];
  queued: number;
  done: number;
  failed: number;
  run: ReportedHistogram;
  wait: ReportedHistogram;
  spans: ReportedSpan[];
}

/** A client of a manager's server, which has something or waits for it. */
export interface ReportedClient {
  /** Of its process. */
  pid: number;
  age: number | null;
  /** Seconds until it gives up; null for never. */
  left: number | null;
}

/** An object of a manager's server. */
export interface ReportedManaged {
  id: number;
  type: string;
  kind: "queue" | "lock" | "event" | "condition" | "barrier";
  /** Items; free permits; whether it is set, or broken. */
  value: number;
  /** The bound of a queue; the parties of a barrier; 0 for none. */
  bound: number;
  isOwned: boolean;
  holders: ReportedClient[];
  takers: ReportedClient[];
  waiters: ReportedClient[];
  putters: ReportedClient[];
  joiners: ReportedClient[];
  unfinished: number | null;
  isShutDown: boolean;
  /** The number of a condition's lock. */
  lock: number | null;
}

/** All that a process says. */
export interface Report {
  name: string;
  daemon: boolean;
  role: "main" | "process" | "worker" | "manager";
  runtime: string;
  /** Seconds of processor time since it began; null if it cannot tell. */
  cpu: number | null;
  /** Bytes. */
  memory: number | null;
  isAlive: boolean | null;
  waits: ReportedWait[];
  holds: ReportedHold[];
  /** All that it has seen. */
  orders: ReportedOrder[];
  made: ReportedObject[];
  tasks: ReportedTask[];
  pools: ReportedPool[];
  managed: ReportedManaged[];
}

/** A report as bytes; one that is too long goes without its longest lists. */
export function encodeReport(report: Report): Uint8Array {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(JSON.stringify(report));
  if (bytes.length <= MAX_REPORT) return bytes;
  const pools = report.pools.map((pool) => ({ ...pool, spans: [] }));
  const waits = report.waits.slice(0, 32);
  const holds = report.holds.slice(0, 32);
  const shorter = { ...report, made: [], managed: [], tasks: [], pools, waits, holds };
  return encoder.encode(JSON.stringify(shorter));
}

/** Reads a report; undefined if it is none. */
export function parseReport(bytes: Uint8Array): Report | undefined {
  if (bytes.length > MAX_REPORT) return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(value) ? asReport(value) : undefined;
  } catch {
    return undefined;
  }
}

function asReport(value: Fields): Report {
  return {
    name: text(value.name),
    daemon: value.daemon === true,
    role: oneOf(["process", "main", "worker", "manager"], value.role),
    runtime: text(value.runtime, 64),
    cpu: numberOrNull(value.cpu),
    memory: wholeOrNull(value.memory),
    isAlive: typeof value.isAlive === "boolean" ? value.isAlive : null,
    waits: list(value.waits, MOST.waits, asWait),
    holds: list(value.holds, MOST.holds, asHold),
    orders: list(value.orders, MOST.orders, asOrder),
    made: list(value.made, MOST.made, asMade),
    tasks: list(value.tasks, MOST.tasks, asTask),
    pools: list(value.pools, MOST.pools, asPool),
    managed: list(value.managed, MOST.objects, asManaged),
  };
}

function asWait(value: Fields): ReportedWait {
  return {
    op: text(value.op, 40),
    object: wholeOrNull(value.object),
    process: wholeOrNull(value.process),
    pool: wholeOrNull(value.pool),
    server: wholeOrNull(value.server),
    managed: wholeOrNull(value.managed),
    age: number(value.age),
    left: numberOrNull(value.left),
    isOpen: value.isOpen === true,
    place: placeOrNull(value.place),
  };
}

function asHold(value: Fields): ReportedHold {
  return {
    object: whole(value.object),
    age: numberOrNull(value.age),
    place: placeOrNull(value.place),
    isScoped: value.isScoped === true,
  };
}

function asOrder(value: Fields): ReportedOrder {
  return {
    first: whole(value.first),
    second: whole(value.second),
    firstPlace: placeOrNull(value.firstPlace),
    secondPlace: placeOrNull(value.secondPlace),
  };
}

function asMade(value: Fields): ReportedObject {
  return {
    id: whole(value.id),
    type: text(value.type, 64),
    name: textOrNull(value.name),
    place: placeOrNull(value.place),
    server: wholeOrNull(value.server),
  };
}

function asTask(value: Fields): ReportedTask {
  return {
    func: text(value.func),
    args: textOrNull(value.args),
    age: number(value.age),
  };
}

function asPool(value: Fields): ReportedPool {
  return {
    id: whole(value.id),
    name: textOrNull(value.name),
    place: placeOrNull(value.place),
    workers: list(value.workers, MOST.workers, (worker) => ({
      pid: wholeOrNull(worker.pid),
      name: text(worker.name),
      isBusy: worker.isBusy === true,
      share: Math.min(1, number(worker.share)),
      done: whole(worker.done),
    })),
    queued: whole(value.queued),
    done: whole(value.done),
    failed: whole(value.failed),
    run: asHistogram(value.run),
    wait: asHistogram(value.wait),
    spans: list(value.spans, MOST.spans, (span) => ({
      worker: text(span.worker),
      func: text(span.func),
      begin: number(span.begin),
      seconds: number(span.seconds),
      count: whole(span.count),
      hasFailed: span.hasFailed === true,
    })),
  };
}

function asHistogram(given: unknown): ReportedHistogram {
  const value = isRecord(given) ? given : {};
  const buckets = Array.isArray(value.buckets) ? value.buckets.slice(0, 64) : [];
  return {
    count: whole(value.count),
    buckets: buckets.map(whole),
    p50: numberOrNull(value.p50),
    p99: numberOrNull(value.p99),
  };
}

function asManaged(value: Fields): ReportedManaged {
  const clients = (given: unknown) =>
    list(given, MOST.waiters, (client) => ({
      pid: whole(client.pid),
      age: numberOrNull(client.age),
      left: numberOrNull(client.left),
    }));
  return {
    id: whole(value.id),
    type: text(value.type, 64),
    kind: oneOf(["queue", "lock", "event", "condition", "barrier"], value.kind),
    value: whole(value.value),
    bound: whole(value.bound),
    isOwned: value.isOwned === true,
    holders: clients(value.holders),
    takers: clients(value.takers),
    waiters: clients(value.waiters),
    putters: clients(value.putters),
    joiners: clients(value.joiners),
    unfinished: wholeOrNull(value.unfinished),
    isShutDown: value.isShutDown === true,
    lock: wholeOrNull(value.lock),
  };
}

// ------------------------------------------------------------------------------ parts

type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list<T>(value: unknown, most: number, as: (value: Fields) => T): T[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, most).filter(isRecord).map(as);
}

/** What a terminal would take for a command, and what turns the direction of text. */
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A text that can be shown: on one line, not too long, without commands for terminals. */
export function text(value: unknown, most = TEXT): string {
  if (typeof value !== "string") return "";
  const short = value.length > most ? `${value.slice(0, most - 1)}…` : value;
  return short.replace(CONTROL, "\ufffd");
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? text(value) : null;
}

/** A number from 0 on. */
function number(value: unknown): number {
  return numberOrNull(value) ?? 0;
}

function numberOrNull(value: unknown): number | null {
  const isNumber = typeof value === "number" && Number.isFinite(value) && value >= 0;
  return isNumber ? Math.min(value, Number.MAX_SAFE_INTEGER) : null;
}

/** A whole number from 0 on. */
function whole(value: unknown): number {
  return wholeOrNull(value) ?? 0;
}

function wholeOrNull(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}

function oneOf<T extends string>(all: readonly T[], value: unknown): T {
  return all.find((one) => one === value) ?? all[0]!;
}

function placeOrNull(value: unknown): Place | null {
  if (!isRecord(value)) return null;
  return {
    file: text(value.file, FILE),
    line: whole(value.line),
    column: whole(value.column),
    func: textOrNull(value.func),
  };
}
