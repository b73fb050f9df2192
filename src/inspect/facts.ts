/**
 * What the root knows of a process, and numbers for what only processes count. Pure.
 *
 * @module
 */
import type { Report } from "./report.ts";

/** What is known of one process. */
export interface ProcessFacts {
  readonly number: number;
  readonly pid: number;
  readonly name: string;
  readonly host: string | null;
  readonly isReady: boolean;
  readonly isStopped: boolean;
  /** Seconds since it was started, and since it was heard of. */
  readonly age: number;
  readonly silence: number;
  /** Whether it has been silent for too long. */
  readonly isSilent: boolean;
  readonly cpu: number | null;
  readonly memory: number | null;
  /** The last that it has said. */
  readonly report: Report | undefined;
}

/** Numbers for what the hub does not count, of a process and its own number for it. */
export class Numbers {
  readonly #known = new Map<string, number>();
  #last: number;

  /** @param first The number before the first one. */
  constructor(first = 0) {
    this.#last = first;
  }

  of(process: number, own: number): number {
    const key = `${process} ${own}`;
    let number = this.#known.get(key);
    if (number === undefined) this.#known.set(key, number = ++this.#last);
    return number;
  }

  /** A process is gone, with all that it has counted. */
  forget(process: number): void {
    const prefix = `${process} `;
    for (const key of this.#known.keys()) {
      if (key.startsWith(prefix)) this.#known.delete(key);
    }
  }
}
