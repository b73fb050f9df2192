/**
 * The arguments of a pool's methods: which there are, and what they may be.
 *
 * @module
 */
import {
  asInteger,
  asTimeout,
  pythonTypeName,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import type { Target } from "../process/arguments.ts";
import type { Progress } from "./job.ts";

/** Of `Pool` itself. */
export const INIT_POOL = signature<{
  processes: unknown;
  initializer: unknown;
  initargs: unknown;
  maxtasksperchild: unknown;
  context: unknown;
  permissions: unknown;
}>("BaseContext.Pool", {
  processes: null,
  initializer: null,
  initargs: [],
  maxtasksperchild: null,
  context: null,
  permissions: null,
}, { keywordOnly: ["permissions"] });

/** Of `ThreadPool` itself. */
export const INIT_THREAD_POOL = signature<{
  processes: unknown;
  initializer: unknown;
  initargs: unknown;
}>("ThreadPool.__init__", { processes: null, initializer: null, initargs: [] });

/** What every submitting method takes besides Python's arguments. */
export interface Control {
  timeout: unknown;
  progress: unknown;
}

/** Of `apply` and `apply_async`. */
export interface ApplyArguments extends Control {
  func: unknown;
  args: unknown;
  kwds: unknown;
}

/** Of `map`, `starmap` and their async forms. */
export interface MapArguments extends Control {
  func: unknown;
  iterable: unknown;
  chunksize: unknown;
}

/** Of the calls that do not wait, besides. */
export interface Tellers {
  callback: unknown;
  error_callback: unknown;
}

/** Of `imap` and `imap_unordered`. */
export interface ImapArguments extends Control {
  func: unknown;
  iterable: unknown;
  chunksize: unknown;
  buffersize: unknown;
}

const CONTROL = { timeout: null, progress: null };
const BY_NAME = ["timeout", "progress"] as const;

export const APPLY = signature<ApplyArguments>(
  "Pool.apply",
  { func: REQUIRED, args: [], kwds: null, ...CONTROL },
  { keywordOnly: BY_NAME, objects: ["kwds"] },
);

export const APPLY_ASYNC = signature<ApplyArguments & Tellers>("Pool.apply_async", {
  func: REQUIRED,
  args: [],
  kwds: null,
  callback: null,
  error_callback: null,
  ...CONTROL,
}, { keywordOnly: BY_NAME, objects: ["kwds"] });

function mapSignature(name: string) {
  return signature<MapArguments>(
    name,
    { func: REQUIRED, iterable: REQUIRED, chunksize: null, ...CONTROL },
    { keywordOnly: BY_NAME, positionalOnly: 2 },
  );
}

function mapAsyncSignature(name: string) {
  return signature<MapArguments & Tellers>(name, {
    func: REQUIRED,
    iterable: REQUIRED,
    chunksize: null,
    callback: null,
    error_callback: null,
    ...CONTROL,
  }, { keywordOnly: BY_NAME, positionalOnly: 2 });
}

function imapSignature(name: string) {
  return signature<ImapArguments>(name, {
    func: REQUIRED,
    iterable: REQUIRED,
    chunksize: 1,
    buffersize: null,
    ...CONTROL,
  }, { keywordOnly: BY_NAME, positionalOnly: 2 });
}

export const MAP = mapSignature("Pool.map");
export const STARMAP = mapSignature("Pool.starmap");
export const MAP_ASYNC = mapAsyncSignature("Pool.map_async");
export const STARMAP_ASYNC = mapAsyncSignature("Pool.starmap_async");
export const IMAP = imapSignature("Pool.imap");
export const IMAP_UNORDERED = imapSignature("Pool.imap_unordered");

/** How many processes or threads a system has at most, as it comes. */
const MAX_COUNT = 32768;

/**
 * How many workers there shall be.
 *
 * @param tooMany Makes the error for more than there can be.
 * @throws {ValueError} `Number of processes must be at least 1`
 */
export function asProcessCount(value: unknown, tooMany: () => Error): number {
  if (value === null) return Math.max(1, runtime.usableCpuCount || 1);
  if (typeof value === "number" && value < 1) {
    throw new ValueError("Number of processes must be at least 1");
  }
  const count = asInteger(value, "<");
  if (count < 1) throw new ValueError("Number of processes must be at least 1");
  if (count > MAX_COUNT) throw tooMany();
  return count;
}

/**
 * The limit of a task's time; null for none.
 *
 * @throws {ValueError} for a negative number and NaN
 * @throws {TypeError} for what is no number
 */
export function asTaskTimeout(value: unknown): number | null {
  if (typeof value === "number" && !(value >= 0)) {
    throw new ValueError("timeout must be None or a number of seconds from 0 up");
  }
  return asTimeout(value, "comparison");
}

/** @throws {ValueError} `maxtasksperchild must be a positive int or None` */
export function asMaxTasks(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new ValueError("maxtasksperchild must be a positive int or None");
}

/** @throws {TypeError} `initializer must be a callable` */
export function asInitializer(value: unknown): Target | null {
  if (value === null || typeof value === "function") return value as Target | null;
  throw new TypeError("initializer must be a callable");
}

/** @throws {TypeError} `progress must be a callable` */
export function asProgress(value: unknown): Progress | null {
  if (value === null || typeof value === "function") return value as Progress | null;
  throw new TypeError("progress must be a callable");
}

/** @throws {ValueError} `Chunksize must be 1+, not 0` */
export function asChunksize(value: unknown, operator: "<" | "<="): number {
  const chunksize = asInteger(value, operator);
  if (chunksize >= 1) return chunksize;
  throw new ValueError(`Chunksize must be 1+, not ${chunksize}`);
}

/** @throws {ValueError} `buffersize must be None or > 0` */
export function asBuffersize(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError("buffersize must be an integer or None");
  }
  if (value < 1) throw new ValueError("buffersize must be None or > 0");
  return value;
}

/** What is mapped, read now. @throws {TypeError} `'int' object is not iterable` */
export function asElements(value: unknown): unknown[] {
  if (typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] !== "function") {
    throw new TypeError(`'${pythonTypeName(value)}' object is not iterable`);
  }
  return [...value as Iterable<unknown>];
}

/** The arguments of a call, with `kwds` as the last one. */
export function asArguments({ args, kwds }: ApplyArguments, name: string): unknown[] {
  if (typeof (args as Iterable<unknown> | null)?.[Symbol.iterator] !== "function") {
    throw new TypeError(
      `${name}() argument after * must be an iterable, not ${pythonTypeName(args)}`,
    );
  }
  const list = [...args as Iterable<unknown>];
  const hasKeywords = kwds !== null && Object.keys(kwds as object).length > 0;
  return hasKeywords ? [...list, kwds] : list;
}
