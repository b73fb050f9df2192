/**
 * A queue, as the hub sees it. Pure: messages in, messages out.
 *
 * Items are handed out ahead: the hub sends an item to a process, and the item has left
 * the queue only when that process has taken it. What it has not taken when it dies, or when
 * others want it, returns to its old place. So nothing is lost or doubled, whenever
 * somebody is killed.
 *
 *            Put                     Items (lease)         claimed, or Taken
 *  producer ─────► available (by seq) ─────────────► leases of p ──────► gone
 *                         ▲                              │
 *                         └──── taken back, or death of p ┘
 *
 * Who takes an item *claims* it (see claims.ts), and what is not claimed the hub can take
 * back whatever its holder does. So the only process that asks is sent items ahead, the
 * more the longer it is the only one; when another asks, all of that comes back first, and
 * it gets what is next in line. What a process has asked for comes back if it was not
 * claimed after a short while and others wait for it, or at once if another would find the
 * queue empty: then the process asks again. Where a process cannot claim, it says `Ack`,
 * and is sent what it asks for and nothing ahead; what comes when it waits no more it
 * gives back.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { Kind, type Message, type Payload } from "../wire/message.ts";
import type { Item } from "./prefetched.ts";
import { type Caller, Line, Wishes } from "./line.ts";
import { QueueMethod, type SharedObject, type Surroundings } from "./object.ts";
import { type Consumer, Consumers } from "./queue_consumers.ts";

/** Most items that are sent ahead to a process. */
const MAX_AHEAD = 1024;

/** Most bytes sent ahead: they must fit a pipe, so that a busy reader blocks nobody. */
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
  /** Who asks for an item now, when all there are were sent to others a moment ago. */
  readonly #grabbers = new Line<Caller>();
  /** Who has asked last, and how many items may be sent ahead to it. */
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
   * The next item, for the root's own process, which needs no lease; undefined if
   * there is none, or if somebody else has waited longer.
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

  /** A process that has received so many items waits for so many more. */
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
   * Somebody asks, or the root's own process: what others were sent ahead comes back, and
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

  /** What a process has not claimed comes back; if it waits for it, it will ask again. */
  #revoke(consumer: Consumer): boolean {
    const isAny = this.#consumers.revoke(consumer);
    if (isAny) this.#forgetWishes(consumer);
    return isAny;
  }

  /** The same, where it will not take it. */
  #takeBack(consumer: Consumer): void {
    if (this.#consumers.takeBack(consumer)) this.#forgetWishes(consumer);
  }

  /** A process that does not claim gives back what it was sent, whether or not that is there. */
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

  /** Takes back what one has not claimed for a while, for who waits first; whether it has. */
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
