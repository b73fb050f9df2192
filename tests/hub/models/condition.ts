/**
 * Conditions: the lock is held by one at most, a wait is answered once and with the lock
 * held, and true only if it was notified; and each notification reaches as many sleepers
 * as it is for, though those who were woken die.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { ConditionMethod, ObjectType } from "../../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../../src/wire/message.ts";
import type { Plan } from "./check.ts";
import { type Call, type Player, World } from "./world.ts";

const LOCK = 99;
const OBJECT = 100;
const { Semaphore, Condition } = ObjectType;

interface Sleeper extends Player {
  /** Whether it knows that it has the lock. */
  hasLock: boolean;
}

class ConditionModel extends World<Sleeper> {
  #sleepers: Call[] = [];
  /** Who waits for the lock, in order, and with which answer. */
  #queue: { call: Call; answer: boolean; isNotified: boolean }[] = [];
  #holder: Sleeper | undefined;
  /** Whether the holder was woken up, and has not released the lock since. */
  #holderIsNotified = false;

  constructor(processes: number) {
    super(processes, OBJECT, [
      [Kind.Create, LOCK, Semaphore, [1, 1, 1]],
      [Kind.Create, OBJECT, Condition, [LOCK]],
    ]);
  }

  protected override get handles(): number[] {
    return [LOCK, OBJECT];
  }

  newPlayer(id: number): Sleeper {
    return { id, inbox: [], calls: [], hasLock: false };
  }

  act(player: Sleeper, name: string, number: number): void {
    if (name === "acquire") return this.#acquire(player);
    const holder = this.players.find((player) => player.hasLock);
    if (holder !== undefined) this.#actAsHolder(holder, name, number);
  }

  #actAsHolder(player: Sleeper, name: string, number: number): void {
    const { Wait, Notify } = ConditionMethod;
    switch (name) {
      case "holder dies":
        return this.die(player);
      case "release":
        this.#unlock(player);
        return this.receive(player.id, [Kind.Release, LOCK, 0]);
      case "wait":
        this.#unlock(player);
        this.#sleepers.push(
          this.ask(player, "wait", (call) => [Kind.Call, OBJECT, call, Wait, []]),
        );
        return;
      case "notify": {
        const n = [1, 1, 2, 1e9][number % 4]!;
        for (const call of this.#sleepers.splice(0, n)) this.#wake(call, true);
        return this.receive(player.id, [Kind.Call, OBJECT, 0, Notify, [n]]);
      }
    }
  }

  /** One task of each process at a time, so that the lock is not all that they want. */
  #acquire(player: Sleeper): void {
    if (player.calls.some((call) => call.what === "acquire")) return;
    const isFree = this.#holder === undefined;
    const call = this.ask(
      player,
      "acquire",
      (call) => [Kind.Acquire, LOCK, call, true],
    );
    strictEqual(call.answer, isFree ? true : undefined);
    if (!isFree) this.#queue.push({ call, answer: true, isNotified: false });
  }

  #unlock(player: Sleeper): void {
    strictEqual(this.#holder, player);
    player.hasLock = false;
    [this.#holder, this.#holderIsNotified] = [undefined, false];
  }

  #wake(call: Call, isNotified: boolean): void {
    this.#queue.push({ call, answer: isNotified, isNotified });
  }

  override cancelling(call: Call): void {
    const index = this.#sleepers.indexOf(call);
    if (index < 0) return;
    this.#sleepers.splice(index, 1);
    this.#wake(call, false);
  }

  /** Only waits are given up: to give up an acquire is checked elsewhere. */
  override cancel(player: Sleeper, number: number): void {
    const waits = player.calls.filter((call) => call.what === "wait");
    if (waits.length === player.calls.length) super.cancel(player, number);
  }

  dying(player: Sleeper): void {
    const isIts = ({ process }: Call) => process === player;
    this.#sleepers = this.#sleepers.filter((call) => !isIts(call));
    let lost = this.#queue.filter(({ call, isNotified }) => isIts(call) && isNotified)
      .length;
    this.#queue = this.#queue.filter(({ call }) => !isIts(call));
    if (this.#holder === player) {
      if (this.#holderIsNotified) lost++;
      [this.#holder, this.#holderIsNotified] = [undefined, false];
    }
    for (const call of this.#sleepers.splice(0, lost)) this.#wake(call, true);
  }

  leaving(player: Sleeper, message: ToPeer, call: Call | undefined): void {
    strictEqual(message[0], Kind.Answer);
    ok(call !== undefined);
    strictEqual(this.#holder, undefined, "two hold the lock");
    const first = this.#queue.shift();
    if (first === undefined) strictEqual(call.what, "acquire");
    else {
      strictEqual(first.call, call, "out of turn");
      strictEqual(call.answer, first.answer);
    }
    [this.#holder, this.#holderIsNotified] = [player, first?.isNotified ?? false];
  }

  arrive(player: Sleeper): void {
    player.hasLock = true;
  }

  check(): void {
    ok(this.#holder !== undefined || this.#queue.length === 0, "the lock is forgotten");
    const waiting = this.#sleepers.length + this.#queue.length;
    strictEqual(this.open.size, waiting, "somebody who waits is forgotten");
  }

  finish(): void {
    for (let left = 10_000; left > 0; left--) {
      this.deliverAll();
      const holder = this.players.find((player) => player.hasLock);
      if (holder === undefined) {
        strictEqual(this.#queue.length, 0);
        if (this.open.size === 0) return;
        this.#acquire(this.players[0]!);
        continue;
      }
      this.act(holder, "notify", 3);
      this.act(holder, "release", 0);
      this.check();
    }
    ok(false, "somebody was never answered");
  }
}

export const CONDITIONS: Plan[] = [{
  name: "Condition",
  create: () => new ConditionModel(5),
  weights: {
    acquire: 10,
    release: 2,
    wait: 6,
    notify: 3,
    cancel: 1,
    deliver: 24,
    die: 1,
    "holder dies": 1,
  },
  processes: 5,
  sequences: 400,
  length: 150,
}];
