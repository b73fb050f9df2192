/**
 * One direction of a pipe, as the hub sees it. Pure: messages in, messages out.
 *
 *            Send                        Items                      Ack
 *  writer ─────────► available ──────────────────────► prefetched ──────► gone
 *         ◄────────                                      by p │     └─► Credit
 *           Credit           ▲── Return, or death of p ───────┘
 *
 * As in a queue (see queue.ts), a message is prefetched until the process that it was sent
 * to has said `Ack`; so each message goes to one reader, whole, even if processes are killed.
 *
 * A process that is the only one which ever asked for messages is *fed*: messages are
 * sent to it as they come, with no request. Prefetched messages cannot become too many, as
 * writers wait for credit; and another reader must always be able to get them. So a fed
 * process either holds the end alone, and returns all prefetched messages before it shares
 * the end; or it claims what it takes (see claims.ts), and when a second process asks, the
 * hub revokes the rest without its help; or it is the root's own process, where the hub is.
 * Other processes ask, for one message at a time, as all do as soon as two have asked. A fed
 * process says `AckUpTo` from time to time instead of `Ack` each time, for the writers' sake:
 * if one that is alone is killed, the end dies with it, and all that was sent.
 *
 * Everything is sent at once, nothing when the hub settles: a process that learns in some
 * other way that a message was sent, or an end closed, finds that here it has happened.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { Kind, type Payload } from "../wire/message.ts";
import { ageOf, type PipeDescription, type Waiting } from "./description.ts";
import { type Item, Prefetched, putBack } from "./prefetched.ts";
import { ROOT } from "./ids.ts";
import type { Cargo, Surroundings } from "./object.ts";
import { Wishes } from "./line.ts";

/** Bytes that a process may have sent, and no reader taken, before its `send` waits. */
export const BUFFER_SIZE = 65536;

/** Bytes that a message counts for beyond its own: the header it has in CPython. */
export const MESSAGE_HEADER = 4;

/** Bytes after which a writer gets credit: so often that it need not wait. */
export const CREDIT_STEP = 8192;

interface Message extends Item {
  readonly writer: Writer;
  readonly cargo: Cargo | undefined;
  /** It was returned: the process it was sent to may still have it, or get it. */
  cameBack: boolean;
  /** A process that has ended may have read it: it tells of that from time to time only. */
  mayBeRead?: boolean;
}

interface Writer {
  readonly process: number;
  /** Bytes taken since it was last told. */
  taken: number;
  /** It holds the writing end still. */
  isHere: boolean;
}

/** The modes of a reading process. */
const Mode = {
  /** It says `Want` for each message, `Watch` to be told of one. */
  Asking: 0,
  /** It gets all messages unasked. What it asks for was written before it knew. */
  Fed: 1,
  /** It was told to return everything. Until it has, what it asks for is void. */
  Revoked: 2,
} as const;

interface Reader {
  readonly process: number;
  readonly prefetched: Prefetched<Message>;
  mode: typeof Mode[keyof typeof Mode];
  /** The number of its wishes in `#waiting`. */
  wants: number;
  /** It wants to be told when there is a message. */
  isWatching: boolean;
  /** It was told that no more messages come. */
  knowsEnd: boolean;
  /** It is fed, and claims what it takes. */
  isClaiming: boolean;
  /** It has given the end to other processes, or is about to. */
  isShared: boolean;
}

/** One direction of a pipe. */
export class PipeChannel {
  /** The numbers of the two ends. */
  readonly #readEnd: number;
  readonly #writeEnd: number;
  readonly #out: Surroundings;
  /** Messages that are not prefetched; none while a process is fed. */
  readonly #available = new Deque<Message>();
  #nextSeq = 0;
  #prefetchedCount = 0;
  /** Every process that has asked for messages and holds the reading end. */
  readonly #readers = new Map<number, Reader>();
  /** Processes that wait for messages, in the order they asked. */
  readonly #waiting = new Wishes();
  /** Every process that has sent messages and holds the writing end. */
  readonly #writers = new Map<number, Writer>();
  #hasWriters = true;
  /** Who is told of the end next is told of a reset: one read fails with that, as of a socket. */
  #isReset = false;
  #hasReaders = true;

