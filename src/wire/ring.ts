/**
 * Where in a file long messages are put, that are taken out in the order they were put in.
 * Nothing is read or written here: it is arithmetic, in the hands of who puts them in.
 *
 * ```
 * │ count, bell │ ring: many messages, round and round │ hall: one that is too long for it │
 * 0             START                                  HALL                             END
 * ```
 *
 * Whoever takes a message out counts it in the file's first byte. One byte, so that it is
 * never seen half written, whoever is killed; it can tell apart what is in the file
 * because that is never more than {@linkcode MAX_COUNT}.
 *
 * The byte after that is a bell: see bypass.ts.
 *
 * @module
 */

/** Where the bell is. */
export const BELL = 1;

/** The first byte for messages. */
const START = 4096;

/** Bytes of the ring. They stay in memory once they were used. */
const RING = 1 << 22;

/** The first byte of the hall, which is given back when its message has been taken out. */
export const HALL: number = START + RING;

/** The end of everything: a message that is longer than the hall has no place. */
export const END: number = HALL + (1 << 25);

/** Messages that may be in the file at a time. */
const MAX_COUNT = 200;

/** See the file's head. */
export class Ring {
  /** Where the messages that are in the file begin, the oldest first. */
  readonly #starts: number[] = [];
  /** Where the next one goes, if there is room. */
  #next = START;
  /** The last count that was told, from 0 to 255. */
  #count = 0;

  /** Messages that are in the file. */
  get length(): number {
    return this.#starts.length;
  }

  /**
   * Finds a place.
   *
   * @param size Bytes of the message.
   * @returns Where it begins; undefined if there is no room now.
   */
  put(size: number): number | undefined {
    if (this.#starts.length >= MAX_COUNT) return undefined;
    const start = size > RING ? this.#inHall(size) : this.#inRing(size);
    if (start !== undefined) this.#starts.push(start);
    return start;
  }

  #inHall(size: number): number | undefined {
    return this.#starts.includes(HALL) || size > END - HALL ? undefined : HALL;
  }

  #inRing(size: number): number | undefined {
    const oldest = this.#starts.find((start) => start < HALL);
    if (oldest === undefined) this.#next = START; // the same few pages, again and again
    const limit = oldest === undefined || oldest < this.#next ? HALL : oldest;
    let start = this.#next;
    if (start + size > limit) {
      // Behind the newest there is too little room: before the oldest, perhaps.
      if (limit !== HALL || oldest === undefined || START + size >= oldest) {
        return undefined;
      }
      start = START;
    } else if (start + size === oldest) {
      return undefined; // it would look empty
    }
    this.#next = start + size;
    return start;
  }

  /**
   * Takes note of what has been taken out meanwhile.
   *
   * @param count The file's first byte. One that cannot be is none.
   */
  takenUpTo(count: number): void {
    const taken = (count - this.#count) & 0xff;
    if (taken > this.#starts.length) return;
    this.#count = count;
    this.#starts.splice(0, taken);
  }
}
