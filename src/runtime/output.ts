/**
 * The output of this process: notices what it prints by `console`, `process.stdout` or
 * `Deno.stdout` (not what native code and subprocesses print), and gives a child on Bun
 * and Node a stdout that writes whole lines at once.
 *
 * @module
 */
import { builtin, nodeProcess, pipeBuffer } from "./posix.ts";

/** The methods of `console` that write to stdout. */
const METHODS = [
  ...["log", "info", "debug", "dir", "dirxml", "table", "group", "groupCollapsed"],
  ...["count", "timeEnd", "timeLog"],
] as const;

type Anything = (...args: unknown[]) => unknown;

/** Calls `onPrint` before each print from now on. */
export function watchPrints(onPrint: () => void): void {
  wrap(console as unknown as Record<string, unknown>, METHODS, onPrint);
  if ("Deno" in globalThis) {
    wrap(
      Deno.stdout as unknown as Record<string, unknown>,
      ["write", "writeSync"],
      onPrint,
    );
  } else {
    watchStream(onPrint);
  }
}

/** `process.stdout` is made when it is first read; until then it is left alone. */
function watchStream(onPrint: () => void): void {
  const { get } = Object.getOwnPropertyDescriptor(nodeProcess, "stdout") ?? {};
  if (get === undefined) return wrap(nodeProcess.stdout, ["write"], onPrint);
  let isWrapped = false;
  Object.defineProperty(nodeProcess, "stdout", {
    configurable: true,
    get() {
      const stream = get.call(nodeProcess);
      if (!isWrapped) wrap(stream, ["write"], onPrint);
      isWrapped = true;
      return stream;
    },
  });
}

function wrap(
  object: Record<string, unknown> | undefined,
  names: readonly string[],
  before: () => void,
): void {
  for (const name of names) {
    const method = object?.[name];
    if (typeof method !== "function") continue;
    Object.defineProperty(object, name, {
      value(...args: unknown[]): unknown {
        before();
        return (method as Anything).apply(this, args);
      },
      writable: true,
      configurable: true,
    });
  }
}

// --------------------------------------------------------------------- a child's stdout
//
// A child's `process.stdout` on Bun and Node: a stream that writes whole lines, at once.
// Their own streams gather lines while the pipe is full and then write many in one call,
// which other writers to the same pipe (a Worker, a subprocess) can cut.

const NEWLINE = 10;

/**
 * Divides bytes such that each part fits into one undivided write and, where lines are
 * not longer than that, ends with a line.
 */
export function* wholeLines(
  bytes: Uint8Array,
  size: number = pipeBuffer(),
): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    let end = Math.min(at + size, bytes.length);
    if (end < bytes.length) {
      const newline = bytes.lastIndexOf(NEWLINE, end - 1);
      if (newline >= at) end = newline + 1;
    }
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Milliseconds until a full stdout is tried again. */
const RETRY = 5;

/** Prints bytes, whole lines at a time, by a `write` that may take a part or be full. */
export async function writeLines(
  bytes: Uint8Array,
  write: (bytes: Uint8Array) => Promise<number>,
  isFull: (error: unknown) => boolean,
): Promise<void> {
  for (const part of wholeLines(bytes)) {
    for (let rest = part; rest.length > 0;) {
      try {
        rest = rest.subarray(await write(rest));
      } catch (error) {
        if (!isFull(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
    }
  }
}

/** Makes the stream; `write` writes all of the bytes, synchronously. */
// deno-lint-ignore no-explicit-any -- Node's types are not on the other runtimes
export function lineStream(write: (bytes: Uint8Array) => void): any {
  const { Writable } = builtin("node:stream");
  const stream = new Writable({
    write(bytes: Uint8Array, _encoding: string, done: (error?: unknown) => void) {
      try {
        for (const part of wholeLines(bytes)) write(part);
      } catch (error) {
        return done(error);
      }
      done();
    },
  });
  return Object.assign(stream, { fd: 1, _type: "pipe", _isStdio: true });
}
