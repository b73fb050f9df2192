/**
 * The input of `imap`, in chunks, read no sooner than they are wanted.
 *
 * @module
 */
import { type CallerContext, callerContext } from "../runtime/caller_context.ts";
import { isPromise } from "../runtime/brands.ts";
import { iterated } from "../python/keys.ts";

/** The elements of an `imap`: an array, a generator, a stream… */
export type Input<T> = Iterable<T> | AsyncIterable<T>;

/** The outcome of a read: a chunk, a promise of one, the end, or the input's failure. */
export type Reading =
  | { readonly kind: "chunk"; readonly elements: unknown[] }
  | { readonly kind: "wait"; readonly ready: Promise<unknown> }
  | { readonly kind: "end" }
  | { readonly kind: "error"; readonly error: unknown };

export class InputReader {
  /** The number of elements, where the input tells. */
  readonly total: number | null;
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #isAsync: boolean;
  readonly #chunksize: number;
  /** The chunk of an asynchronous input that was read ahead. */
  #fetched: Reading | undefined;
  #fetching: Promise<void> | undefined;
  #hasEnded = false;
  /** Calls code of the input's as who has called the pool would. */
  readonly #inContext: CallerContext;

  /** @throws {TypeError} `'int' object is not iterable` */
  constructor(input: unknown, chunksize: number) {
    const source = input as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null;
    const isAsync = typeof source?.[Symbol.asyncIterator] === "function";
    this.#isAsync = isAsync;
    this.#iterator = isAsync
      ? source![Symbol.asyncIterator]!()
      : iterated(input)[Symbol.iterator]();
    this.#chunksize = chunksize;
    // An array runs no code.
    this.#inContext = Array.isArray(input) ? (fn) => fn() : callerContext();
    this.total = lengthOf(input);
  }

  /** Whether nothing more will come. */
  get hasEnded(): boolean {
    return this.#hasEnded && this.#fetched === undefined;
  }

  read(): Reading {
    if (this.#fetched !== undefined) {
      const reading = this.#fetched;
      this.#fetched = undefined;
      return reading;
    }
    if (this.#hasEnded) return { kind: "end" };
    if (!this.#isAsync) {
      return this.#inContext(() => this.#readNow(this.#iterator as Iterator<unknown>));
    }
    this.#fetching ??= this.#fetch(this.#iterator as AsyncIterator<unknown>);
    return { kind: "wait", ready: this.#fetching };
  }

  /** As in Python, the part of a chunk that came before a failure is lost with it. */
  #readNow(iterator: Iterator<unknown>): Reading {
    const elements: unknown[] = [];
    try {
      while (elements.length < this.#chunksize) {
        const { value, done } = iterator.next();
        if (done) {
          this.#hasEnded = true;
          break;
        }
        elements.push(value);
      }
    } catch (error) {
      this.#hasEnded = true;
      return { kind: "error", error };
    }
    return elements.length === 0 ? { kind: "end" } : { kind: "chunk", elements };
  }

  async #fetch(iterator: AsyncIterator<unknown>): Promise<void> {
    const elements: unknown[] = [];
    try {
      while (elements.length < this.#chunksize && !this.#hasEnded) {
        const { value, done } = await this.#inContext(() => iterator.next());
        if (done) this.#hasEnded = true;
        else elements.push(value);
      }
      if (elements.length > 0) this.#fetched = { kind: "chunk", elements };
    } catch (error) {
      this.#hasEnded = true;
      this.#fetched = { kind: "error", error };
    }
    this.#fetching = undefined;
  }

  /** No more is wanted: a generator gets to its `finally`. */
  close(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#fetched = undefined;
    try {
      const closed = this.#inContext(() => this.#iterator.return?.());
      if (isPromise(closed)) closed.catch(() => {});
    } catch {
      // what a generator throws when it is left changes nothing
    }
  }
}

function lengthOf(input: unknown): number | null {
  const { length, size } = input as { length?: unknown; size?: unknown };
  const total = length ?? size;
  return typeof total === "number" && Number.isInteger(total) ? total : null;
}
