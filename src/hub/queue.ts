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
 * A queue may be shut down for good: see shutdown.ts. And where it redelivers, an item that
 * was taken is *in progress* until its task is done: see in_progress.ts.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { Kind, type Message, type Payload } from "../wire/message.ts";
import type { QueueDescription } from "./description.ts";
import { ROOT } from "./ids.ts";
import { type Caller, Line, Wishes } from "./line.ts";
import { QueueMethod, type SharedObject, type Surroundings } from "./object.ts";
import { type Consumer, Consumers, type Item, putBack } from "./prefetched.ts";
import { Shutdown } from "./shutdown.ts";
import { Tasks } from "./tasks.ts";

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
  readonly #tasks: Tasks;
  /** Processes that wait for items that were not sent yet, in the order they asked. */
  readonly #waiting = new Wishes();
  readonly #putters = new Line<Putter>();
  /** Callers that ask for an item of this moment, when all were just sent to others. */
  readonly #grabbers = new Line<Caller>();
  /** The consumer that has asked last, and how many items may be prefetched to it. */
  #last: Consumer | undefined;
  #credit = 0;
  /** The most that {@linkcode QueueState.#credit} may be. */
  readonly #maxCredit: number;
  /** The place in line of the last item that the root's own process took unasked. */
  #lastOfRoot = -1;
  readonly #shutdown: Shutdown;
  /** The queue was shut down at once: items in it are dropped. */
  #isDropping = false;

  /** @param args The bound, 0 for none; how many times an item comes back, 0 by default. */
  constructor(
    id: number,
    [maxsize = 0, returns = 0]: readonly number[],
    out: Surroundings,
  ) {
    this.#id = id;
    this.#maxsize = maxsize;
    this.#out = out;
    this.#maxCredit = out.mayPrefetch === false ? 0 : MAX_AHEAD;
    this.#tasks = new Tasks(id, returns, out);
    const { inProgress } = this.#tasks;
    this.#consumers = new Consumers(
      ...[id, this, out, this.#available] as const,
      inProgress?.add.bind(inProgress),
    );
    this.#shutdown = new Shutdown(this, out);
  }

  /** Items put and not yet taken. */
  get size(): number {
    this.#consumers.lookAtAll();
    return this.#available.length + this.#consumers.prefetchedCount;
  }

  get #isFull(): boolean {
    return this.#available.length + this.#consumers.prefetchedCount >= this.#maxsize &&
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
        return this.#call(process, message[2], message[3], message[4]);
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
    this.#tasks.inProgress?.add(ROOT, item.seq, item);
    if (this.#putters.length > 0) this.#out.touch(this);
    return item.body;
  }

  joined(process: number): void {
    const isFeeder = this.#maxsize === 0; // where there is a bound, each put is answered
    if (this.#shutdown.isBegun) {
      this.#out.send(process, [Kind.ShutDown, this.#id, false]);
    } else if (isFeeder) this.#shutdown.addFeeder(process);
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
    this.#shutdown.leave(process);
    putBack(this.#available, this.#tasks.leave(process));
    this.#out.touch(this);
  }

  abandoned(): void {
    this.#consumers.stopTimer();
    this.#shutdown.rest();
  }

  claimsEnded(process: number): void {
    const consumer = this.#consumers.find(process);
    if (consumer === undefined) return;
    this.#consumers.flush(consumer);
    this.#consumers.look(consumer);
    this.#takeBack(consumer);
  }

  settle(): void {
    if (this.#isDropping) this.#drop();
    if (this.#putters.length > 0) this.#admitPutters();
    if (this.#waiting.length > 0) this.#serveWaiting();
    if (this.#grabbers.length > 0) this.#serveGrabbers();
    if (this.#shutdown.isBegun) this.#endWaiting();
    if (this.#waiting.length + this.#grabbers.length === 0) {
      this.#consumers.stopTimer();
    }
    if (this.#available.length > 0 && this.#waiting.length === 0) this.#sendAhead();
    this.#consumers.flushAll();
    this.#consumers.rest(this.#nextSeq);
  }

  describe(now: number): QueueDescription {
    const [{ depth, oldest }, puts] = [this.#consumers.survey(now), this.#nextSeq];
    const isShutDown = this.#shutdown.isBegun;
    return {
      ...{ kind: "queue", depth, maxsize: this.#maxsize, puts, oldest, isShutDown },
      getters: this.#consumers.describe(this.#waiting, now),
      putters: this.#putters.describe(now),
      ...this.#tasks.describe(puts, depth, now),
    };
  }

  #answer(caller: Caller, value: boolean | number | null): void {
    this.#out.send(caller.process, [Kind.Answer, this.#id, caller.call, value]);
  }

  #fail({ process, call }: Caller, name: string, text = ""): void {
    this.#out.send(process, [Kind.Failure, this.#id, call, name, text]);
  }

  // --- putting

  #put(process: number, call: number, block: boolean, body: Payload): void {
    if (this.#shutdown.isBegun && !this.#shutdown.accepts(process)) {
      return this.#refuse({ process, call });
    }
    if (this.#maxsize > 0 && this.#isFull) {
      if (block) this.#putters.push({ process, call, body, since: this.#out.time() });
      else this.#answer({ process, call }, false);
      return;
    }
    this.#add(body);
    if (call !== 0) this.#answer({ process, call }, true);
  }

  #refuse(caller: Caller): void {
    if (caller.call !== 0) return this.#fail(caller, "ShutDown");
    // It computes for so long that it has not heard of the shutdown.
    const { process } = caller;
    if (this.#isDropping || !this.#shutdown.isFeeder(process)) return;
    this.#shutdown.leave(process); // says this once
    this.#out.warn(
      process,
      "has put items into a queue that was shut down: they are lost",
    );
  }

  #add(body: Payload): void {
    this.#available.push({ seq: this.#nextSeq++, body });
    this.#tasks.add();
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
    if (change > 0) this.#waiting.push(consumer.process, change, this.#out.time());
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
      const isShutDown = answer === false && this.#shutdown.isBegun;
      if (answer === undefined || (isShutDown && !this.#shutdown.isComplete)) {
        this.#grabbers.push(grabber);
      } else if (isShutDown && this.#isOver) this.#fail(grabber, "ShutDown");
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

  // --- shutting down

  #shutDown(caller: Caller, immediate: boolean): void {
    for (const process of this.#shutdown.begin()) {
      this.#out.send(process, [Kind.ShutDown, this.#id, false]);
    }
    for (const putter of this.#putters.clear()) this.#fail(putter, "ShutDown");
    if (immediate) {
      this.#isDropping = true;
      this.#shutdown.complete();
      for (const consumer of this.#consumers) this.#revoke(consumer);
      this.#drop();
    }
    this.#answer(caller, null);
    this.#out.touch(this);
  }

  /** Drops what is in the queue, or has come back to it. */
  #drop(): void {
    const { length } = this.#available;
    if (length === 0) return;
    this.#available.splice(0, length);
    this.#tasks.drop(length);
  }

  /** Whether no item will come, once the shutdown is complete. */
  get #isOver(): boolean {
    if (this.size > 0) return false;
    for (const process of this.#tasks.inProgress?.processes ?? []) {
      // One that waits itself says nothing of what it has before it gets an answer.
      if (!this.#waiting.has(process)) return false;
    }
    return true;
  }

  /** Tells those who wait that no item will come, if that is so. */
  #endWaiting(): void {
    const isWaitedFor = this.#waiting.length + this.#grabbers.length > 0;
    if (!isWaitedFor || !this.#shutdown.isComplete) return;
    if (!this.#isOver) {
      if (this.#consumers.prefetchedCount > 0) this.#consumers.startTimer();
      return;
    }
    for (let process; (process = this.#waiting.first) !== undefined;) {
      this.#waiting.remove(process);
      const consumer = this.#consumers.of(process);
      consumer.wanted = consumer.prefetched.end;
      this.#out.send(process, [Kind.ShutDown, this.#id, true]);
    }
  }

  // --- calls

  #call(process: number, call: number, method: number, args: readonly number[]): void {
    const caller = { process, call };
    switch (method) {
      case QueueMethod.Size:
        return this.#answer(caller, this.size);
      case QueueMethod.TaskDone:
        return this.#taskDone(caller, args[0]);
      case QueueMethod.Join:
        return this.#tasks.join(caller);
      case QueueMethod.ShutDown:
        return this.#shutDown(caller, args[0] === 1);
      case QueueMethod.Knows:
        return this.#shutdown.knows(process);
      case QueueMethod.DeadLetter:
        return this.#tasks.takeDead(caller);
    }
  }

  #taskDone(caller: Caller, number: number | undefined): void {
    const consumer = this.#consumers.find(caller.process);
    // An item is in progress when it is known to be taken.
    if (this.#tasks.inProgress && consumer) this.#consumers.look(consumer);
    this.#tasks.done(caller, number);
    if (this.#shutdown.isBegun) this.#out.touch(this);
  }

  /** Ends a wait of `put` or `join`, unless it has ended already. */
  #cancel(process: number, call: number): void {
    const wasJoining = this.#tasks.cancel(process, call);
    const wasPutting = this.#putters.remove(process, call) !== undefined;
    if (wasJoining || wasPutting) this.#answer({ process, call }, false);
  }
}
