/**
 * Progress bars for the terminal, drawn by `cli-progress`, for the option `progress` of a
 * pool's methods. CPython has none; names and look follow `tqdm`.
 *
 * An entry of its own, so that other programs do not load the library.
 *
 * @module
 */
import cliProgress from "cli-progress";
import type { Progress } from "./job.ts";
import { parseArguments, signature } from "../python/arguments.ts";
import { runtime } from "../runtime/mod.ts";

/** The look of a bar. */
export interface BarOptions {
  /** The text in front of it. */
  desc?: string;
  /** Number of elements, if the input of `imap` does not tell it. */
  total?: number | null;
  /** The name of an element; `it` if not given. */
  unit?: string;
  /** Whether it stays on the terminal at the end; yes, if not given. */
  leave?: boolean;
  /** Whether it is never drawn. */
  disable?: boolean;
}

/** A progress bar, to be given to one call as `progress`; made by {@linkcode bar}. */
export interface Bar extends Progress {
  /** Number of elements that are done. */
  readonly n: number;
  /** Number of all elements; null while it is not known. */
  readonly total: number | null;
  /** Ends the drawing; the pool calls it at the end of the job. */
  close(): void;
}

const BAR = signature<Record<keyof BarOptions, unknown>>("bar", {
  desc: "",
  total: null,
  unit: "it",
  leave: true,
  disable: false,
}, { method: false, keywordOnly: ["total", "unit", "leave", "disable"] });

/**
 * Makes a progress bar on stderr; it is not drawn if stderr is not a terminal.
 *
 * @param desc The text in front of it.
 * @param options See {@linkcode BarOptions}.
 * @returns The option `progress` of one call of a pool's `map`, `imap` and so on.
 * @throws {TypeError} if an option is of the wrong type
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * import { bar } from "@pystd/multiprocessing/progress";
 * export function f(x: number): number {
 *   return x * x;
 * }
 * if (is_main(import.meta)) {
 *   const pool = Pool(2);
 *   console.log(await pool.map(f, [1, 2, 3], { progress: bar("squares") }));
 *   await pool.terminate();
 * }
 * ```
 */
export function bar(desc?: string, options?: BarOptions): Bar;
/** The same; the description is an option too. */
export function bar(options: BarOptions): Bar;
export function bar(...given: unknown[]): Bar {
  const { desc, total, unit, leave, disable } = parseArguments(BAR, given);
  if (total !== null && (typeof total !== "number" || !(total >= 0))) {
    throw new TypeError("total must be a number that is not negative, or None");
  }
  const width = disable ? undefined : runtime.stderrWidth();
  const state = { n: 0, total: total as number | null };
  const look = { desc: String(desc), unit: String(unit), isLeft: Boolean(leave) };
  const drawing = width === undefined ? undefined : new Drawing(look);
  const tell = (n: number, all: number | null) => {
    state.n = n;
    state.total = all ?? state.total;
    drawing?.update(n, state.total);
  };
  return Object.defineProperties(tell, {
    n: { get: () => state.n },
    total: { get: () => state.total },
    close: { value: () => drawing?.close() },
  }) as Bar;
}

interface Look {
  readonly desc: string;
  readonly unit: string;
  readonly isLeft: boolean;
}

/** The arguments of the library's `format` function. */
interface Moment {
  /** Between 0 and 1. */
  progress: number;
  value: number;
  /** Milliseconds, as `Date.now()` gives them. */
  startTime: number;
  stopTime: number | null;
  maxWidth: number;
}

/** The part of the library's bar that is used here. */
interface LibraryBar {
  start(total: number, startValue: number): void;
  update(value: number): void;
  setTotal(total: number): void;
  stop(): void;
  render(): void;
  timer: { unref?(): void } | null;
}

/** The library has no types of its own. */
const { SingleBar } = cliProgress as unknown as {
  SingleBar: new (options: Record<string, unknown>) => LibraryBar;
};

/** Drawings in a second, at most. */
const FPS = 10;

/** Columns of the bar between its ends, at most and at least. */
const MAX_BAR = 40;
const MIN_BAR = 5;

/** The library's bar; its timer does not keep the program alive. */
class QuietBar extends SingleBar {
  /** Called by the library's timer, and makes the next one. */
  override render(): void {
    super.render();
    this.timer?.unref?.();
  }
}

/** A bar that is drawn. */
class Drawing {
  readonly #look: Look;
  readonly #bar: LibraryBar;
  #total: number | null = null;
  #hasBegun = false;
  #hasEnded = false;

  constructor(look: Look) {
    this.#look = look;
    this.#bar = new QuietBar({
      format: (_: unknown, moment: Moment) => this.#line(moment),
      fps: FPS,
      clearOnComplete: !look.isLeft,
      // It would replace the program's own handling of Ctrl-C.
      gracefulExit: false,
      linewrap: true, // no escape codes that would have to be undone
      terminal,
    });
  }

  update(n: number, total: number | null): void {
    if (this.#hasEnded) return;
    this.#total = total;
    if (this.#hasBegun) {
      this.#bar.setTotal(total ?? Infinity);
      this.#bar.update(n);
    } else {
      this.#hasBegun = true;
      this.#bar.start(total ?? Infinity, n);
    }
  }

  close(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#hasBegun) this.#bar.stop();
  }

  /** `squares:  45%|██████      | 45/100 [00:03<00:04, 12.3it/s]`, as `tqdm` writes it. */
  #line({ progress, value, startTime, stopTime, maxWidth }: Moment): string {
    const { desc, unit } = this.#look;
    const seconds = ((stopTime ?? Date.now()) - startTime) / 1000;
    const rate = value === 0 || seconds === 0 ? undefined : value / seconds;
    const speed = `${rate === undefined ? "?" : three(rate)}${unit}/s`;
    const head = desc === "" ? "" : `${desc}: `;
    if (this.#total === null) {
      return `${head}${value}${unit} [${clock(seconds)}, ${speed}]`;
    }
    const left = rate === undefined ? "?" : clock((this.#total - value) / rate);
    const percent = `${Math.floor(progress * 100)}%`.padStart(4);
    const tail = `| ${value}/${this.#total} [${clock(seconds)}<${left}, ${speed}]`;
    const room = maxWidth - head.length - percent.length - tail.length - 2;
    const size = Math.max(MIN_BAR, Math.min(MAX_BAR, room));
    const full = Math.floor(progress * size);
    return `${head}${percent}|${"█".repeat(full)}${" ".repeat(size - full)}${tail}`;
  }
}

/** Three digits, or all in front of the point. */
function three(rate: number): string {
  return rate < 999.5 ? rate.toPrecision(3) : rate.toFixed();
}

/** `03:25`, or `1:03:25`. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const minutes = `${two(whole / 60 % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}

/** The terminal for the library: stderr, written synchronously, without state to restore. */
const terminal = {
  isTTY: () => true,
  getWidth: () => runtime.stderrWidth() ?? 80,
  write: (text: string) => write(text.slice(0, terminal.getWidth() - 1)),
  cursorTo: () => write("\r"),
  clearRight: () => write("\x1b[K"),
  clearLine: () => write("\x1b[2K"),
  newline: () => write("\n"),
  cursorSave: () => {},
  cursorRestore: () => {},
  cursor: () => {},
  lineWrapping: () => {},
};

function write(text: string): void {
  runtime.writeStderrSync(new TextEncoder().encode(text));
}
