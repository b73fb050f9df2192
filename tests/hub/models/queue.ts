/**
 * Queues: every item that was put is taken once, whoever dies meanwhile; a bound holds; one
 * consumer gets the items in the order they were put; and where consumers claim what they
 * take, an item that nobody has claimed is had by who asks, whatever the others do. A
 * process that computes acts and hears nothing; one that is stopped does neither.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { ObjectType } from "../../../src/hub/object.ts";
import type { Claims } from "../../../src/hub/claims.ts";
import { QueueState } from "../../../src/hub/queue.ts";
import { Kind, type ToPeer } from "../../../src/wire/message.ts";
import type { Operation, Plan } from "./check.ts";
import { type Call, type Player, World } from "./world.ts";

const OBJECT = 100;

/** The process that gets all items where only one shall. */
const ONLY_CONSUMER = 1;

interface Consumer extends Player {
  /** Items that are here and not taken. */
  items: number[];
  /** How many items have ever come here. */
  received: number;
  /** Who waits for an item here, oldest first: a call if the hub is being asked for it. */
  getters: (Call | undefined)[];
  /** Where it claims what it takes. */
  log: Claims | undefined;
  /** What comes now is void, so many times over. */
  voids: number;
  /** It can claim no more. */
  hasFailed: boolean;
}

class QueueModel extends World<Consumer> {
  readonly #maxsize: number;
  readonly #hasOneConsumer: boolean;
  #lastItem = 0;
  /** Items in the queue, in the order they were put. */
  readonly #items = new Set<number>();
  /** What a call that is not answered yet would put. */
  readonly #offers = new Map<number, number>();
  /** Who is stopped. */
  readonly #stopped = new Set<Consumer>();

  constructor(processes: number, maxsize: number, hasOneConsumer: boolean) {
    super(processes, OBJECT, [[Kind.Create, OBJECT, ObjectType.Queue, [maxsize]]]);
    [this.#maxsize, this.#hasOneConsumer] = [maxsize, hasOneConsumer];
  }

  newPlayer(id: number): Consumer {
    return {
      ...{ id, inbox: [], calls: [], items: [], received: 0, getters: [] },
      ...{ log: undefined, voids: 0, hasFailed: false },
    };
  }

  override apply(operation: Operation): void {
    const [name, process] = operation;
    const player = this.players[process % this.players.length]!;
    if (name === "stop process" && player.id !== 0) this.#stopped.add(player);
    else if (name === "go on" || name === "die") this.#stopped.delete(player);
    if (name === "die" || !this.#stopped.has(player)) super.apply(operation);
  }

  act(player: Consumer, name: string, number: number): void {
    this.settles = number % 3 > 0;
    if (name === "put") this.#put(player, number % 4 > 0);
    else if (name === "time") this.#pass(number);
    else {
      this.#consume(this.#hasOneConsumer ? this.players[ONLY_CONSUMER]! : player, name);
    }
    this.settles = true;
  }

  #put(player: Consumer, block: boolean): void {
    const item = ++this.#lastItem;
    const body = new Uint8Array(Uint32Array.of(item).buffer);
    if (this.#maxsize === 0) {
      this.#items.add(item);
      return this.receive(player.id, [Kind.Put, OBJECT, 0, true, body]);
    }
    const { size } = this.#items;
    this.ask(player, "put", (call) => {
      this.#offers.set(call, item);
      return [Kind.Put, OBJECT, call, block, body];
    });
    ok(this.#items.has(item) || size > 0);
  }

  #consume(player: Consumer, name: string): void {
    switch (name) {
      case "get":
        if (this.#take(player) || player.getters.length > 2) return;
        player.getters.push(undefined);
        return this.#ask(player);
      case "stop": {
        const index = player.getters.indexOf(undefined);
        if (index < 0) return;
        player.getters.splice(index, 1);
        return this.#ask(player);
      }
      case "grab":
        if (player.items.length > 0 && this.#take(player)) return;
        return this.#grab(player, player.getters.indexOf(undefined));
      case "claim":
        // As soon as the hub would like to send something ahead.
        if (player.log || player.hasFailed) return;
        if (this.offered.delete(player.id)) {
          player.log = this.claim(player.id);
        }
        return;
      case "fail":
        if (player.log === undefined) return;
        [player.log, player.hasFailed] = [undefined, true];
        player.voids++;
        this.#drop(player, player.items.length);
        // What is said then stands for the root's answer.
        return this.endClaims(player.id, [Kind.Claimed, OBJECT, 0, true]);
      case "take now": {
        const item = this.#state.takeNow();
        if (item !== undefined) this.#got(item);
      }
    }
  }

  /** Says how many wait. */
  #ask(player: Consumer): void {
    const waiting = player.getters.filter((getter) => getter === undefined).length;
    this.receive(player.id, [Kind.Ask, OBJECT, player.received, waiting]);
  }

  /** Of the getter at `index`, or a new one: an item now or never. */
  #grab(player: Consumer, index: number): void {
    if (index < 0) index = player.getters.push(undefined) - 1;
    const waiting = player.getters.filter((getter, i) => !getter && i !== index);
    // Known before the answer, as it may be: see `leaving`.
    this.ask(player, "grab", (call) => {
      player.getters[index] = this.open.get(call);
      return [Kind.Grab, OBJECT, call, player.received, waiting.length];
    });
  }

  /** Takes the oldest item here, if there is one that was not taken back. */
  #take(player: Consumer): boolean {
    while (player.items.length > 0) {
      const number = player.received - player.items.length;
      const was = player.log?.advance(OBJECT, number + 1) ?? number;
      if (was > number) {
        this.#drop(player, Math.min(was - number, player.items.length));
        continue;
      }
      this.#remove(player.items.shift()!);
      const tells = this.#maxsize > 0 || player.received % 2 === 0;
      if (player.log === undefined || tells) {
        this.receive(player.id, [Kind.Ack, OBJECT]);
      }
      return true;
    }
    return false;
  }

