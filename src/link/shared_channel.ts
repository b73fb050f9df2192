/**
 * The shared-memory channel: a faster way for long messages between the root and a child,
 * where both may use files in memory. One process writes the message into a file, the other
 * reads it there, and the stream only tells the place. A pipe takes a megabyte in hundreds
 * of small pieces, each of which wakes a process up.
 *
 * Nothing else changes: the message counts when the stream tells of it, in its order there,
 * so a process that is killed has sent it or has not. There is one file for each direction.
 * Only one side writes messages to it; the other only counts the messages that it has taken
 * out. A message for which there is no room goes by the stream.
 *
 * ```
 * │ count, doorbell │ ring: many messages, round and round │ overflow: one that is too long for it │
 * 0                 START                                  OVERFLOW                              END
 * ```
 *
 * The doorbell is a byte that a process changes when it has written something to the stream,
 * and that the other side can look at without waiting: see fast_path.ts.
 *
 * The root makes the files when there is a use for them, in a folder whose random name the
 * child knows from its first message on. Either side removes their names, whichever comes
 * first: the root once the child has opened them or the program ends, the child once it has
 * opened them or the root is gone. So only killing both in the moment between leaves
 * anything behind: two empty files.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import {
  makeSharedDir,
  openShared,
  removeSharedDir,
  type SharedFile,
} from "../runtime/shared_file.ts";
import { concat, fillRoom } from "../wire/bytes.ts";
import {
  type ByChannel,
  type ChannelOffer,
  Kind,
  type Message,
} from "../wire/message.ts";
import { decodeMessage } from "../wire/decoder.ts";
import { openBoth, removeOnce } from "./paired_files.ts";

/** The position of the doorbell. */
const DOORBELL = 1;

/** The position of the ring. */
const START = 4096;

/** Bytes of the ring. They stay in memory once they were used. */
const RING = 1 << 22;

/** The position of the overflow slot. Its memory is freed when its message was taken out. */
export const OVERFLOW: number = START + RING;

/** The end of the file: a message that is longer than the overflow slot goes by the stream. */
export const END: number = OVERFLOW + (1 << 25);

/** Messages that may be in the file at a time. */
const MAX_COUNT = 200;

/**
 * The places in a file at which messages are put, which are taken out in the same order.
 * Arithmetic only: nothing is read or written here. It is with the process that puts them in.
 *
 * The other process counts each message that it takes out in the file's first byte. One
 * byte, so that it is never seen half written, whichever process is killed; it can tell
 * apart what is in the file because that is never more than {@linkcode MAX_COUNT}.
 */
export class Ring {
  /** The first bytes of the messages that are in the file, the oldest first. */
  readonly #starts: number[] = [];
  /** The place for the next one, if there is room. */
  #next = START;
  /** The last count that was told, from 0 to 255. */
  #count = 0;

  get length(): number {
    return this.#starts.length;
  }

  /** Finds a place for a message of `size` bytes; undefined if there is no room now. */
  put(size: number): number | undefined {
    if (this.#starts.length >= MAX_COUNT) return undefined;
    const start = size > RING ? this.#inOverflow(size) : this.#inRing(size);
    if (start !== undefined) this.#starts.push(start);
    return start;
  }

  #inOverflow(size: number): number | undefined {
    return this.#starts.includes(OVERFLOW) || size > END - OVERFLOW
      ? undefined
      : OVERFLOW;
  }

