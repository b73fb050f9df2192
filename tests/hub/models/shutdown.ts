/**
 * The shutdown of queues: what a process has put before it heard of it is had by somebody,
 * nothing is had twice, those who wait are told that no item comes when none does, and
 * everybody is told in the end. Processes here claim nothing: what claims add is in queue.ts.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { ObjectType, QueueMethod } from "../../../src/hub/object.ts";
import { QueueState } from "../../../src/hub/queue.ts";
import { Kind, type ToPeer } from "../../../src/wire/message.ts";
import type { Plan } from "./check.ts";
import { type Call, type Player, World } from "./world.ts";

const OBJECT = 100;

interface Member extends Player {
  /** How many items have come, and how many are wanted besides. */
  received: number;
  waiting: number;
  /** Its first put was answered: it waits for no answer any more. */
  isFeeder: boolean;
  /** What it has put behind the first, which is not answered yet. */
  behindFirst: number[];
  hasHeard: boolean;
  /** What comes now was returned already, so many times over. */
  voids: number;
  /** It was told that no item comes; the hub may not know yet that it waits no more. */
  isTold: boolean;
}

class ShutdownModel extends World<Member> {
  readonly #maxsize: number;
  readonly #redelivers: boolean;
  #lastItem = 0;
  /** Items that were put, as far as their putters can tell, and not dealt with. */
  readonly #items = new Set<number>();
  /** What a call that is not answered yet would put. */
  readonly #offers = new Map<number, number>();
  /** What each process has taken and not done. */
  readonly #taken = new Map<Member, number[]>();
  #isBegun = false;
  #isImmediate = false;