  constructor(readEnd: number, writeEnd: number, out: Surroundings) {
    this.#readEnd = readEnd;
    this.#writeEnd = writeEnd;
    this.#out = out;
  }

  /** Whether there is a message, or no process left that could send one. */
  get isReadable(): boolean {
    if (this.#prefetchedCount > 0) {
      for (const reader of this.#readers.values()) this.#takeClaimed(reader);
    }
    return this.#available.length > 0 || this.#prefetchedCount > 0 || !this.#hasWriters;
  }

  /** The number of messages that were ever sent. */
  get sends(): number {
    return this.#nextSeq;
  }

  /** Whether any process holds the reading end. */
  get isWritable(): boolean {
    return this.#hasReaders;
  }

  /** What it is like, to its reading end; takes note of nothing. */
  describe(now: number): Omit<PipeDescription, "kind" | "other" | "sends"> {
    let depth = this.#available.length, bytes = 0;
    for (const { body } of this.#available) bytes += body.length;
    const readers: Waiting[] = [];
    for (const { process, prefetched, isClaiming, wants } of this.#readers.values()) {
      const claims = isClaiming ? this.#out.claims(process) : undefined;
      const claimed = claims?.look(this.#readEnd, prefetched.end) ?? 0;
      for (let n = Math.max(prefetched.taken, claimed); n < prefetched.end; n++) {
        depth++;
        bytes += prefetched.at(n)!.body.length;
      }
      const age = ageOf(now, this.#waiting.since(process));
      if (wants > 0) readers.push({ process, count: wants, age });
    }
    return { depth, bytes, receives: this.#nextSeq - depth, readers };
  }

  // --- the writing end

  /** A process sends a message; `call` is 0 if it does not wait for an answer. */
  send(process: number, call: number, body: Payload, cargo?: Cargo): void {
    if (call !== 0) {
      this.#out.send(process, [Kind.Answer, this.#writeEnd, call, this.#hasReaders]);
    }
    if (!this.#hasReaders) {
      cargo?.discard();
      if (call === 0) this.#out.send(process, [Kind.Broken, this.#writeEnd]);
      return;
    }
    const writer = this.writer(process);
    const message = { seq: this.#nextSeq++, body, writer, cargo, cameBack: false };
    const reader = this.#nextReader();
    if (reader !== undefined) return this.#prefetch(reader, [message]);
    this.#available.push(message);
    this.#tellWatchers();
  }

  /** From now on a process is told when the last reader goes. */
  writer(process: number): Writer {
    let writer = this.#writers.get(process);
    if (writer === undefined) {
      writer = { process, taken: 0, isHere: true };
      this.#writers.set(process, writer);
    }
    return writer;
  }

  /** A process does not hold the writing end any more. */
  writerLeft(process: number): void {
    const writer = this.#writers.get(process);
    if (writer === undefined) return;
    writer.isHere = false;
    this.#writers.delete(process);
  }

  /**
   * No process holds the writing end any more.
   *
   * @param isReset They have left messages unread, of the other direction.
   */
  writersGone(isReset: boolean): void {
    this.#hasWriters = false;
    this.#isReset = isReset;
    this.#tellEnd();
  }

  // --- the reading end

  /** A process waits for `count` more messages. */
  want(process: number, count: number): void {
    const reader = this.#enter(process);
    if (reader.mode !== Mode.Asking) return;
    this.#waiting.push(process, count, this.#out.time());
    reader.wants += count;
    this.#serve();
  }

  /** A process waits for one message less. */
  unwant(process: number): void {
    const reader = this.#readers.get(process);
    if (reader?.mode !== Mode.Asking) return;
    if (this.#waiting.removeLast(process)) {
      reader.wants--;
    } else if (reader.prefetched.length > 0) {
      // Its message is on the way already, and nothing waits for it there now.
      this.#revoke(reader);
    }
  }

  /** A process wants to be told when there is a message. */
  watch(process: number): void {
    const reader = this.#enter(process);
    if (reader.mode !== Mode.Asking) return;
    reader.isWatching = true;
    this.#serve();
  }

  /** A process has taken its oldest prefetched message. */
  take(process: number): void {
    const message = this.#readers.get(process)?.prefetched.take();
    if (message === undefined) return;
    this.#prefetchedCount--;
    message.cargo?.handOver(process);
    this.#addCredit(message.writer, message.body.length + MESSAGE_HEADER);
    if (!message.cameBack) this.#out.reuse?.(process, message.body);
    this.#tellEnd();
  }

  /** As `take`, for all messages before its number `index`. */
  takeUpTo(process: number, index: number): void {
    const prefetched = this.#readers.get(process)?.prefetched;
    if (prefetched === undefined) return;
    while (prefetched.length > 0 && prefetched.taken < index) this.take(process);
  }

  /**
   * A process returns all that it has not taken, even what has not arrived yet: because
   * that was revoked, or because the process is fed and is about to share the end.
   */
  giveBack(process: number): void {
    const reader = this.#readers.get(process);
    if (reader === undefined) return;
    const wasFed = reader.mode === Mode.Fed;
    reader.mode = Mode.Asking;
    if (wasFed) {
      reader.isShared = true;
      reader.knowsEnd = false;
      this.#out.send(process, [Kind.Revoke, this.#readEnd]);
    }
    this.#return(reader.prefetched.giveBack());
    this.#serve();
  }

  /** A process claims no more, and takes none of the messages that it should claim. */
  claimsEnded(process: number): void {
    const reader = this.#readers.get(process);
    if (reader?.isClaiming === true) this.#revoke(reader);
    this.#serve();
  }

  /** A process does not hold the reading end any more. */
  readerLeft(process: number): void {
    const reader = this.#readers.get(process);
    if (reader === undefined) return;
    this.#forgetWishes(reader);
    this.#takeClaimed(reader);
    this.#readers.delete(process);
    const left = reader.prefetched.giveBack();
    const isSilent = reader.mode === Mode.Fed && !reader.isClaiming && process !== ROOT;
    if (isSilent) { for (const message of left) message.mayBeRead = true; }
    this.#return(left);
    this.#serve();
  }

  /**
   * No process holds the reading end any more.
   *
   * @returns Whether they have left messages unread.
   */
  readersGone(): boolean {
    this.#hasReaders = false;
    let hasUnread = false;
    for (const { cargo, mayBeRead } of this.#available) {
      cargo?.discard();
      hasUnread ||= mayBeRead !== true;
    }
    this.#available.splice(0, this.#available.length);
    for (const { process } of this.#writers.values()) {
      this.#out.send(process, [Kind.Broken, this.#writeEnd]);
    }
    return hasUnread;
  }

  // --- readers and their modes

  #enter(process: number): Reader {
    let reader = this.#readers.get(process);
    if (reader !== undefined) return reader;
    reader = {
      process,
      prefetched: new Prefetched(),
      mode: Mode.Asking,
      wants: 0,
      isWatching: false,
      knowsEnd: false,
      isClaiming: false,
      isShared: false,
    };
    this.#readers.set(process, reader);
    for (const other of this.#readers.values()) {
      if (other.mode === Mode.Fed) this.#revoke(other);
    }
    return reader;
  }

  /** The only process that has ever asked, if there is only one. */
  #onlyReader(): Reader | undefined {
    return this.#readers.size === 1 ? this.#readers.values().next().value : undefined;
  }

  /** Whether messages sent to a reader unasked can be revoked when another one asks. */
  #mayFeed(reader: Reader): boolean {
    if (this.#out.mayPrefetch === false) return false;
    const { process } = reader;
    if (this.#isAlone(reader) || process === ROOT) return true;
    const claims = this.#out.claims(process);
    if (claims === undefined) this.#out.offerClaims(process);
    // It takes what it asked for without a claim. And if it had the end before, it counts
    // from 0 again, while its claims do not.
    const { length, taken } = reader.prefetched;
    return claims !== undefined && length === 0 && claims.look(this.#readEnd) <= taken;
  }

  #isAlone(reader: Reader): boolean {
    return !reader.isShared && this.#out.holders(this.#readEnd) === 1;
  }

  #feed(reader: Reader): void {
    this.#forgetWishes(reader);
    reader.mode = Mode.Fed;
    const isAlone = this.#isAlone(reader);
    reader.isClaiming = !isAlone && reader.process !== ROOT;
    this.#out.send(reader.process, [Kind.Feed, this.#readEnd, isAlone]);
  }

  /** Revokes what a reader was sent and has not taken. */
  #revoke(reader: Reader): void {
    this.#forgetWishes(reader);
    if (reader.isClaiming) this.#returnUnclaimed(reader);
    reader.mode = Mode.Revoked;
    reader.knowsEnd = false;
    this.#out.send(reader.process, [Kind.Revoke, this.#readEnd]);
  }

  /** Returns what a reader has not claimed, and cannot claim any more, to the others. */
  #returnUnclaimed(reader: Reader): void {
    const { process, prefetched } = reader;
    const mark = this.#out.claims(process)?.advance(this.#readEnd, prefetched.end);
    reader.isClaiming = false;
    if (mark === undefined) return;
    this.takeUpTo(process, mark);
    this.#return(prefetched.giveBack());
  }

  /** Counts what a reader has claimed as taken. */
  #takeClaimed({ process, isClaiming }: Reader): void {
    const claims = isClaiming ? this.#out.claims(process) : undefined;
    if (claims !== undefined) this.takeUpTo(process, claims.look(this.#readEnd));
  }

  #forgetWishes(reader: Reader): void {
    reader.isWatching = false;
    if (reader.wants === 0) return;
    reader.wants = 0;
    this.#waiting.remove(reader.process);
  }

  // --- messages

  /** Hands out messages, and tells of them, as far as that has become possible. */
  #serve(): void {
    const only = this.#onlyReader();
    if (only?.mode === Mode.Asking && (only.wants > 0 || only.isWatching)) {
      if (this.#mayFeed(only)) this.#feed(only);
    }
    if (only?.mode === Mode.Fed) {
      this.#prefetch(only, this.#available.splice(0, this.#available.length));
    }
    while (this.#available.length > 0) {
      const reader = this.#nextReader();
      if (reader === undefined) break;
      this.#prefetch(reader, [this.#available.shift()!]);
    }
    this.#tellWatchers();
    this.#tellEnd();
  }

  /** The reader that gets the next message; uses up its wish for one. */
  #nextReader(): Reader | undefined {
    const only = this.#onlyReader();
    if (only?.mode === Mode.Fed) return only;
    const process = this.#waiting.shift();
    if (process === undefined) return undefined;
    const reader = this.#readers.get(process)!;
    reader.wants--;
    return reader;
  }

  #prefetch(reader: Reader, messages: Message[]): void {
    if (messages.length === 0) return;
    for (const message of messages) reader.prefetched.add(message);
    this.#prefetchedCount += messages.length;
    const bodies = messages.map((message) => message.body);
    this.#out.send(reader.process, [Kind.Items, this.#readEnd, bodies]);
  }

