/**
 * A shorter way for long messages between the root and a child, where both may use files
 * in memory: one process writes the message into a file, the other reads it there, and
 * the stream only says where it is. A pipe takes a megabyte in hundreds of small pieces,
 * each of which wakes somebody up.
 *
 * Nothing else changes: the message counts when it is heard of on the stream, in its order
 * there, so a process that is killed has said it or has not. There is one file for each
 * direction, which only one side writes messages to; the other only counts there what it
 * has taken out (see wire/ring.ts). A message that has no room goes by the stream.
 *
 * Who has written something to the stream may also ring a bell in its file, which the other
 * side can look at without waiting: see attention.ts.
 *
 * The root makes the files when there is a use for them, in a folder whose random name the
 * child has known from its first message on. Whoever comes first takes their names away
 * once the child has opened them, or the program ends. So only who kills both in the moment
 * between leaves anything behind: two empty files.
 *
 * @module
 */
import { ProtocolError } from "./python/errors.ts";
import { runtime } from "./runtime/mod.ts";
import {
  makeSharedDir,
  openShared,
  removeSharedDir,
  type SharedFile,
} from "./runtime/shared_file.ts";
import { concat, fillRoom } from "./wire/bytes.ts";
import { type Bypass, type Bypassed, Kind, type Message } from "./wire/message.ts";
import { decodeMessage } from "./wire/message_decoder.ts";
import { BELL, END, HALL, Ring } from "./wire/ring.ts";

/** Who puts messages into a file. */
export class BypassWriter {
  readonly #file: SharedFile;
  readonly #ring = new Ring();
  readonly #count = new Uint8Array(1);
  readonly #bell = new Uint8Array(1);
  #isBroken = false;

  constructor(file: SharedFile) {
    this.#file = file;
  }

  /**
   * Puts a message into the file.
   *
   * @param runs Its bytes, in pieces.
   * @param parts Where in it are long byte strings, and how long they are, alternately.
   * @returns What says where it is; undefined if it has to go by the stream.
   */
  put(runs: Uint8Array[], parts: number[]): Bypassed | undefined {
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
      return [Kind.Bypassed, start, length, parts];
    } catch {
      this.#isBroken = true; // the memory is full: let others have what is left
      return undefined;
    }
  }

  /** Has the other side, if it looks, know that something is on the stream. */
  ring(): void {
    if (this.#isBroken) return;
    this.#bell[0]!++;
    try {
      this.#file.write(this.#bell, BELL);
    } catch {
      this.#isBroken = true; // as above
    }
  }

  close(): void {
    this.#isBroken = true;
    this.#file.close();
  }
}

/** Who takes them out. */
export class BypassReader {
  readonly #file: SharedFile;
  readonly #count = new Uint8Array(1);
  readonly #bell = new Uint8Array(1);

  constructor(file: SharedFile) {
    this.#file = file;
  }

  /** What changes when the other side rings; NaN if nothing can be heard. */
  bell(): number {
    try {
      this.#file.read(this.#bell, BELL);
      return this.#bell[0]!;
    } catch {
      return NaN; // the file is closed
    }
  }

  /**
   * Takes out a message, the oldest that is in the file.
   *
   * @throws {ProtocolError} if there is none
   */
  take([, start, length, parts]: Bypassed): Message {
    if (start + length > END) throw outside(start, length);
    const apart: Uint8Array[] = [];
    const between: Uint8Array[] = [];
    let at = 0;
    for (let i = 0; i < parts.length; i += 2) {
      const [from, count] = [parts[i]!, parts[i + 1] ?? NaN];
      const isInside = from >= at && count >= 0 && from + count <= length;
      if (!isInside || !Number.isSafeInteger(from + count)) throw outside(from, count);
      between.push(this.#read(start + at, from - at));
      apart.push(this.#read(start + from, count));
      at = from + count;
    }
    between.push(this.#read(start + at, length - at));
    if (start === HALL) this.#file.truncate(HALL);
    this.#count[0]!++;
    this.#file.write(this.#count, 0);
    const bytes = parts.length === 0 ? between[0]! : concat(...between);
    return decodeMessage(bytes, 0, bytes.length, true, apart);
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
export interface BypassEnd {
  writer: BypassWriter;
  reader: BypassReader;
}

/** The root's end, and what is to be said to the child. */
export interface OfferedBypass extends BypassEnd {
  offer: Bypass;
  /** Takes the names away; again does nothing. */
  unlink(): void;
}

/** What takes away names that are still there. */
const named = new Set<() => void>();
let isWatching = false;

/**
 * Makes the two files; undefined where that cannot be done.
 *
 * @param place Their folder, which the child finds by it also if it has not heard of the
 * files; left out where there is no child.
 */
export function offerBypass(place?: string): OfferedBypass | undefined {
  const folder = makeSharedDir(place);
  if (folder === undefined) return undefined;
  const unlink = () => {
    if (named.delete(unlink)) removeSharedDir(folder);
  };
  named.add(unlink);
  if (!isWatching) runtime.onExit(() => named.forEach((unlink) => unlink()));
  isWatching = true;
  const offer: Bypass = [Kind.Bypass, `${folder}/down`, `${folder}/up`];
  const files = openBoth(offer, true);
  if (files === undefined) {
    unlink();
    return undefined;
  }
  const [down, up] = files;
  return {
    writer: new BypassWriter(down),
    reader: new BypassReader(up),
    offer,
    unlink,
  };
}

/** Opens the files that the root has made; undefined where that cannot be done. */
export function acceptBypass(offer: Bypass): BypassEnd | undefined {
  const files = openBoth(offer, false);
  if (files === undefined) return undefined;
  const [down, up] = files;
  return { reader: new BypassReader(down), writer: new BypassWriter(up) };
}

/** Opens both files of a bypass, or none. */
function openBoth(
  [, down, up]: Bypass,
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

/**
 * Takes away the names of the files of a link, if they are there: the root may be gone.
 *
 * @param folder Where they are, or would be.
 */
export function unlinkBypass(folder: string): void {
  removeSharedDir(folder);
}
