/**
 * A queue, as the hub sees it. Pure: messages in, messages out.
 *
 * Items are prefetched: the hub sends an item to a process, and the item has left the queue
 * only when that process has taken it. Items that it has not taken when it dies, or when
 * others want them, return to their old places. So no item is lost or doubled, whenever a
 * process is killed.
 *
 *            Put                         Items             claimed, or Ack
 *  producer ─────► available (by seq) ─────────► prefetched ─────────► gone
 *                         ▲                        by p │
 *                         └──── revoked, or death of p ─┘
 *
 * A process that takes an item *claims* it (see claims.ts), and the hub can revoke unclaimed
 * items whatever their holder does. So a process that is the only one to ask is sent more
 * items than it asked for, its *credit*, which grows as long as it is the only one; when
 * another asks, all of these are revoked first, and it gets the next in line. Items that a
 * process has asked for are revoked if it has not claimed them after a short while and
 * others wait for them, or at once if another would find the queue empty: then the process
 * asks again. A process that cannot claim says `Ack`, and is sent only what it asks for; it
 * returns what arrives when it does not wait any more.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { Kind, type Message, type Payload } from "../wire/message.ts";
import { type Caller, Line, Wishes } from "./line.ts";
import { QueueMethod, type SharedObject, type Surroundings } from "./object.ts";
import { type Consumer, Consumers, type Item } from "./prefetched.ts";

/** Most items that are prefetched to a process unasked. */
const MAX_AHEAD = 1024;

/** Most bytes of these: they must fit a pipe, so that a busy reader does not block the hub. */
const MAX_AHEAD_BYTES = 32768;

interface Putter extends Caller {
  readonly body: Payload;
}

/** The state machine behind Queue, JoinableQueue and SimpleQueue. */
export class QueueState implements SharedObject {
  readonly #id: number;
  /** 0 for no bound. */
  readonly #maxsize: number;
  readonly #out: Surroundings;
  readonly #available = new Deque<Item>();
  readonly #consumers: Consumers;
  #nextSeq = 0;
  /** Tasks put and not yet done. */
  #unfinished = 0;
  /** Processes that wait for items that were not sent yet, in the order they asked. */
  readonly #waiting = new Wishes();
  readonly #putters = new Line<Putter>();
  readonly #joiners = new Line<Caller>();
  /** Callers that ask for an item of this moment, when all were just sent to others. */
  readonly #grabbers = new Line<Caller>();
  /** The consumer that has asked last, and how many items may be prefetched to it. */
  #last: Consumer | undefined;
  #credit = 0;
  /** The most that {@linkcode QueueState.#credit} may be. */
  readonly #maxCredit: number;
  /** The place in line of the last item that the root's own process took unasked. */
  #lastOfRoot = -1;

  constructor(id: number, maxsize: number, out: Surroundings) {
    this.#id = id;
    this.#maxsize = maxsize;
    this.#out = out;
    this.#maxCredit = out.mayPrefetch === false ? 0 : MAX_AHEAD;
    this.#consumers = new Consumers(id, this, out, this.#available);
  }

  /** Items put and not yet taken. */
  get size(): number {
    this.#consumers.lookAtAll();
    return this.#available.length + this.#consumers.prefetchedCount;
  }

