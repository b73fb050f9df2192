/**
 * A queue, as the hub sees it. Pure: messages in, messages out.
 *
 * Items are handed out on lease: the hub sends an item to a process, and the item
 * has left the queue only when that process has said `Taken`. What a process has not
 * taken when it dies, or is asked to give back, returns to its old place. So nothing
 * is lost or doubled, whenever somebody is killed.
 *
 *            Put                     Items (lease)               Taken
 *  producer ─────► available (by seq) ─────────────► leases of p ──────► gone
 *                         ▲                              │
 *                         └───── Return, or death of p ──┘
 *
 * While one process alone consumes, it is sent as many items ahead as it took in the
 * last few milliseconds, so that a loop of gets does not wait for a round trip each.
 * As soon as a second one consumes, leases beyond its own demand are called back, and
 * items go out on demand only: a busy consumer must not sit on what another waits for.
 *
 * @module
 */
import { Kind, type Message, type Payload } from "../wire/message.ts";
import { Deque } from "./deque.ts";
import { type Item, Leases, putBack } from "./leases.ts";
import { QueueMethod, type SharedObject, type Surroundings } from "./object.ts";
import { Wishes } from "./wishes.ts";

/** Most items that are sent ahead to a process. */
const MAX_AHEAD = 1024;

/** Most bytes sent ahead: they must fit a pipe, so that a busy reader blocks nobody. */
const MAX_AHEAD_BYTES = 32768;

/** Milliseconds of work that may be sent ahead, judged by the recent speed. */
const AHEAD_TIME = 5;

/** Milliseconds after which a process that asked for nothing is no rival any more. */
const RIVAL_TIME = 1000;

/** Milliseconds that a `get_nowait` waits for items on lease to be given back. */
const GRAB_TIME = 100;

interface Consumer {
  readonly process: number;
  /** Items sent and not yet taken. */
  readonly leases: Leases<Item>;
  /** How many items may be on lease beyond those that are waited for. */
  window: number;
  /** When the current run of takes began, and how many it holds. */
  runStart: number;
  runLength: number;
  /** When it last asked for an item. */
  lastAsked: number;
  /** A recall is on its way and not yet answered. */
  recalled: boolean;
  /** To be sent with the next settling. */
  outgoing: Payload[];
}

interface Putter {
  readonly process: number;
  readonly call: number;
  readonly body: Payload;
}

interface Caller {
  readonly process: number;
  readonly call: number;
}

interface Grabber extends Caller {
  timer: unknown;
}

/** The state machine behind Queue, JoinableQueue and SimpleQueue. */
export class QueueState implements SharedObject {
  readonly #id: number;
  /** 0 for no bound. */
  readonly #maxsize: number;
  readonly #out: Surroundings;
  readonly #available = new Deque<Item>();
  #nextSeq = 0;
  #leased = 0;
  /** Tasks put and not yet done. */
  #unfinished = 0;
  /** Processes that wait for items, in the order they asked. */
  readonly #waiting = new Wishes();
  #putters = new Deque<Putter>();
  #grabbers = new Deque<Grabber>();
  #joiners: Caller[] = [];
  readonly #consumers = new Map<number, Consumer>();

  constructor(id: number, maxsize: number, out: Surroundings) {
    this.#id = id;
    this.#maxsize = maxsize;
    this.#out = out;
  }

  /** Items put and not yet taken. */
  get size(): number {
    return this.#available.length + this.#leased;
  }

