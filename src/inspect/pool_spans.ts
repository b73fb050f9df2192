/**
 * The tasks of this process's pools that are over, for the lanes of the page and the trace,
 * until they are told. Pure.
 *
 * There may be thousands of them in a second, so short ones are put together: those of one
 * function in one worker, one right after the other. If there are still too many, longer ones
 * are; then the oldest go.
 *
 * @module
 */
import type { FinishedTask } from "../link/observed.ts";
import { MOST, type ReportedSpan, text } from "./report.ts";

/** Seconds: a task that is shorter, and comes as soon after another, is put together with it. */
const SHORT = 0.001;

/** Such a limit puts together whatever can be. */
const LONG = 1;

/** A span of a pool. */
interface Span extends ReportedSpan {
  readonly pool: number;
  /** The longest task in it, or gap between two. */
  longest: number;
}

/** See the file's head. */
export class PoolSpans {
  /** Milliseconds since 1970 when the clock of the tasks was 0. */
  readonly #epoch: number;
  #spans: Span[] = [];
  /** The last one of each worker. */
  #last = new Map<string, Span>();
  #limit = SHORT;

  constructor(epoch: number) {
    this.#epoch = epoch;
  }

  /** A task is over. */
  add({ pool, worker, func, count, begin, seconds, hasFailed }: FinishedTask): void {
    this.#add({
      ...{ pool, worker: text(worker), func: text(func), count, hasFailed, seconds },
      begin: Math.round((this.#epoch + begin) * 1000) / 1000,
      longest: seconds,
    });
    while (this.#spans.length > MOST.spans) this.#shrink();
  }

  /** Those that were not told yet, by the number of the pool. */
  take(): Map<number, ReportedSpan[]> {
    const taken = new Map<number, ReportedSpan[]>();
    for (const { pool, longest: _, ...span } of this.#spans) {
      const own = taken.get(pool);
      if (own === undefined) taken.set(pool, [span]);
      else own.push(span);
    }
    this.#begin(SHORT);
    return taken;
  }

  #begin(limit: number): void {
    this.#spans = [];
    this.#last.clear();
    this.#limit = limit;
  }

  #add(span: Span): void {
    const key = `${span.pool} ${span.worker}`;
    const last = this.#last.get(key);
    if (last !== undefined && this.#isNext(last, span)) {
      last.longest = Math.max(last.longest, span.longest, gapOf(last, span));
      const end = span.begin + span.seconds * 1000;
      last.seconds = Math.max(last.seconds, (end - last.begin) / 1000);
      last.count += span.count;
      return;
    }
    this.#spans.push(span);
    this.#last.set(key, span);
  }

  /** Whether it belongs into the one before. */
  #isNext(last: Span, span: Span): boolean {
    return last.func === span.func && last.hasFailed === span.hasFailed &&
      Math.max(last.longest, span.longest, gapOf(last, span)) < this.#limit;
  }

  /** Makes room. */
  #shrink(): void {
    const before = this.#spans;
    if (this.#limit > LONG) {
      this.#spans = before.slice(before.length / 2);
      return;
    }
    this.#begin(4 * this.#limit);
    for (const span of before) this.#add(span);
  }
}

/** Seconds between the end of one and the beginning of another. */
function gapOf(last: Span, next: Span): number {
  return Math.max(0, (next.begin - last.begin) / 1000 - last.seconds);
}