  #drop(player: Consumer, count: number): void {
    player.items.splice(0, count);
  }

  #pass(number: number): void {
    this.time += number % 20;
    if (number % 10 === 0) this.ring();
    this.hub.settle();
  }

  #got(body: Uint8Array): void {
    this.#remove(decode(body));
  }

  #remove(item: number): void {
    if (this.#hasOneConsumer) {
      strictEqual(item, this.#items.values().next().value, "out of order");
    }
    ok(this.#items.delete(item), `item ${item} was taken twice, or never put`);
  }

  leaving(player: Consumer, message: ToPeer, call: Call | undefined): void {
    if (call?.what === "grab") this.#answersGrab(player, call);
    if (call?.what !== "put") return;
    strictEqual(message[0], Kind.Answer);
    if (call.answer === true) this.#items.add(this.#offers.get(call.number)!);
    else ok(call.isCancelled || this.#items.size >= this.#maxsize);
  }

  /** Who asks for an item finds the queue empty only if all is claimed, or is on its way. */
  #answersGrab(player: Consumer, { answer }: Call): void {
    if (answer === true) return;
    for (const other of this.players) {
      const mayHold = other !== player && other.log !== undefined;
      if (mayHold) strictEqual(this.#unclaimed(other), 0, "an item is out of reach");
    }
  }

  /** How many items were sent to a process that claims, and are neither had nor taken back. */
  #unclaimed({ id, items, inbox, received }: Consumer): number {
    const coming = inbox.reduce(
      (sum, message) => message[0] === Kind.Items ? sum + message[2].length : sum,
      0,
    );
    const mark = this.claims(id)!.look(OBJECT);
    const sent = received + coming;
    return sent - Math.min(sent, Math.max(mark, received - items.length));
  }

  arrive(player: Consumer, message: ToPeer, call: Call | undefined): void {
    if (message[0] === Kind.Items) return this.#accept(player, message[2].map(decode));
    const endsVoid = message[0] === Kind.Claimed || message[0] === Kind.Revoke;
    if (endsVoid) return void player.voids--;
    if (call?.what !== "grab") return;
    const index = player.getters.indexOf(call);
    if (index < 0) return;
    player.getters[index] = undefined;
    if (call.answer === true) return this.#grab(player, index);
    player.getters.splice(index, 1);
  }

  #accept(player: Consumer, items: number[]): void {
    player.received += items.length;
    if (player.voids === 0) player.items.push(...items);
    const waited = player.getters.length;
    while (player.getters.length > 0 && this.#take(player)) player.getters.shift();
    const hasLost = waited - player.getters.length < Math.min(items.length, waited);
    if (player.getters.length > 0) {
      if (hasLost) this.#ask(player);
    } else if (player.items.length > 0 && player.log === undefined) {
      const from = player.received - player.items.length;
      player.items = [];
      player.voids++;
      this.receive(player.id, [Kind.Return, OBJECT, from, player.received]);
    }
  }

  dying(player: Consumer): void {
    player.log = undefined; // nobody can expect anything of it any more
  }

  override die(player: Consumer): void {
    const isNeeded = this.#hasOneConsumer && player === this.players[ONLY_CONSUMER];
    if (!isNeeded) super.die(player);
  }

  /** Only puts can be given up. */
  override cancel(player: Consumer, number: number): void {
    if (player.calls.every((call) => call.what === "put")) super.cancel(player, number);
  }

  get #state(): QueueState {
    const state = this.hub.objectOfRoot(OBJECT);
    ok(state instanceof QueueState);
    return state;
  }

  check(): void {
    strictEqual(this.#state.size, this.#items.size, "an item is lost, or doubled");
    ok(this.#maxsize === 0 || this.#items.size <= this.#maxsize, "too many items");
  }

  /** All that is left is had by one process, though those who claim may be stopped. */
  finish(): void {
    const last = this.players[this.#hasOneConsumer ? ONLY_CONSUMER : 0]!;
    this.hub.settle();
    for (const player of this.players) {
      if (player !== last && player.log !== undefined && this.#hasHeard(player)) {
        continue;
      }
      this.#stopped.delete(player);
      while (player.getters.includes(undefined)) this.#consume(player, "stop");
    }
    for (let left = 10_000; left > 0 && this.#isUsed; left--) {
      this.#deliverRunning();
      this.#consume(last, "get");
      this.time += 20;
      this.ring();
      this.hub.settle();
      this.check();
    }
    strictEqual(this.#items.size, 0, "an item cannot be had any more");
    this.#stopped.clear();
    for (const player of this.players) {
      while (player.getters.includes(undefined)) this.#consume(player, "stop");
    }
    this.deliverAll();
    strictEqual(this.open.size, 0, "somebody was never answered");
    this.ring();
    this.hub.settle();
    strictEqual(this.timers.size, 0, "a timer is left");
  }

  /** A process that claims is stopped from now on. */
  #hasHeard(player: Consumer): boolean {
    return this.#stopped.has(player) || player.id % 2 === 0;
  }

  #deliverRunning(): void {
    for (const player of this.players) {
      if (player.log !== undefined && this.#hasHeard(player) && player.id !== 0) {
        this.#stopped.add(player);
      }
      if (this.#stopped.has(player) && !this.#isLast(player)) continue;
      while (player.inbox.length > 0) this.deliver(player, 1);
    }
  }

  #isLast(player: Consumer): boolean {
    return player === this.players[this.#hasOneConsumer ? ONLY_CONSUMER : 0];
  }

  get #isUsed(): boolean {
    return this.#items.size > 0;
  }
}

function decode(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset).getUint32(0, true);
}

function plan(name: string, maxsize: number, hasOneConsumer: boolean): Plan {
  return {
    name,
    create: () => new QueueModel(4, maxsize, hasOneConsumer),
    weights: {
      put: 10,
      get: 10,
      stop: 2,
      grab: 2,
      claim: 4,
      fail: 1,
      "stop process": 1,
      "go on": 2,
      "take now": hasOneConsumer ? 0 : 2,
      time: 3,
      cancel: maxsize > 0 ? 2 : 0,
      deliver: 12,
      die: 1,
    },
    processes: 4,
    sequences: 300,
    length: 100,
  };
}

export const QUEUES: Plan[] = [
  plan("Queue", 0, false),
  plan("Queue, one consumer", 0, true),
  plan("Queue(3)", 3, false),
  plan("Queue(3), one consumer", 3, true),
];
