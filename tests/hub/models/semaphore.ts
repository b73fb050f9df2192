/**
 * Locks and semaphores: permits are neither lost nor doubled, those who wait are served
 * in the order they asked and as soon as can be, and whoever releases one too many
 * hears of it.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ObjectType, SemaphoreMethod } from "../../../src/hub/object.ts";
import { SemaphoreState } from "../../../src/hub/semaphore.ts";
import { Kind, type ToPeer } from "../../../src/wire/message.ts";
import type { Plan } from "./check.ts";
import { type Call, type Player, World } from "./world.ts";

const OBJECT = 100;

interface Holder extends Player {
  /** Permits that it knows to have. */
  known: number;
}

class SemaphoreModel extends World<Holder> {
  readonly #max: number;
  readonly #isLock: boolean;
  #free: number;
  /** Permits that are out, by process; of a lock, who holds it. */
  #held = new Map<number, number>();
  /** Who waits, in order. */
  #queue: Call[] = [];
  /** Releases that are one too many, which nobody waits for. */
  #refusals: number[] = [];
  #disowned: number[] = [];

  constructor(processes: number, free: number, max: number, isLock: boolean) {
    const args = [free, max, isLock ? 1 : 0];
    super(processes, OBJECT, [[Kind.Create, OBJECT, ObjectType.Semaphore, args]]);
    [this.#free, this.#max, this.#isLock] = [free, max, isLock];
  }

  newPlayer(id: number): Holder {
    return { id, inbox: [], calls: [], known: 0 };
  }

  act(player: Holder, name: string, number: number): void {
    switch (name) {
      case "acquire":
        return this.#acquire(player, number % 4 > 0);
      case "release":
        if (player.known > 0) this.#release(player, number % 2 === 0);
        return;
      case "release what is not held":
        if (number % 4 === 0) this.#release(player, true);
        return;
      case "value": {
        const { Value } = SemaphoreMethod;
        const call = this.ask(
          player,
          "value",
          (call) => [Kind.Call, OBJECT, call, Value, []],
        );
        strictEqual(call.answer, this.#free);
      }
    }
  }

  #acquire(player: Holder, block: boolean): void {
    const wasFree = this.#free > 0;
    const call = this.ask(
      player,
      "acquire",
      (call) => [Kind.Acquire, OBJECT, call, block],
    );
    strictEqual(call.answer, wasFree ? true : block ? undefined : false);
    if (call.answer === undefined) this.#queue.push(call);
  }

  #release(player: Holder, waits: boolean): void {
    player.known = Math.max(0, player.known - 1);
    const isRight = this.#free < this.#max;
    if (isRight) this.#giveBack(player.id);
    if (waits) {
      const call = this.ask(player, "release", (call) => [Kind.Release, OBJECT, call]);
      strictEqual(call.answer, isRight ? null : "ValueError");
    } else {
      this.receive(player.id, [Kind.Release, OBJECT, 0]);
      deepStrictEqual(this.#refusals, isRight ? [] : [player.id]);
    }
    this.#refusals = [];
  }

  #giveBack(process: number): void {
    const held = this.#held.get(process) ?? 0;
    if (held > 0) this.#held.set(process, held - 1);
    else if (this.#isLock) {
      // Everybody whose lock that was, and no one else, shall know.
      const holders = [...this.#held].filter(([, count]) => count > 0);
      this.#disowned.push(...holders.map(([id]) => id));
      this.#held.clear();
    }
    this.#free++;
  }

  override cancel(player: Holder, number: number): void {
    const before = [...this.#queue];
    super.cancel(player, number);
    this.#queue = before.filter((call) => call.answer === undefined);
    ok(before.length - this.#queue.length <= 1);
  }

  dying(player: Holder): void {
    this.#queue = this.#queue.filter((call) => call.process !== player);
    const held = this.#held.get(player.id) ?? 0;
    this.#held.delete(player.id);
    if (this.#isLock && held > 0) this.#free++;
    this.warnings.length = 0;
    this.#expectWarning = this.#isLock && held > 0;
  }
  #expectWarning = false;

  override die(player: Holder): void {
    if (player.id === 0) return;
    super.die(player);
    strictEqual(this.warnings.length, this.#expectWarning ? 1 : 0);
  }

  leaving(player: Holder, message: ToPeer, call: Call | undefined): void {
    if (message[0] === Kind.Disowned) {
      if (this.#isLock) strictEqual(this.#disowned.shift(), player.id);
    } else if (call === undefined) {
      strictEqual(message[0], Kind.Failure);
      this.#refusals.push(player.id);
    } else if (call.what === "acquire" && call.answer === true) {
      if (this.#queue.length > 0) strictEqual(this.#queue.shift(), call, "out of turn");
      ok(this.#free > 0, "a permit that nobody had");
      this.#free--;
      this.#held.set(player.id, (this.#held.get(player.id) ?? 0) + 1);
    }
  }

  arrive(player: Holder, _message: ToPeer, call: Call | undefined): void {
    if (call?.what === "acquire" && call.answer === true) player.known++;
  }

  check(): void {
    const state = this.hub.objectOfRoot(OBJECT);
    ok(state instanceof SemaphoreState);
    strictEqual(state.value, this.#free);
    ok(this.#free === 0 || this.#queue.length === 0, "somebody waits for nothing");
    ok(this.#free >= 0 && this.#free <= this.#max);
    deepStrictEqual(this.#disowned, [], "somebody was not told");
    if (!this.#isLock) return;
    const holders = [...this.#held.values()].reduce((sum, count) => sum + count, 0);
    strictEqual(holders + this.#free, 1, "two hold the lock, or none does");
  }

  finish(): void {
    this.deliverAll();
    for (const player of this.players) {
      while (player.calls.length > 0) {
        this.cancel(player, 0);
        this.deliverAll();
      }
      while (player.known > 0) this.#release(player, true);
    }
    this.deliverAll();
    this.check();
    strictEqual(this.open.size, 0, "somebody was never answered");
  }
}

const WEIGHTS = {
  acquire: 8,
  release: 8,
  "release what is not held": 1,
  value: 1,
  cancel: 2,
  deliver: 12,
  die: 1,
};

function plan(name: string, free: number, max: number, isLock: boolean): Plan {
  return {
    name,
    create: () => new SemaphoreModel(4, free, max, isLock),
    weights: WEIGHTS,
    processes: 4,
    sequences: 300,
    length: 80,
  };
}

export const SEMAPHORES: Plan[] = [
  plan("Lock", 1, 1, true),
  plan("Semaphore", 2, 0x7fffffff, false),
  plan("BoundedSemaphore", 3, 3, false),
  plan("BoundedSemaphore(0)", 0, 0, false),
];
