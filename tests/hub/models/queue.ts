/**
 * Queues: every item that was put is taken once, whoever dies meanwhile; a bound holds;
 * and one consumer gets the items in the order they were put.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { ObjectType } from "../../../src/hub/object.ts";
import { QueueState } from "../../../src/hub/queue.ts";
import { Kind, type ToPeer } from "../../../src/wire/message.ts";
import type { Plan } from "./check.ts";
import { type Call, type Player, World } from "./world.ts";

const OBJECT = 100;

/** The process that gets all items where only one shall. */
const ONLY_CONSUMER = 1;

interface Consumer extends Player {
  /** Items that are here and not taken. */
  leases: number[];
  /** How many wait for an item here. */
  waiting: number;
  taken: number;
}

class QueueModel extends World<Consumer> {
  readonly #maxsize: number;
  readonly #hasOneConsumer: boolean;
  #lastItem = 0;
  /** Items in the queue, in the order they were put. */
  readonly #items = new Set<number>();
  /** What a call that is not answered yet would put. */
  readonly #offers = new Map<number, number>();

  constructor(processes: number, maxsize: number, hasOneConsumer: boolean) {
    super(processes, OBJECT, [
      [Kind.Create, OBJECT, ObjectType.Queue, [maxsize]],
    ]);
    [this.#maxsize, this.#hasOneConsumer] = [maxsize, hasOneConsumer];
  }

  newPlayer(id: number): Consumer {
    return { id, inbox: [], calls: [], leases: [], waiting: 0, taken: 0 };
  }

  act(player: Consumer, name: string, number: number): void {
    this.settles = number % 3 > 0;
    if (name === "put") this.#put(player, number % 4 > 0);
    else if (name === "time") this.#pass(number);
    else {
      this.#consume(
        this.#hasOneConsumer ? this.players[ONLY_CONSUMER]! : player,
        name,
      );
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
        if (player.leases.length > 0) return this.#take(player, player.leases.shift()!);
        if (player.waiting > 2) return;
        player.waiting++;
        return this.receive(player.id, [Kind.Want, OBJECT, 1]);
      case "stop":
        if (player.waiting === 0) return;
        player.waiting--;
        return this.receive(player.id, [Kind.Unwant, OBJECT]);
      case "grab":
        if (player.leases.length > 0) return;
        this.ask(player, "grab", (call) => [Kind.Grab, OBJECT, call]);
        return;
      case "take now": {
        const item = this.#state.takeNow();
        if (item !== undefined) this.#got(item);
      }
    }
  }

  #pass(number: number): void {
    this.time += number % 20;
    if (number % 10 === 0) this.ring();
    this.hub.settle();
  }

  #take(player: Consumer, item: number): void {
    this.#remove(item);
    player.taken++;
    this.receive(player.id, [Kind.Taken, OBJECT]);
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

  leaving(_player: Consumer, message: ToPeer, call: Call | undefined): void {
    if (call?.what !== "put") return;
    strictEqual(message[0], Kind.Answer);
    if (call.answer === true) this.#items.add(this.#offers.get(call.number)!);
    else ok(call.isCancelled || this.#items.size >= this.#maxsize);
  }

  arrive(player: Consumer, message: ToPeer, call: Call | undefined): void {
    if (message[0] === Kind.Items) {
      this.#accept(player, message[2].map(decode));
    } else if (message[0] === Kind.Recall) {
      const end = player.taken + player.leases.length;
      player.leases = [];
      this.receive(player.id, [Kind.Return, OBJECT, player.taken, end]);
    } else if (call?.what === "grab" && call.answer === true) {
      const item = player.leases.shift();
      if (item !== undefined) this.#take(player, item);
      else this.receive(player.id, [Kind.Unwant, OBJECT]);
    }
  }

  #accept(player: Consumer, items: number[]): void {
    const passed = Math.min(items.length, player.waiting);
    player.waiting -= passed;
    if (passed > 0) strictEqual(player.leases.length, 0);
    if (passed === 1) this.#take(player, items[0]!);
    else if (passed > 1) this.#takeSeveral(player, items.slice(0, passed));
    player.leases.push(...items.slice(passed));
  }

  #takeSeveral(player: Consumer, items: number[]): void {
    for (const item of items) this.#remove(item);
    player.taken += items.length;
    this.receive(player.id, [Kind.TakenUpTo, OBJECT, player.taken]);
  }

  dying(): void {}

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

  finish(): void {
    this.hub.settle();
    this.ring();
    for (const player of this.players) {
      while (player.waiting > 0) this.#consume(player, "stop");
    }
    this.deliverAll();
    const last = this.players[this.#hasOneConsumer ? ONLY_CONSUMER : 0]!;
    for (let left = 10_000; left > 0 && this.#isUsed; left--) {
      this.#consume(last, "get");
      this.deliverAll();
      this.check();
    }
    strictEqual(this.#items.size, 0, "an item cannot be had any more");
    strictEqual(this.open.size, 0, "somebody was never answered");
    strictEqual(this.timers.size, 0, "a timer is left");
  }

  get #isUsed(): boolean {
    return this.#items.size > 0 || this.open.size > 0;
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