  get #isFull(): boolean {
    return this.#maxsize > 0 &&
      this.#available.length + this.#consumers.prefetchedCount >= this.#maxsize &&
      this.size >= this.#maxsize;
  }

  receive(process: number, message: Message): void {
    switch (message[0]) {
      case Kind.Put:
        return this.#put(process, message[2], message[3], message[4]);
      case Kind.Ack:
        return this.#take(process);
      case Kind.AckUpTo:
        return this.#consumers.takeUpTo(this.#consumers.of(process), message[2]);
      case Kind.Ask:
        return this.#ask(process, message[2], message[3]);
      case Kind.Grab:
        return this.#grab(process, message[2], message[3], message[4]);
      case Kind.Return:
        return this.#return(process);
      case Kind.Call:
        return this.#call(process, message[2], message[3]);
      case Kind.Cancel:
        return this.#cancel(process, message[2]);
    }
  }

  /**
   * Takes the next item, for the root's own process; undefined if there is none, or if
   * another process has waited longer.
   */
  takeNow(): Payload | undefined {
    if (this.#waiting.length > 0) return undefined;
    if (this.#consumers.prefetchedCount > 0) this.#turnTo(undefined);
    const item = this.#available.shift();
    if (item === undefined) return undefined;
    this.#lastOfRoot = item.seq;
    if (this.#putters.length > 0) this.#out.touch(this);
    return item.body;
  }

  leave(process: number): void {
    const consumer = this.#consumers.find(process);
    if (consumer !== undefined) {
      this.#forgetWishes(consumer);
      this.#consumers.remove(consumer);
      if (this.#last === consumer) this.#last = undefined;
    }
    this.#putters.removeAll(process);
    this.#grabbers.removeAll(process);
    this.#joiners.removeAll(process);
    this.#out.touch(this);
  }

  abandoned(): void {
    this.#consumers.stopTimer();
  }

  claimsEnded(process: number): void {
    const consumer = this.#consumers.find(process);
    if (consumer === undefined) return;
    this.#consumers.flush(consumer);
    this.#consumers.look(consumer);
    this.#takeBack(consumer);
  }

  settle(): void {
    this.#admitPutters();
    this.#serveWaiting();
    this.#serveGrabbers();
    if (this.#waiting.length + this.#grabbers.length === 0) this.#consumers.stopTimer();
    this.#sendAhead();
    for (const consumer of this.#consumers) this.#consumers.flush(consumer);
  }

  #answer(caller: Caller, value: boolean | number | null): void {
    this.#out.send(caller.process, [Kind.Answer, this.#id, caller.call, value]);
  }

  // --- putting

  #put(process: number, call: number, block: boolean, body: Payload): void {
    if (this.#isFull) {
      if (block) this.#putters.push({ process, call, body });
      else this.#answer({ process, call }, false);
      return;
    }
    this.#add(body);
    if (call !== 0) this.#answer({ process, call }, true);
  }

  #add(body: Payload): void {
    this.#available.push({ seq: this.#nextSeq++, body });
    this.#unfinished++;
    this.#out.touch(this);
  }

  #admitPutters(): void {
    while (this.#putters.length > 0 && !this.#isFull) {
      const putter = this.#putters.shift()!;
      this.#add(putter.body);
      this.#answer(putter, true);
    }
  }

  // --- asking

  /** A process that has received `received` items waits for `waiting` more. */
  #ask(process: number, received: number, waiting: number): void {
    const consumer = this.#consumers.of(process);
    const before = consumer.wanted;
    this.#setWanted(consumer, received, waiting);
    if (consumer.wanted > before) this.#turnTo(consumer);
    this.#out.touch(this);
  }

  #setWanted(consumer: Consumer, received: number, waiting: number): void {
    const { prefetched } = consumer;
    const before = Math.max(0, consumer.wanted - prefetched.end);
    consumer.wanted = Math.max(received, consumer.base) + waiting;
    const change = Math.max(0, consumer.wanted - prefetched.end) - before;
    if (change > 0) this.#waiting.push(consumer.process, change);
    else this.#waiting.removeLast(consumer.process, -change);
  }

  #forgetWishes(consumer: Consumer): void {
    if (consumer.wanted > consumer.prefetched.end) {
      this.#waiting.remove(consumer.process);
    }
    consumer.wanted = consumer.prefetched.end;
  }

  /**
   * A consumer asks, or the root's own process: revokes what others were sent unasked, and
   * what they have not claimed for a while.
   */
  #turnTo(consumer: Consumer | undefined): void {
    if (consumer !== undefined && this.#last === consumer) return this.#widen();
    this.#last = consumer;
    this.#credit = 0;
    if (this.#consumers.prefetchedCount === 0) return;
    const last = consumer?.last ?? this.#lastOfRoot;
    for (const other of this.#consumers) {
      if (other === consumer || other.prefetched.length === 0) continue;
      const isAhead = other.prefetched.end > other.wanted;
      if (isAhead || this.#consumers.isLate(other, last)) this.#revoke(other);
    }
  }

  #widen(): void {
    this.#credit = Math.min(2 * this.#credit + 1, this.#maxCredit);
  }

  /** Revokes what a process has not claimed; if it waits for that, it asks again. */
  #revoke(consumer: Consumer): boolean {
    const isAny = this.#consumers.revoke(consumer);
    if (isAny) this.#forgetWishes(consumer);
    return isAny;
  }

  /** The same for a process that cannot take it any more. */
  #takeBack(consumer: Consumer): void {
    if (this.#consumers.takeBack(consumer)) this.#forgetWishes(consumer);
  }

  /** A process that does not claim returns all items, even those that have not arrived. */
  #return(process: number): void {
    const consumer = this.#consumers.of(process);
    this.#consumers.flush(consumer);
    this.#takeBack(consumer);
    this.#out.send(process, [Kind.Revoke, this.#id]);
  }

  // --- an item that the queue has at this moment, wherever that is

  #grab(process: number, call: number, received: number, waiting: number): void {
    const consumer = this.#consumers.of(process);
    this.#setWanted(consumer, received, waiting);
    this.settle();
    this.#turnTo(consumer);
    this.#grabbers.push({ process, call });
    this.#serveGrabbers();
  }

  #serveGrabbers(): void {
    for (let count = this.#grabbers.length; count > 0; count--) {
      const grabber = this.#grabbers.shift()!;
      const answer = this.#tryToGrab(this.#consumers.of(grabber.process));
      if (answer === undefined) this.#grabbers.push(grabber);
      else this.#answer(grabber, answer);
    }
    if (this.#grabbers.length > 0) this.#consumers.startTimer();
  }

  /** Whether there is an item for a process; undefined if that must be waited for. */
  #tryToGrab(consumer: Consumer): boolean | undefined {
    const { prefetched } = consumer;
    if (prefetched.end > consumer.wanted) return true; // it is on its way
    while (this.#available.length === 0) {
      const holder = this.#consumers.oldestHolder(consumer);
      if (holder === undefined) return false;
      const isInOrder = holder.prefetched.first!.seq > consumer.last;
      if (isInOrder || this.#consumers.isLate(holder, consumer.last)) {
        this.#revoke(holder);
      } else if (holder.prefetched.length > 0) {
        return undefined; // it is claimed in a moment
      }
    }
    consumer.wanted++;
    this.#consumers.prefetch(consumer, this.#available.shift()!);
    this.#consumers.flush(consumer); // the item comes before the answer that tells of it
    this.#out.touch(this);
    return true;
  }

  // --- handing out

  #serveWaiting(): void {
    do {
      while (this.#waiting.length > 0 && this.#available.length > 0) {
        const first = this.#consumers.of(this.#waiting.shift()!);
        this.#consumers.prefetch(first, this.#available.shift()!);
      }
    } while (this.#waiting.length > 0 && this.#revokeLate());
  }

  /** Revokes items that were not claimed for a while, for the first that waits; if any. */
  #revokeLate(): boolean {
    if (this.#consumers.prefetchedCount === 0) return false;
    const { last } = this.#consumers.of(this.#waiting.first!);
    for (const consumer of this.#consumers) {
      if (!this.#consumers.isRevocable(consumer)) continue;
      if (this.#waiting.isOnly(consumer.process)) continue;
      if (this.#consumers.isLate(consumer, last) && this.#revoke(consumer)) return true;
      if (consumer.prefetched.length > 0) this.#consumers.startTimer();
    }
    return false;
  }

  #sendAhead(): void {
    const consumer = this.#last;
    if (consumer === undefined || this.#credit === 0) return;
    if (this.#available.length === 0 || this.#waiting.length > 0) return;
    if (!this.#consumers.isClaiming(consumer)) {
      return this.#out.offerClaims(consumer.process);
    }
    if (consumer.isStuck) return;
    const { prefetched } = consumer;
    if (prefetched.length * 2 > this.#credit) this.#consumers.look(consumer);
    if (prefetched.length * 2 > this.#credit) return;
    while (
      this.#available.length > 0 && prefetched.length < this.#credit &&
      prefetched.bytes + this.#available.at(0)!.body.length <= MAX_AHEAD_BYTES
    ) {
      this.#consumers.prefetch(consumer, this.#available.shift()!);
    }
  }

  /** A process has taken its oldest item, or claimed some. */
  #take(process: number): void {
    const consumer = this.#consumers.of(process);
    if (!this.#consumers.isClaiming(consumer)) {
      return this.#consumers.takeUpTo(consumer, consumer.prefetched.taken + 1);
    }
    this.#consumers.look(consumer);
    if (this.#last === consumer) this.#widen();
    this.#out.touch(this);
  }

  // --- calls

  #call(process: number, call: number, method: number): void {
    const caller = { process, call };
    switch (method) {
      case QueueMethod.Size:
        return this.#answer(caller, this.size);
      case QueueMethod.TaskDone:
        return this.#taskDone(caller);
      case QueueMethod.Join:
        if (this.#unfinished === 0) this.#answer(caller, true);
        else this.#joiners.push(caller);
    }
  }

  #taskDone(caller: Caller): void {
    if (this.#unfinished === 0) {
      const text = "task_done() called too many times";
      const { process, call } = caller;
      this.#out.send(process, [Kind.Failure, this.#id, call, "ValueError", text]);
      return;
    }
    this.#unfinished--;
    this.#answer(caller, null);
    if (this.#unfinished > 0) return;
    for (const joiner of this.#joiners.clear()) this.#answer(joiner, true);
  }

  /** Ends a wait of `put` or `join`, unless it has ended already. */
  #cancel(process: number, call: number): void {
    const wasJoining = this.#joiners.remove(process, call) !== undefined;
    const wasPutting = this.#putters.remove(process, call) !== undefined;
    if (wasJoining || wasPutting) this.#answer({ process, call }, false);
  }
}
