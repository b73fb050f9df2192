/**
 * The last lines that processes have printed. Pure.
 *
 * @module
 */
import type { OutputLine } from "./snapshot.ts";
import { text } from "./report.ts";

/** The most lines that are kept. */
const LINES = 1000;
/** The longest line, in characters. */
const LENGTH = 500;
/** Of more bytes at once only the last are looked at. */
const BYTES = 65_536;

/** Colors and movements of the cursor, and titles of windows. */
// deno-lint-ignore no-control-regex -- that is what they begin with
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])/g;

interface Numbered extends OutputLine {
  readonly seq: number;
}

interface Stream {
  readonly decoder: TextDecoder;
  /** A line that has no end yet. */
  rest: string;
}

/** The last lines, with numbers, so that each reader gets those that are new to it. */
export class Printed {
  readonly #lines: Numbered[] = [];
  readonly #streams = new Map<string, Stream>();
  #seq = 0;

  /** The number of the last line. */
  get seq(): number {
    return this.#seq;
  }

  add(
    at: number,
    process: number,
    stream: OutputLine["stream"],
    bytes: Uint8Array,
  ): void {
    const state = this.#streamOf(process, stream);
    const last = bytes.subarray(Math.max(0, bytes.length - BYTES));
    const lines = (state.rest + state.decoder.decode(last, { stream: true })).split(
      "\n",
    );
    state.rest = lines.pop()!.slice(-LENGTH);
    for (const line of lines.slice(-LINES)) this.#push(at, process, stream, line);
  }

  #streamOf(process: number, stream: string): Stream {
    const key = `${process} ${stream}`;
    let state = this.#streams.get(key);
    if (state === undefined) {
      state = { decoder: new TextDecoder(), rest: "" };
      this.#streams.set(key, state);
    }
    return state;
  }

  #push(at: number, process: number, stream: OutputLine["stream"], line: string): void {
    const shown = text(line.replace(ESCAPES, "").replace(/\r$/, ""), LENGTH);
    this.#lines.push({ seq: ++this.#seq, at, process, stream, text: shown });
    if (this.#lines.length > 2 * LINES) this.#lines.splice(0, LINES);
  }

  /** A process has ended. */
  end(at: number, process: number): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const key = `${process} ${stream}`;
      const rest = this.#streams.get(key)?.rest;
      if (rest) this.#push(at, process, stream, rest);
      this.#streams.delete(key);
    }
  }

  /** The lines behind a number. */
  since(seq: number): OutputLine[] {
    return this.#lines.filter((line) => line.seq > seq).slice(-LINES)
      .map(({ at, process, stream, text }) => ({ at, process, stream, text }));
  }
}