  constructor(processes: number, maxsize: number, redeliver: number) {
    super(processes, OBJECT, [
      [Kind.Create, OBJECT, ObjectType.Queue, [maxsize, redeliver]],
    ]);
    [this.#maxsize, this.#redelivers] = [maxsize, redeliver > 0];
  }

  newPlayer(id: number): Member {
    return {
      ...{ id, inbox: [], calls: [], received: 0, waiting: 0 },
      ...{ isFeeder: false, behindFirst: [], hasHeard: false, voids: 0, isTold: false },
    };
  }

  act(player: Member, name: string, number: number): void {
    this.settles = number % 3 > 0;
    switch (name) {
      case "put":
        this.#put(player, number % 4 > 0);
        break;
      case "get":
        if (player.waiting > 2) break;
        player.waiting++;
        this.#ask(player);
        break;
      case "done":
        this.#done(player);
        break;
      case "shut down":
        this.#shutDown(player, number % 5 === 0);
    }
    this.settles = true;
  }

  #put(player: Member, block: boolean): void {
    if (player.hasHeard) return;
    const item = ++this.#lastItem;
    const body = new Uint8Array(Uint32Array.of(item).buffer);
    const isFirst = !player.calls.some(({ what }) => what === "first");
    if (this.#maxsize === 0 && (player.isFeeder || !isFirst)) {
      if (player.isFeeder) this.#add(item);
      else player.behindFirst.push(item);
      return this.receive(player.id, [Kind.Put, OBJECT, 0, true, body]);
    }
    this.ask(player, this.#maxsize === 0 ? "first" : "put", (call) => {
      this.#offers.set(call, item);
      return [Kind.Put, OBJECT, call, block, body];
    });
  }

  #add(item: number): void {
    if (!this.#isImmediate) this.#items.add(item);
  }

  #ask(player: Member): void {
    this.receive(player.id, [Kind.Ask, OBJECT, player.received, player.waiting]);
  }

  #done(player: Member): void {
    const item = this.#taken.get(player)?.shift();
    if (item === undefined) return;
    this.#items.delete(item);
    const { TaskDone } = QueueMethod;
    this.ask(player, "done", (call) => [Kind.Call, OBJECT, call, TaskDone, []]);
  }

  #shutDown(player: Member, immediate: boolean): void {
    player.hasHeard = true;
    this.#isBegun = true;
    if (immediate && !this.#isImmediate) {
      this.#isImmediate = true;
      this.#items.clear(); // but for those that are on their way to one who waits
    }
    const { ShutDown } = QueueMethod;
    const args = [Number(immediate)];
    this.ask(player, "shut down", (call) => [Kind.Call, OBJECT, call, ShutDown, args]);
  }

  leaving(player: Member, message: ToPeer, call: Call | undefined): void {
    if (message[0] === Kind.Failure) {
      ok(["put", "first", "done"].includes(call!.what) && this.#isBegun);
    }
    if (message[0] === Kind.ShutDown && message[2]) this.#checkOver();
    if (message[0] !== Kind.Answer || call === undefined) return;
    const item = this.#offers.get(call.number);
    if (item === undefined) return;
    if (message[3] === true) this.#add(item);
    if (call.what === "first") {
      for (const behind of player.behindFirst) this.#add(behind);
      // What follows is in the queue as soon as it is put.
      player.isFeeder = true;
    }
  }

  /** Somebody is told that no item comes. */
  #checkOver(): void {
    if (this.#isImmediate) return;
    ok(this.players.every((one) => one.hasHeard || !one.isFeeder), "one may still put");
    let left = this.#items.size;
    for (const [{ id, waiting, isTold }, items] of this.#taken) {
      // What the root has does not come back; who waits says nothing before it is told.
      if (id === 0 || waiting > 0 || isTold) left -= items.length;
    }
    strictEqual(left, 0, "an item may still come");
  }

  arrive(player: Member, message: ToPeer, call: Call | undefined): void {
    if (message[0] === Kind.ShutDown) {
      ok(this.#isBegun);
      player.hasHeard = true;
      if (message[2]) {
        player.isTold = true;
        return void (player.waiting = 0);
      }
      return this.receive(player.id, [Kind.Call, OBJECT, 0, QueueMethod.Knows, []]);
    }
    if (message[0] === Kind.Items) return this.#accept(player, message[2]);
    if (message[0] === Kind.Revoke) return void player.voids--;
    if (call?.what === "first" && message[0] === Kind.Failure) player.hasHeard = true;
  }

  #accept(player: Member, bodies: Uint8Array[]): void {
    for (const body of bodies) {
      const item = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
      player.received++;
      if (player.voids > 0) continue;
      if (player.waiting === 0) {
        // They were told that nothing comes, and then something came back.
        player.voids++;
        const from = player.received - 1;
        this.receive(player.id, [Kind.Return, OBJECT, from, player.received]);
        continue;
      }
      player.waiting--;
      if (!this.#isImmediate) {
        ok(this.#items.has(item), `item ${item} was taken twice, or never put`);
      }
      if (this.#redelivers) {
        const taken = this.#taken.get(player) ?? [];
        taken.push(item);
        this.#taken.set(player, taken);
      } else this.#items.delete(item);
      this.receive(player.id, [Kind.Ack, OBJECT]);
    }
  }

  dying(player: Member): void {
    player.hasHeard = true; // it puts no more
    // What it had taken comes back; what is on its way to it, too.
    this.#taken.delete(player);
    // What it offered and was not told of may be in the queue: the hub knows.
    for (const { number } of player.calls) this.#offers.delete(number);
  }

  get #state(): QueueState {
    const state = this.hub.objectOfRoot(OBJECT);
    ok(state instanceof QueueState);
    return state;
  }

  check(): void {
    if (this.#isImmediate) return;
    let taken = 0;
    for (const items of this.#taken.values()) taken += items.length;
    strictEqual(this.#state.size, this.#items.size - taken, "an item is lost");
  }

  /** All that is left is had; then everybody is told that nothing comes. */
  finish(): void {
    const [root] = this.players as [Member];
    this.hub.settle();
    this.deliverAll();
    if (!this.#isBegun) this.#shutDown(root, false);
    this.deliverAll();
    for (const player of this.players) {
      while ((this.#taken.get(player)?.length ?? 0) > 0) this.#done(player);
      this.deliverAll();
    }
    for (let left = 1000; left > 0 && this.#items.size > 0; left--) {
      if (root.waiting === 0) root.waiting = 1;
      this.#ask(root);
      this.deliverAll();
      for (const player of this.players) {
        while ((this.#taken.get(player)?.length ?? 0) > 0) this.#done(player);
      }
      this.hub.settle();
      this.deliverAll();
      if (this.#isImmediate) break;
    }
    if (!this.#isImmediate) strictEqual(this.#items.size, 0, "an item cannot be had");
    strictEqual(this.#state.size, 0);
    for (const player of this.players) {
      player.waiting = Math.max(1, player.waiting);
      this.#ask(player);
      this.deliverAll();
      strictEqual(player.waiting, 0, "somebody was never told");
    }
    this.deliverAll();
    strictEqual(this.open.size, 0, "somebody was never answered");
    strictEqual(this.timers.size, 0, "a timer is left");
  }
}

function plan(name: string, maxsize: number, redeliver: number): Plan {
  return {
    name,
    create: () => new ShutdownModel(4, maxsize, redeliver),
    weights: {
      put: 10,
      get: 10,
      done: redeliver > 0 ? 6 : 0,
      "shut down": 1,
      deliver: 12,
      die: 1,
    },
    processes: 4,
    sequences: 300,
    length: 60,
  };
}

/** Items that come back do so more often than any process dies. */
const OFTEN = 1000;

export const SHUTDOWNS: Plan[] = [
  plan("Queue, shut down", 0, 0),
  plan("Queue(3), shut down", 3, 0),
  plan("JoinableQueue that redelivers, shut down", 0, OFTEN),
];
