/**
 * An iterator over the keys of a dict or the members of a set on a server. It is this
 * process's own, and asks for each as it is needed.
 *
 * @module
 */
import { RuntimeError, StopIteration } from "../../python/errors.ts";

/** The next entry and its place; 0 if there is none, -1 if the number of entries is another. */
export type Step = { readonly place: string; readonly value: unknown } | 0 | -1;

/** See above; as managers/types/iteration.ts. */
export class EntryIterator {
  readonly #what: string;
  readonly #ask: (place: string) => Promise<Step>;
  #place = "0";
  #state: "going on" | "failed" | "over" = "going on";
  /** The step before: steps follow each other. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param what Python's name of the container.
   * @param ask Gives the entry that comes after a place.
   */
  constructor(what: string, ask: (place: string) => Promise<Step>) {
    this.#what = what;
    this.#ask = ask;
  }

  /** What Python calls it. */
  get typeName(): string {
    return this.#what === "Set" ? "set_iterator" : "dict_keyiterator";
  }

  /** @throws {StopIteration} after the last; {RuntimeError} if the size is another */
  __next__(): Promise<unknown> {
    const step = this.#last.then(() => this.#next());
    this.#last = step.catch(() => {});
    return step;
  }

  async #next(): Promise<unknown> {
    if (this.#state === "over") throw new StopIteration();
    const step = this.#state === "failed" ? -1 : await this.#ask(this.#place);
    if (step === -1) {
      this.#state = "failed";
      throw new RuntimeError(`${this.#what} changed size during iteration`);
    }
    if (step === 0) {
      this.#state = "over";
      throw new StopIteration();
    }
    this.#place = step.place;
    return step.value;
  }
}
