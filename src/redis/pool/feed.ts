/**
 * The tasks of a pool that are not on the server yet, in their order: tasks, and what has some
 * (the elements of `map`, the input of `imap`). Pure.
 *
 * @module
 */
import { Deque } from "../../collections/deque.ts";
import type { Source } from "../../pool/scheduler.ts";

/** A task, as far as this matters. */
export interface Feedable {
  /** Its result is not wanted any more. */
  readonly isDropped: boolean;
}

/** See above. */
export class Feed<T extends Feedable> {
  readonly #queue = new Deque<T | Source<T>>();
  /** The source that is being emptied. */
  #current: Source<T> | undefined;
  /** Sources that had no task when they were asked. */
  readonly #asleep = new Set<Source<T>>();

  /** There is a new task, or something that has tasks. */
  add(entry: T | Source<T>): void {
    this.#queue.push(entry);
  }

  /** A source may have tasks again. */
  wake(source: Source<T>): void {
    if (this.#asleep.delete(source)) this.add(source);
  }

  /** The next task; undefined if there is none now. */
  next(): T | undefined {
    for (;;) {
      const task = this.#current?.take();
      if (task !== undefined) return task;
      if (this.#current?.isWaiting) return undefined;
      this.#leave(this.#current);
      this.#current = undefined;
      const entry = this.#queue.shift();
      if (entry === undefined) return undefined;
      if (!("take" in entry)) {
        if (!entry.isDropped) return entry;
      } else if (!entry.yields) {
        this.#current = entry;
      } else {
        const task = entry.take();
        if (task === undefined) this.#leave(entry);
        else {
          this.#queue.push(entry); // others get their turn
          return task;
        }
      }
    }
  }

  /** The number of tasks, of those whose number is known. */
  get length(): number {
    let count = remaining(this.#current);
    for (const entry of this.#queue) {
      if ("take" in entry) count += remaining(entry);
      else if (!entry.isDropped) count++;
    }
    for (const source of this.#asleep) count += remaining(source);
    return count;
  }

  /** Forgets all. */
  clear(): void {
    this.#queue.filter(() => false);
    this.#current = undefined;
    this.#asleep.clear();
  }

  #leave(source: Source<T> | undefined): void {
    if (source !== undefined && !source.isDone) this.#asleep.add(source);
  }
}

/** What is read only when there is room for it does not count. */
function remaining(source: Source<unknown> | undefined): number {
  return source === undefined || source.yields ? 0 : source.remaining;
}