  get #isFull(): boolean {
    return this.#maxsize > 0 && this.size >= this.#maxsize;
  }

  receive(process: number, message: Message): void {
    switch (message[0]) {
      case Kind.Put:
        return this.#put(process, message[2], message[3], message[4]);
      case Kind.Taken:
        return this.#take(process);
      case Kind.TakenUpTo:
        return this.#takeUpTo(process, message[2]);
      case Kind.Want:
        return this.#want(process, message[2]);
      case Kind.Unwant:
        return this.#unwant(process);
      case Kind.Grab:
        return this.#grab(process, message[2]);
      case Kind.Return:
        return this.#return(process, message[2], message[3]);
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
    const item = this.#available.shift();
    if (item === undefined) return undefined;
    if (this.#putters.length > 0) this.#out.touch(this);
    return item.body;
  }

  leave(process: number): void {
    const consumer = this.#consumers.get(process);
    if (consumer !== undefined) {
      this.#giveBack(consumer.leases.giveBack());
      this.#consumers.delete(process);
    }
    this.#waiting.remove(process);
    this.#putters.filter((putter) => putter.process !== process);
    this.#joiners = this.#joiners.filter((joiner) => joiner.process !== process);
    for (const grabber of this.#grabbers) {
      if (grabber.process === process) this.#out.clearTimer(grabber.timer);
    }
    this.#grabbers.filter((grabber) => grabber.process !== process);
    this.#out.touch(this);
  }

  settle(): void {
    this.#admitPutters();
    this.#serveWaiting();
    this.#serveGrabbers();
    this.#sendAhead();
    for (const consumer of this.#consumers.values()) this.#flush(consumer);
  }

  #answer(caller: Caller, value: boolean | number | null): void {
    this.#out.send(caller.process, [Kind.Answer, this.#id, caller.call, value]);
  }

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

  #consumer(process: number): Consumer {
    let consumer = this.#consumers.get(process);
    if (consumer === undefined) {
      const now = this.#out.now();
      consumer = {
        process,
        leases: new Leases(),
        window: 0,
        runStart: now,
        runLength: 0,
        lastAsked: now,
        recalled: false,
        outgoing: [],
      };
      this.#consumers.set(process, consumer);
    }
    return consumer;
  }

  #want(process: number, count: number): void {
    const consumer = this.#consumer(process);
    consumer.lastAsked = this.#out.now();
    this.#measure(consumer);
    this.#waiting.push(process, count);
    this.#out.touch(this);
  }

  /** It has taken all it had: how many items does it take in a few milliseconds? */
  #measure(consumer: Consumer): void {
    const elapsed = consumer.lastAsked - consumer.runStart;
    const fitting = elapsed <= 0
      ? MAX_AHEAD
      : Math.floor(consumer.runLength * AHEAD_TIME / elapsed);
    // Growth is gradual: the first quick take says little about the next one.
    consumer.window = Math.min(fitting, 2 * consumer.window + 1, MAX_AHEAD);
    consumer.runStart = consumer.lastAsked;
    consumer.runLength = 0;
  }

  #unwant(process: number): void {
    if (this.#waiting.removeLast(process)) return;
    // Its item is on the way already, and nobody there waits for it now.
    this.#recall(this.#consumer(process));
  }

  #lease(consumer: Consumer, item: Item): void {
    consumer.leases.add(item);
    consumer.outgoing.push(item.body);
    this.#leased++;
  }

  #flush(consumer: Consumer): void {
    if (consumer.outgoing.length === 0) return;
    this.#out.send(consumer.process, [Kind.Items, this.#id, consumer.outgoing]);
    consumer.outgoing = [];
  }

  #take(process: number): void {
    const consumer = this.#consumer(process);
    if (consumer.leases.take() === undefined) return;
    consumer.runLength++;
    this.#leased--;
    if (
      this.#putters.length > 0 ||
      (this.#available.length > 0 && consumer.leases.length * 2 <= consumer.window)
    ) {
      this.#out.touch(this);
    }
  }

  /** As `#take`, for all items before number `index` of its own. */
  #takeUpTo(process: number, index: number): void {
    const { leases } = this.#consumer(process);
    while (leases.length > 0 && leases.taken < index) this.#take(process);
  }

  #serveWaiting(): void {
    const later: number[] = [];
    while (this.#waiting.length > 0 && this.#available.length > 0) {
      const process = this.#waiting.shift()!;
      const consumer = this.#consumer(process);
      // What it gives back comes before what it would get now.
      if (consumer.recalled) later.push(process);
      else this.#lease(consumer, this.#available.shift()!);
    }
    if (this.#waiting.length > 0) this.#recallFromOthers();
    if (later.length > 0) this.#waiting.unshift(later);
  }

  /** Somebody waits and nothing is left: what is leased ahead comes back. */
  #recallFromOthers(): void {
    const needy = new Set([
      ...this.#waiting.processes,
      ...[...this.#grabbers].map((g) => g.process),
    ]);
    for (const consumer of this.#consumers.values()) {
      if (consumer.leases.length === 0) continue;
      // It waits itself, or it is the only one who does: nobody is kept waiting by it.
      if (needy.size === 1 && needy.has(consumer.process)) continue;
      this.#recall(consumer);
    }
  }

  #recall(consumer: Consumer): void {
    if (consumer.recalled) return;
    consumer.recalled = true;
    consumer.window = 0;
    this.#flush(consumer); // what is on lease must be there before it is called back
    this.#out.send(consumer.process, [Kind.Recall, this.#id]);
  }

  #return(process: number, from: number, to: number): void {
    const consumer = this.#consumer(process);
    consumer.recalled = false;
    this.#giveBack(consumer.leases.giveBack(from, to));
    this.#out.touch(this);
  }

  #giveBack(items: Item[]): void {
    this.#leased -= items.length;
    putBack(this.#available, items);
  }

  #grab(process: number, call: number): void {
    const consumer = this.#consumer(process);
    consumer.lastAsked = this.#out.now();
    const timer = this.#out.setTimer(() => this.#endGrab(process, call), GRAB_TIME);
    this.#grabbers.push({ process, call, timer });
    this.#out.touch(this);
  }

  #serveGrabbers(): void {
    if (this.#grabbers.length === 0) return;
    while (this.#grabbers.length > 0 && this.#available.length > 0) {
      const consumer = this.#consumer(this.#grabbers.at(0)!.process);
      if (consumer.recalled) break; // as above
      const grabber = this.#grabbers.shift()!;
      this.#out.clearTimer(grabber.timer);
      this.#lease(consumer, this.#available.shift()!);
      this.#flush(consumer); // the item comes before the answer that tells of it
      this.#answer(grabber, true);
    }
    if (this.#grabbers.length > 0) this.#recallFromOthers();
    const onTheWay = [...this.#consumers.values()].some((other) => other.recalled);
    if (onTheWay) return;
    while (this.#grabbers.length > 0) {
      const grabber = this.#grabbers.shift()!;
      this.#out.clearTimer(grabber.timer);
      this.#answer(grabber, false);
    }
  }

  #endGrab(process: number, call: number): void {
    const isIt = (other: Caller) => other.process === process && other.call === call;
    if (this.#grabbers.removeLast(isIt)) this.#answer({ process, call }, false);
  }

  #sendAhead(): void {
    if (this.#available.length === 0 || this.#waiting.length > 0) return;
    const consumer = this.#onlyConsumer();
    if (consumer === undefined || consumer.recalled) return;
    if (consumer.leases.length * 2 > consumer.window) return;
    while (
      this.#available.length > 0 &&
      consumer.leases.length < consumer.window &&
      consumer.leases.bytes + this.#available.at(0)!.body.length <= MAX_AHEAD_BYTES
    ) {
      this.#lease(consumer, this.#available.shift()!);
    }
  }

  /** The one process that has asked for items lately; undefined if there are several. */
  #onlyConsumer(): Consumer | undefined {
    if (this.#consumers.size === 1) return this.#consumers.values().next().value;
    const since = this.#out.now() - RIVAL_TIME;
    const active = [...this.#consumers.values()].filter((consumer) =>
      consumer.lastAsked >= since || consumer.leases.length > 0
    );
    return active.length === 1 ? active[0] : undefined;
  }

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
    for (const joiner of this.#joiners) this.#answer(joiner, true);
    this.#joiners = [];
  }

  /** Ends a wait of `put` or `join`, unless it has ended already. */
  #cancel(process: number, call: number): void {
    const isIt = (other: Caller) => other.process === process && other.call === call;
    const wasJoining = this.#joiners.some(isIt);
    this.#joiners = this.#joiners.filter((joiner) => !isIt(joiner));
    const wasPutting = this.#putters.removeLast(isIt);
    if (wasJoining || wasPutting) this.#answer({ process, call }, false);
  }
}