  #return(messages: Message[]): void {
    this.#prefetchedCount -= messages.length;
    for (const message of messages) message.cameBack = true;
    putBack(this.#available, messages);
  }

  #tellWatchers(): void {
    if (this.#available.length === 0) return;
    for (const reader of this.#readers.values()) {
      if (!reader.isWatching) continue;
      reader.isWatching = false;
      this.#out.send(reader.process, [Kind.Readable, this.#readEnd]);
    }
  }

  /** Tells waiting readers that no more messages come, once that is certain. */
  #tellEnd(): void {
    if (this.#hasWriters) return;
    const isDrained = this.#available.length + this.#prefetchedCount === 0;
    for (const reader of this.#readers.values()) {
      const waits = reader.wants > 0 || reader.isWatching;
      const isDue = reader.mode === Mode.Fed || (isDrained && waits);
      if (!isDue || reader.knowsEnd) continue;
      reader.knowsEnd = true;
      this.#forgetWishes(reader);
      this.#out.send(reader.process, [Kind.End, this.#readEnd, this.#isReset]);
      this.#isReset = false;
    }
  }

  /** Gives a writer credit for what was taken of its messages, some of them at a time. */
  #addCredit(writer: Writer, bytes: number): void {
    writer.taken += bytes;
    if (writer.taken < CREDIT_STEP || !writer.isHere) return;
    const { process, taken } = writer;
    writer.taken = 0;
    this.#out.send(process, [Kind.Credit, this.#writeEnd, taken]);
  }
}
