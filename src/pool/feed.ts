/**
 * The tasks of a pool that nobody was handed yet, in their order: tasks, and what has some (the
 * elements of `map`, the input of `imap`). Pure.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";

/** Something that has tasks, one after the other. */
export interface Source<T> {
  /** The next one; undefined if there is none, or none now. */
  take(): T | undefined;
  /** Whether there will be no more. */
  readonly isDone: boolean;
  /** The number of tasks left, as far as it is known; for a fair share. */
  readonly remaining: number;
  /** Whether others get their turn after each of its tasks: it may go on for ever. */
  readonly yields: boolean;
  /** Whether it has none now, but what comes after it is to wait for it. */
  readonly isWaiting?: boolean;
}

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
  /** Sources that had no task when they were asked; `wake` brings them back. */
  readonly #asleep = new Set<Source<T>>();

  /** There is a new task, or something that has tasks. */
  add(entry: T | Source<T>): void {
    this.#queue.push(entry);
  }

  /** A source may have tasks again. Whether that makes a difference now. */
  wake(source: Source<T>): boolean {
    if (!this.#asleep.delete(source)) return source === this.#current;
    this.add(source);
    return true;
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

  /** Whether there may be a task now. */
  get hasWaiting(): boolean {
    return this.#queue.length > 0 || this.#current !== undefined;
  }

  /** The number of tasks that can be taken now, at least; cheap. */
  get waiting(): number {
    const first = this.#queue.at(0);
    return this.#queue.length + remaining(this.#current) +
      (first !== undefined && "take" in first ? remaining(first) : 0);
  }

  /** The number of tasks, of those whose number is known. */
  get length(): number {
    let count = unread(this.#current);
    for (const entry of this.#queue) {
      if ("take" in entry) count += unread(entry);
      else if (!entry.isDropped) count++;
    }
    for (const source of this.#asleep) count += unread(source);
    return count;
  }

  /** Forgets all. */
  clear(): void {
    this.#queue.filter(() => false);
    this.#current = undefined;
    this.#asleep.clear();
  }

  /** A source that had no task. */
  #leave(source: Source<T> | undefined): void {
    if (source !== undefined && !source.isDone) this.#asleep.add(source);
  }
}

function remaining(source: Source<unknown> | undefined): number {
  return source?.remaining ?? 0;
}

/** The same without those that are not there before a worker is free for them. */
function unread(source: Source<unknown> | undefined): number {
  return source === undefined || source.yields ? 0 : source.remaining;
}
