/**
 * Claims decide which of two processes gets an item that one has prefetched to the other.
 * Each item goes to one of them, and neither waits for the other, whatever that one does:
 * computes, hangs, is stopped, is killed. Pure; the files are handed in.
 *
 * The items of an object are numbered as they are sent. The object has a *mark*: all items
 * below it have been decided. The *holder*, to which the items were sent, moves the mark by
 * one or more to take the next ones; the *sender* moves it up to the last item sent to revoke
 * all that the holder has not taken. The process that moves the mark over an item has it.
 *
 * ```
 *  numbers  0 1 2 3 4 5 6 7 8 9
 *           ├─────┤                 claimed by the holder, one after the other
 *                 ▲ mark
 *                 └─────────────►   the sender revokes 4 to 9
 * ```
 *
 * Moves are entries of a log: to move a mark a process appends an entry, then reads what
 * stands before it. A system gives appended entries one order, so both sides see the same
 * moves in the same order, and come to the same marks; an entry that is behind the mark
 * moves nothing. An entry counts once it is written: a process that is killed has claimed or
 * has not.
 *
 * So that a log stays short there are two files. The holder goes on in the other one when
 * the present one is long and the other empty: its entry about that ends the present one,
 * which the sender empties when it has read so far.
 *
 * Where both sides can map memory, words in it take the place of a log that is used much: see
 * claim_words.ts. The holder moves the marks there by an entry of its own, which ends the log
 * as the other one ends a file. All others know of either is {@linkcode Claims}.
 *
 * @module
 */
import { OSError } from "../python/errors.ts";

/** The marks of objects, as one of the two processes sees them. */
export interface Claims {
  /**
   * Moves an object's mark up to `to`, if it is not there already. Gives the old mark: the
   * items from there up to `to` are this side's. Undefined if this side cannot move marks
   * any more.
   */
  advance(object: number, to: number): number | undefined;
  /**
   * An object's mark now, as far as that is known. It is at most `sent`, the number of items
   * that were sent, or the other side lies.
   */
  look(object: number, sent?: number): number;
  /**
   * On the sender's side: the holder uses the object no more. If it does again, the numbers
   * of its items begin anew.
   */
  forget(object: number): void;
}

/** What can take a log's place. */
export interface NextClaims extends Claims {
  /** From now on the marks, which are these, are moved there. */
  begin(marks: Map<number, number>): void;
  close(): void;
}

/** A file that two processes have open. */
export interface ClaimFile {
  /** Adds `entry` at the present end, as one write; gives how many bytes of it. */
  append(entry: Uint8Array): number;
  /** Reads from `position` on; gives how many bytes there were. */
  read(into: Uint8Array, position: number): number;
  clear(): void;
  close(): void;
}

/** Bytes of an entry: the object's number, and the new mark, negative if it is the sender's. */
const ENTRY = 16;

/** Entries that are read at once. */
const AT_ONCE = 64;

/** Bytes of a file after which the holder would rather go on in the other. */
const LONG = 1 << 16;

/** More bytes, or objects, than an honest holder writes. */
const TOO_LONG = 1 << 24;
const TOO_MANY = 1 << 16;

/** More reads in a row that find entries than with an honest holder. */
const MANY_READS = 4096;

/** Stands for an object in the entry that ends a file. */
const NO_OBJECT = 0;

/** The same in the holder's answer to words: 1 ends the log, 0 refuses them. */
const MOVED = -1;

/** Stands for a mark where the sender forgets an object. */
const FORGOTTEN = Infinity;

/** After how many entries something quicker than a log is worth its making; set by tests. */
export const muchUse = { entries: 500 };

/** Claims in a log of two files, which are the same on both sides and empty at first. */
export class ClaimLog implements Claims {
  readonly #files: readonly [ClaimFile, ClaimFile];
  readonly #isHolder: boolean;
  readonly #marks = new Map<number, number>();
  /** The file in use, and how far it has been read. */
  #current = 0;
  #position = 0;
  /** The position at which the holder tries to go on in the other file. */
  #nextSwitch: number;
  readonly #long: number;
  #isBroken = false;
  #isClosed = false;
  /** The number of entries that were read. */
  #entries = 0;
  /** What takes the log's place, or may do so. */
  #next: NextClaims | undefined;
  #hasMoved = false;
  /** Called once, when the log has been used much. */
  onMuchUse: (() => void) | undefined;
  /** The mark before this side's last entry, once that has been read. */
  #was: number | undefined;
  readonly #own = new Float64Array(2);
  readonly #ownBytes = new Uint8Array(this.#own.buffer);
  readonly #read = new Float64Array(2 * AT_ONCE);
  readonly #readBytes = new Uint8Array(this.#read.buffer);

  constructor(
    files: readonly [ClaimFile, ClaimFile],
    side: "holder" | "sender",
    long: number = LONG,
  ) {
    this.#files = files;
    this.#isHolder = side === "holder";
    this.#long = this.#nextSwitch = long;
  }