  #inRing(size: number): number | undefined {
    const oldest = this.#starts.find((start) => start < OVERFLOW);
    if (oldest === undefined) this.#next = START; // uses the same few pages again
    const limit = oldest === undefined || oldest < this.#next ? OVERFLOW : oldest;
    let start = this.#next;
    if (start + size > limit) {
      // There is too little room behind the newest; perhaps before the oldest.
      if (limit !== OVERFLOW || oldest === undefined || START + size >= oldest) {
        return undefined;
      }
      start = START;
    } else if (start + size === oldest) {
      return undefined; // it would look empty
    }
    this.#next = start + size;
    return start;
  }

  /** Frees the places of taken messages by the file's first byte, if that can be true. */
  takenUpTo(count: number): void {
    const taken = (count - this.#count) & 0xff;
    if (taken > this.#starts.length) return;
    this.#count = count;
    this.#starts.splice(0, taken);
  }
}

/** Puts messages into a file. */
export class ChannelWriter {
  readonly #file: SharedFile;
  readonly #ring = new Ring();
  readonly #count = new Uint8Array(1);
  readonly #doorbell = new Uint8Array(1);
  #isBroken = false;

  constructor(file: SharedFile) {
    this.#file = file;
  }

  /**
   * Puts a message, in pieces, into the file. `parts` are the positions and lengths of the
   * long byte strings in it, alternately. Gives the message for the stream that tells the
   * place; undefined if this one has to go by the stream itself.
   */
  put(runs: Uint8Array[], parts: number[]): ByChannel | undefined {
    if (this.#isBroken) return undefined;
    const length = runs.reduce((sum, run) => sum + run.length, 0);
    try {
      if (this.#ring.length > 0) {
        this.#file.read(this.#count, 0);
        this.#ring.takenUpTo(this.#count[0]!);
      }
      const start = this.#ring.put(length);
      if (start === undefined) return undefined;
      let at = start;
      for (const run of runs) {
        this.#file.write(run, at);
        at += run.length;
      }
      return [Kind.ByChannel, start, length, parts];
    } catch {
      this.#isBroken = true; // the memory is full: leave the rest to others
      return undefined;
    }
  }

  /** Tells the other side, if it looks, that something is on the stream. */
  ring(): void {
    if (this.#isBroken) return;
    this.#doorbell[0]!++;
    try {
      this.#file.write(this.#doorbell, DOORBELL);
    } catch {
      this.#isBroken = true; // as above
    }
  }

  close(): void {
    this.#isBroken = true;
    this.#file.close();
  }
}

/** Takes messages out of a file. */
export class ChannelReader {
  readonly #file: SharedFile;
  readonly #count = new Uint8Array(1);
  readonly #doorbell = new Uint8Array(1);

  constructor(file: SharedFile) {
    this.#file = file;
  }

  /** A number that changes when the other side rings; NaN if it cannot be read. */
  doorbell(): number {
    try {
      this.#file.read(this.#doorbell, DOORBELL);
      return this.#doorbell[0]!;
    } catch {
      return NaN; // the file is closed
    }
  }

  /** Takes out the oldest message. @throws {ProtocolError} if it is not where it should be */
  take([, start, length, parts]: ByChannel): Message {
    if (start + length > END) throw outside(start, length);
    const outOfBand: Uint8Array[] = [];
    const between: Uint8Array[] = [];
    let at = 0;
    for (let i = 0; i < parts.length; i += 2) {
      const [from, count] = [parts[i]!, parts[i + 1] ?? NaN];
      const isInside = from >= at && count >= 0 && from + count <= length;
      if (!isInside || !Number.isSafeInteger(from + count)) throw outside(from, count);
      between.push(this.#read(start + at, from - at));
      outOfBand.push(this.#read(start + from, count));
      at = from + count;
    }
    between.push(this.#read(start + at, length - at));
    if (start === OVERFLOW) this.#file.truncate(OVERFLOW);
    this.#count[0]!++;
    this.#file.write(this.#count, 0);
    const bytes = parts.length === 0 ? between[0]! : concat(...between);
    return decodeMessage(bytes, 0, bytes.length, true, outOfBand);
  }

  #read(start: number, length: number): Uint8Array {
    return fillRoom(length, (room) => {
      if (length === 0 || this.#file.read(room, start) === length) return;
      throw outside(start, length);
    });
  }

  close(): void {
    this.#file.close();
  }
}

/** A process's end of both files. */
export interface ChannelEnd {
  writer: ChannelWriter;
  reader: ChannelReader;
  /** In the root: removes the names; again does nothing. */
  unlink?(): void;
}

/** The root's end, and the message that offers the other one to the child. */
export interface OfferedChannel extends ChannelEnd {
  offer: ChannelOffer;
  unlink(): void;
}

/**
 * Makes the two files; undefined where that is impossible. `place` is their folder, which the
 * child can then find even if it was not told of the files.
 */
export function offerChannel(place?: string): OfferedChannel | undefined {
  const folder = makeSharedDir(place);
  if (folder === undefined) return undefined;
  const unlink = removeOnce(() => removeSharedDir(folder));
  const paths: [string, string] = [`${folder}/down`, `${folder}/up`];
  const files = openBoth(openShared, paths, true);
  if (files === undefined) {
    unlink();
    return undefined;
  }
  const [writer, reader] = [new ChannelWriter(files[0]), new ChannelReader(files[1])];
  return { writer, reader, offer: [Kind.ChannelOffer, ...paths], unlink };
}

/** Opens the files that the root has made; undefined where that is impossible. */
export function acceptChannel([, ...paths]: ChannelOffer): ChannelEnd | undefined {
  const files = openBoth(openShared, paths, false);
  if (files === undefined) return undefined;
  return { reader: new ChannelReader(files[0]), writer: new ChannelWriter(files[1]) };
}

function outside(start: number, length: number): ProtocolError {
  return new ProtocolError(
    `there are no ${length} bytes from ${start} on in the bypass`,
  );
}
