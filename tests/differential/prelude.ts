/**
 * What the emitted TypeScript programs use: one line of the transcript for each step. Its
 * Python twin is `prelude.py`.
 *
 * @module
 */
import process from "node:process";

/** Seconds for a step: in a program that has lost steps, another one may wait for ever. */
const LIMIT = Number(process.env["DIFFERENTIAL_LIMIT"] ?? 25);

/** A step has taken too long; what comes after it is left out. */
class Hangs extends Error {
  override name = "Hangs";
}

const ABSENT = Symbol("absent");

/** A step whose value is shown; `uses` are the variables in it. */
export async function S(key: string, run: () => unknown, ...uses: unknown[]) {
  emit(key, (await outcome(run, uses)).text);
}

/** A step that makes a variable. */
// deno-lint-ignore no-explicit-any -- the emitted program knows what it is
export async function L(key: string, run: () => any, ...uses: unknown[]) {
  const { value, text } = await outcome(run, uses);
  emit(key, value === ABSENT ? text : "made");
  return value;
}

async function outcome(run: () => unknown, uses: unknown[]) {
  if (uses.includes(ABSENT)) return { value: ABSENT, text: "absent" };
  try {
    const value = await inTime(run());
    return { value, text: isProxy(value) ? `<${await value.__str__()}>` : show(value) };
  } catch (error) {
    if (error instanceof Hangs) throw error;
    return { value: ABSENT, text: failure(error) };
  }
}

/** Whether it stands for an object of a manager, whose text comes from there. */
function isProxy(value: unknown): value is { __str__(): Promise<string> } {
  return typeof value === "object" && value !== null && "_callmethod" in value;
}

async function inTime(value: unknown): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await Promise.race([
      value,
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Hangs()), LIMIT * 1000);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Prints a line of the transcript. */
export function emit(key: string, text: string): void {
  const line = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  console.log(`@${key} ${line}`);
}

/** Class and text of an error. */
export function failure(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${String(error)}`;
  const isRemote = error.name === "RemoteError" && error.message.includes("\n");
  return `${error.name}: ${isRemote ? remote(error.message) : error.message}`;
}

/** The error in a traceback that a manager's server has sent. */
function remote(text: string): string {
  return /^\w+: .*$/m.exec(text)?.[0] ?? text;
}

/** A value as both languages have it: kinds that are one in the other are not told apart. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return "None";
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "number":
      return number(value);
    case "bigint":
      return String(value);
    case "string":
      return quoted(value);
    case "object":
      return object(value);
    default:
      return `<${String(value)}>`;
  }
}

function number(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0";
  if (Number.isInteger(value) && Math.abs(value) < 1e300) return String(BigInt(value));
  // Python writes an exponent below 0.0001, with two digits at least.
  const text = Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function object(value: object): string {
  if (value instanceof Error) return `error ${failure(value)}`;
  if (value instanceof Uint8Array) return `b[${[...value].join(",")}]`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value instanceof Set) return `set(${[...value].map(show).sort().join(", ")})`;
  if (value instanceof Map) return dict([...value]);
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || prototype === Object.prototype;
  return isPlain ? dict(Object.entries(value)) : `<${String(value)}>`;
}

function dict(entries: [unknown, unknown][]): string {
  return `{${entries.map(([k, v]) => `${show(k)}: ${show(v)}`).join(", ")}}`;
}

function quoted(text: string): string {
  const escaped = text.replace(
    /[^ !#-[\]-~]/gu,
    (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`,
  );
  return `"${escaped}"`;
}

/** The elements of something that is iterated with waiting. */
export async function listed<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of iterable) all.push(one);
  return all;
}

/** The parts of the error that a call throws. */
export async function caught(run: () => unknown): Promise<unknown> {
  try {
    return show(await run());
  } catch (error) {
    const { cause } = error as Error;
    return [failure(error), cause === undefined ? null : (cause as Error).name];
  }
}

/** Whether a call throws an error. */
export async function raised(run: () => unknown): Promise<boolean> {
  try {
    await run();
  } catch {
    return true;
  }
  return false;
}

/** Calls one function after the other; gives what the last one gives. */
export async function use<T>(
  value: T,
  ...calls: ((value: T) => unknown)[]
): Promise<unknown> {
  let result: unknown;
  for (const call of calls) result = await call(value);
  return result;
}

/** Runs the programs, one after the other. */
export async function run_all(programs: (() => Promise<void>)[]): Promise<void> {
  let hung = false;
  for (const program of programs) {
    try {
      await program();
    } catch (error) {
      if (!(error instanceof Hangs)) throw error;
      hung = true;
    }
  }
  if (hung) process.exit(0);
}