  advance(object: number, to: number): number | undefined {
    // An entry of 0 would not tell whose it is, and moves nothing.
    if (to === 0 && !this.#isBroken) return this.look(object);
    const was = this.#hasMoved ? undefined : this.#enter(object, to);
    return this.#hasMoved && was === undefined ? this.#next!.advance(object, to) : was;
  }

  /** Moves a mark in the log; undefined if that cannot be done, or not there any more. */
  #enter(object: number, to: number): number | undefined {
    if (this.#isBroken) return undefined;
    let was: number | undefined;
    try {
      while (was === undefined && !this.#hasMoved) was = this.#append(object, to);
      if (this.#isHolder && this.#position >= this.#nextSwitch) this.#switch();
    } catch {
      this.#isBroken = true; // no room, for example, or spoilt by the other side
    }
    return was;
  }

  look(object: number, sent?: number): number {
    if (!this.#isBroken && !this.#hasMoved) {
      try {
        for (let reads = 0; this.#readOn(false); reads++) {
          if (reads >= MANY_READS) throw new OSError("it is written faster than read");
        }
      } catch {
        this.#isBroken = true;
      }
    }
    if (this.#hasMoved) return this.#next!.look(object, sent);
    return this.#marks.get(object) ?? 0;
  }

  forget(object: number): void {
    // The holder would go on from the old mark.
    if (this.look(object) > 0 && !this.#hasMoved) this.#enter(object, FORGOTTEN);
    if (this.#hasMoved) this.#next!.forget(object);
    else this.#marks.delete(object);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = this.#isBroken = true;
    this.#next?.close();
    if (!this.#hasMoved) this.#closeFiles();
  }

  #closeFiles(): void {
    for (const file of this.#files) file.close();
  }

  // --- what takes its place

  /** On the sender's side, before the holder is told of it: takes the log's place if it agrees. */
  prepare(next: NextClaims): void {
    if (this.#isBroken || this.#next !== undefined) return next.close();
    this.#next = next;
  }

  /** On the holder's side: goes on there, or says that it cannot. */
  moveTo(next: NextClaims | undefined): void {
    if (this.#isBroken || this.#hasMoved) return next?.close();
    this.#next = next;
    try {
      this.#own[0] = MOVED;
      this.#own[1] = next === undefined ? 0 : 1;
      this.#write(this.#current);
      while (this.#next !== undefined && !this.#hasMoved) {
        if (!this.#readOn(true)) throw new OSError("an entry is gone");
      }
    } catch {
      this.#isBroken = true;
    }
  }

  /** The holder has said whether it goes on in what was prepared. */
  #answered(isMoved: boolean): void {
    if (!isMoved) {
      this.#next?.close();
      this.#next = undefined;
    } else if (this.#next === undefined) {
      throw new OSError("nothing else was prepared");
    } else {
      this.#hasMoved = true;
      this.#next.begin(this.#marks);
      this.#closeFiles();
    }
  }

  /** Gives the mark before the entry; undefined if it stands behind a file's end. */
  #append(object: number, to: number): number | undefined {
    this.#own[0] = object;
    this.#own[1] = this.#isHolder ? to : -to;
    const file = this.#current;
    this.#write(file);
    this.#was = undefined;
    while (this.#was === undefined && this.#current === file && !this.#hasMoved) {
      if (!this.#readOn(true)) throw new OSError("an entry is gone");
    }
    return this.#was;
  }

  #write(file: number): void {
    const length = this.#files[file]!.append(this.#ownBytes);
    if (length !== ENTRY) throw new OSError("there is no room for an entry");
  }

  /** Reads some entries; false if there are none. */
  #readOn(isForOwn: boolean): boolean {
    const length = this.#files[this.#current]!.read(this.#readBytes, this.#position);
    const count = Math.floor(length / ENTRY);
    for (let i = 0; i < count; i++) {
      this.#position += ENTRY;
      const object = this.#read[2 * i]!;
      if (object === NO_OBJECT) {
        this.#goOnInOther();
        return true;
      }
      if (object !== MOVED) this.#apply(object, this.#read[2 * i + 1]!);
      else this.#answered(this.#read[2 * i + 1] === 1);
      if (this.#hasMoved) return true;
    }
    this.#count(count);
    if (isForOwn && length % ENTRY !== 0) throw new OSError("an entry is torn");
    if (this.#position > TOO_LONG) throw new OSError("a log without end");
    return count > 0;
  }

  #count(entries: number): void {
    this.#entries += entries;
    if (this.#entries < muchUse.entries || this.onMuchUse === undefined) return;
    const tell = this.onMuchUse;
    this.onMuchUse = undefined;
    tell();
  }

  #apply(object: number, entry: number): void {
    const mark = this.#marks.get(object) ?? 0;
    // A side reads what it writes at once: the first of its entries is the last it wrote.
    if (this.#was === undefined && entry > 0 === this.#isHolder) this.#was = mark;
    const to = Math.abs(entry);
    if (to === FORGOTTEN) return void this.#marks.delete(object);
    if (!(to > mark)) return;
    if (mark === 0 && this.#marks.size >= TOO_MANY) {
      throw new OSError("too many objects");
    }
    this.#marks.set(object, to);
  }

  #goOnInOther(): void {
    const read = this.#files[this.#current]!;
    this.#current = 1 - this.#current;
    this.#position = 0;
    this.#nextSwitch = this.#long;
    if (!this.#isHolder) read.clear();
  }

  /** Ends the present file, if the other one has been emptied. */
  #switch(): void {
    const file = this.#current;
    this.#nextSwitch = this.#position + this.#long / 4;
    if (this.#files[1 - file]!.read(this.#readBytes, 0) > 0) return;
    this.#own[0] = NO_OBJECT;
    this.#write(file);
    while (this.#current === file && this.#readOn(true)) { /* up to that entry */ }
  }
}
