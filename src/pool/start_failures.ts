/**
 * Counts workers that end before they have done anything, so that a pool whose
 * initializer fails gives up instead of starting workers for ever.
 *
 * @module
 */
import { WorkerLostError } from "../python/errors.ts";

/** How often, beyond once for each worker, workers may fail in a row. */
const TRIES = 2;

/**
 * The same for those that were killed from outside, which says little about the pool; it
 * must end all the same, if it is for want of memory.
 */
const KILLS = 100;

/** Signals that do not come from what a process itself does. */
const FROM_OUTSIDE: ReadonlySet<string | null> = new Set(["SIGKILL", "SIGTERM"]);

/** How a worker ended. */
export interface StartFailure {
  readonly name: string;
  readonly exitcode: number | null;
  readonly signal: string | null;
  readonly lastWords: string;
}

/** See the file's head. */
export class StartFailures {
  readonly #workers: number;
  #own = 0;
  #outside = 0;
  /** What the initializer threw, where that was told. */
  #cause: unknown;

  /** @param workers How many workers the pool starts at once. */
  constructor(workers: number) {
    this.#workers = workers;
  }

  /** A worker has done something: it can be done. */
  reset(): void {
    this.#own = this.#outside = 0;
    this.#cause = undefined;
  }

  /** Why the next one fails that is added. */
  explain(cause: unknown): void {
    this.#cause = cause;
    // A class that had to be looked for.
    if (cause instanceof Promise) void cause.then((error) => this.#cause = error);
  }

  /**
   * A worker has failed.
   *
   * @param failure How it ended; undefined if it could not even be started.
   * @param reason Why it could not be started.
   * @returns What the pool fails with, if it is time for that.
   */
  add(failure: StartFailure | undefined, reason?: unknown): unknown {
    const isOutside = failure !== undefined && FROM_OUTSIDE.has(failure.signal);
    if (isOutside) this.#outside++;
    else this.#own++;
    if (this.#own <= this.#workers - 1 + TRIES && this.#outside < KILLS) {
      return undefined;
    }
    if (reason !== undefined || failure === undefined) return reason;
    const { name, exitcode, signal, lastWords } = failure;
    const how = signal === null ? `exit code ${exitcode}` : signal;
    const said = lastWords === "" ? "" : `; it wrote last:\n${lastWords}`;
    return new WorkerLostError(
      `the pool gives up: ${
        this.#own + this.#outside
      } workers in a row ended before they had done anything, ` +
        `the last one, ${name}, with ${how}${said}`,
      {
        exitcode,
        signal,
        stderr: lastWords || null,
        ...(this.#cause === undefined ? {} : { cause: this.#cause }),
      },
    );
  }
}
