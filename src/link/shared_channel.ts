/**
 * The shared-memory channel: a shorter way for long messages between the root and a child,
 * where both may use files in memory. One process writes the message into a file, the other
 * reads it there, and the stream only says where it is. A pipe takes a megabyte in hundreds
 * of small pieces, each of which wakes a process up.
 *
 * Nothing else changes: the message counts when the stream tells of it, in its order there,
 * so a process that is killed has sent it or has not. There is one file for each direction.
 * Only one side writes messages to it; the other only counts there what it has taken out. A
 * message that has no room goes by the stream.
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
 * child has known from its first message on. Either side takes their names away, whichever
 * comes first: the root once the child has opened them or the program ends, the child once
 * it has opened them or the root is gone. So only killing both in the moment between leaves
 * anything behind: two empty files.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
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

/** Where the doorbell is. */
const DOORBELL = 1;

/** The first byte for messages. */
const START = 4096;

/** Bytes of the ring. They stay in memory once they were used. */
const RING = 1 << 22;

/** The first byte of the overflow slot. Its memory is given back when its message was taken out. */
export const OVERFLOW: number = START + RING;

/** The end of the file: a message that is longer than the overflow slot has no place. */
export const END: number = OVERFLOW + (1 << 25);

/** Messages that may be in the file at a time. */
const MAX_COUNT = 200;

/**
 * Where in a file the messages are put, which are taken out in the order they were put in.
 * Arithmetic only: nothing is read or written here. The process that puts them in has it.
 *
 * The other process counts each message that it takes out in the file's first byte. One
 * byte, so that it is never seen half written, whichever process is killed; it can tell
 * apart what is in the file because that is never more than {@linkcode MAX_COUNT}.
 */
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
    if (oldest === undefined) this.#next = START; // the same few pages, again and again
    const limit = oldest === undefined || oldest < this.#next ? OVERFLOW : oldest;
    let start = this.#next;
    if (start + size > limit) {
      // Behind the newest there is too little room: before the oldest, perhaps.
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
   * Puts a message into the file.
   *
   * @param runs Its bytes, in pieces.
   * @param parts Where in it are long byte strings, and how long they are, alternately.
   * @returns The message that says where it is; undefined if it has to go by the stream.
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
      this.#isBroken = true; // the memory is full: let others have what is left
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

/** Takes them out. */
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

  /**
   * Takes out a message, the oldest that is in the file.
   *
   * @throws {ProtocolError} if there is none
   */
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

/** The root's end, and the message that offers it to the child. */
export interface OfferedChannel extends ChannelEnd {
  offer: ChannelOffer;
  unlink(): void;
}

/** The functions that remove the names that are still there. */
const named = new Set<() => void>();
let isWatching = false;

/**
 * Makes the two files; undefined where that cannot be done.
 *
 * @param place Their folder, which the child finds by it also if it has not heard of the
 * files; left out where there is no child.
 */
export function offerChannel(place?: string): OfferedChannel | undefined {
  const folder = makeSharedDir(place);
  if (folder === undefined) return undefined;
  const unlink = () => {
    if (named.delete(unlink)) removeSharedDir(folder);
  };
  named.add(unlink);
  if (!isWatching) runtime.onExit(() => named.forEach((unlink) => unlink()));
  isWatching = true;
  const offer: ChannelOffer = [Kind.ChannelOffer, `${folder}/down`, `${folder}/up`];
  const files = openBoth(offer, true);
  if (files === undefined) {
    unlink();
    return undefined;
  }
  const [down, up] = files;
  return {
    writer: new ChannelWriter(down),
    reader: new ChannelReader(up),
    offer,
    unlink,
  };
}

/** Opens the files that the root has made; undefined where that cannot be done. */
export function acceptChannel(offer: ChannelOffer): ChannelEnd | undefined {
  const files = openBoth(offer, false);
  if (files === undefined) return undefined;
  const [down, up] = files;
  return { reader: new ChannelReader(down), writer: new ChannelWriter(up) };
}

/** Opens both files of a channel, or none. */
function openBoth(
  [, down, up]: ChannelOffer,
  isNew: boolean,
): [down: SharedFile, up: SharedFile] | undefined {
  let first: SharedFile | undefined;
  try {
    first = openShared(down, isNew);
    return [first, openShared(up, isNew)];
  } catch {
    first?.close();
    return undefined;
  }
}

function outside(start: number, length: number): ProtocolError {
  return new ProtocolError(
    `there are no ${length} bytes from ${start} on in the bypass`,
  );
}
