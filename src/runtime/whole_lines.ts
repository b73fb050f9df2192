/**
 * A child's `process.stdout` on Bun and Node: a stream that writes at once, and whole
 * lines. Their own streams gather lines while the pipe is full and then write many in one
 * call, which others that write to the same pipe (a Worker, a subprocess) can cut.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** What a pipe takes undivided. */
const PIPE_BUF = 4096;

const NEWLINE = 10;

/**
 * Divides bytes such that each part fits into one undivided write and, where lines are
 * not longer than that, ends with a line.
 */
export function* wholeLines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    let end = Math.min(at + PIPE_BUF, bytes.length);
    if (end < bytes.length) {
      const newline = bytes.lastIndexOf(NEWLINE, end - 1);
      if (newline >= at) end = newline + 1;
    }
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Makes the stream. @param write Writes all of the bytes, synchronously. */
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
