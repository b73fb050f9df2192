/**
 * Barriers: all of a round pass or none, with different indices; the action runs once a
 * round, while the others wait; and nobody waits for one that has died or given up.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BarrierState } from "../../../src/hub/barrier.ts";
import { BarrierMethod, ObjectType } from "../../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../../src/wire/message.ts";
import type { Plan } from "./check.ts";
import { type Call, type Player, World } from "./world.ts";

const OBJECT = 100;

class BarrierModel extends World {
  readonly #parties: number;
  readonly #hasAction: boolean;
  /** This round's parties, in their order; without the one that acts. */
  #round: Call[] = [];
  /** The call that was told to act. */
  #acting: Call | undefined;
  /** Who came while somebody acts, and whether it is too late for them. */
  #next: { call: Call; isLate: boolean }[] = [];
  #isBroken = false;
  /** What was answered since this was emptied. */
  #answers: Call[] = [];

  constructor(processes: number, parties: number, hasAction: boolean) {
    const args = [parties, hasAction ? 1 : 0];
    super(processes, OBJECT, [[Kind.Create, OBJECT, ObjectType.Barrier, args]]);
    [this.#parties, this.#hasAction] = [parties, hasAction];
  }

  newPlayer(id: number): Player {
    return { id, inbox: [], calls: [] };
  }

  act(player: Player, name: string, number: number): void {
    this.#answers = [];
    switch (name) {
      case "Wait":
        return this.#wait(player);
      case "Acted":
        return this.#act(player, number);
      case "Abort":
        this.#call(player, "Abort", null);
        return this.#hasBroken();
      case "Reset":
        this.#isBroken = false;
        this.#call(player, "Reset", null);
        return this.#hasEnded(false);
      case "Waiting": {
        const count = this.#round.length + (this.#acting === undefined ? 0 : 1);
        return this.#call(player, "Waiting", count);
      }
    }
  }

  #call(player: Player, name: keyof typeof BarrierMethod, answer: unknown): void {
    const message = (call: number): [typeof Kind.Call, ...never] =>
      [Kind.Call, OBJECT, call, BarrierMethod[name], []] as never;
    strictEqual(this.ask(player, name, message).answer, answer);
  }

  #wait(player: Player): void {
    const { Wait } = BarrierMethod;
    const [broken, acting] = [this.#isBroken, this.#acting];
    const call = this.ask(
      player,
      "Wait",
      (call) => [Kind.Call, OBJECT, call, Wait, []],
    );
    if (acting !== undefined) {
      strictEqual(call.answer, undefined);
      this.#next.push({ call, isLate: false });
    } else if (broken) strictEqual(call.answer, false);
    else this.#enter(call);
  }

  /** A party belongs to the round now. */
  #enter(call: Call): void {
    this.#round.push(call);
    if (this.#round.length < this.#parties) return;
    if (this.#hasAction) {
      strictEqual(call.answer, null);
      this.#acting = this.#round.pop();
    } else this.#hasPassed();
  }

  #act(player: Player, number: number): void {
    const { Acted } = BarrierMethod;
    // Perhaps one that was told to, and was too late with it.
    const told = this.#told.filter((call) => call.process === player);
    const acted = told[number % Math.max(told.length, 1)];
    if (acted === undefined) return;
    this.#told.splice(this.#told.indexOf(acted), 1);
    const goesWell = number % 5 > 0;
    const call = this.ask(
      player,
      "Acted",
      (call) => [Kind.Call, OBJECT, call, Acted, [acted.number, goesWell ? 1 : 0]],
    );
    strictEqual(call.answer, acted === this.#acting && goesWell);
    if (acted !== this.#acting) return;
    if (!goesWell) return this.#hasBroken();
    this.#acting = undefined;
    this.#hasPassed();
    this.#admit();
  }
  /** Calls that were told to act, and have not said that they did, as they know. */
  #told: Call[] = [];

  /** All of the round have passed. */
  #hasPassed(): void {
    const indices = this.#round.map((call) => call.answer);
    deepStrictEqual(indices, this.#round.map((_, index) => index));
    this.#round = [];
  }

  #hasBroken(): void {
    this.#isBroken = true;
    this.#hasEnded(true);
  }

  /** Nobody of the round has passed. */
  #hasEnded(withNext: boolean): void {
    for (const call of this.#round) strictEqual(call.answer, false);
    [this.#round, this.#acting] = [[], undefined];
    if (withNext) {
      for (const { call } of this.#next) this.#hasFailed(call);
      this.#next = [];
    } else this.#admit();
  }

  #hasFailed(call: Call): void {
    if (this.players.includes(call.process)) strictEqual(call.answer, false);
  }

  /** Those who came meanwhile are the next round. */
  #admit(): void {
    const next = this.#next;
    this.#next = [];
    for (const one of next) {
      if (this.#acting !== undefined) this.#next.push(one);
      else if (this.#isBroken) this.#hasFailed(one.call);
      else if (one.isLate) {
        this.#hasFailed(one.call);
        this.#hasBroken();
      } else this.#enter(one.call);
    }
  }

  override cancel(player: Player, number: number): void {
    this.#cancelled = undefined;
    super.cancel(player, number);
    const call = this.#cancelled as Call | undefined;
    if (call === undefined) return;
    const late = this.#next.find((one) => one.call === call);
    if (late !== undefined) late.isLate = true;
    else if (this.#acting === undefined && this.#round.includes(call)) {
      this.#hasBroken();
    }
  }
  #cancelled: Call | undefined;

  override cancelling(call: Call): void {
    this.#cancelled = call;
  }

  override die(player: Player): void {
    const isIts = (call: Call) => call.process === player;
    const breaks = this.#round.some(isIts) ||
      this.#acting !== undefined && isIts(this.#acting);
    super.die(player);
    if (player.id === 0) return;
    this.#told = this.#told.filter((call) => !isIts(call));
    for (const one of this.#next) if (isIts(one.call)) one.isLate = true;
    if (!breaks) return;
    this.#round = this.#round.filter((call) => !isIts(call));
    this.#hasBroken();
  }

  dying(): void {}

  leaving(player: Player, message: ToPeer, call: Call | undefined): void {
    strictEqual(message[0], Kind.Answer);
    strictEqual(call?.process, player);
    this.#answers.push(call);
  }

  arrive(_player: Player, _message: ToPeer, call: Call | undefined): void {
    if (call?.what === "Wait" && call.answer === null) this.#told.push(call);
  }

  check(): void {
    const state = this.hub.objectOfRoot(OBJECT);
    ok(state instanceof BarrierState);
    strictEqual(state.isBroken, this.#isBroken);
    ok(this.#round.length < this.#parties, "a full round waits");
    ok(this.#round.every((call) => call.answer === undefined));
    const living = this.#next.filter(({ call }) => this.players.includes(call.process));
    strictEqual(this.open.size, this.#round.length + living.length);
    if (this.#acting !== undefined) return;
    strictEqual(this.#next.length, 0, "somebody waits for an action that is over");
    if (this.#isBroken) {
      strictEqual(this.open.size, 0, "somebody waits at what is broken");
    }
  }

  finish(): void {
    this.act(this.players[0]!, "Abort", 0);
    this.check();
    strictEqual(this.open.size, 0, "somebody was never answered");
  }
}

function plan(parties: number, hasAction: boolean): Plan {
  return {
    name: `Barrier(${parties}${hasAction ? ", action" : ""})`,
    create: () => new BarrierModel(5, parties, hasAction),
    weights: {
      Wait: 12,
      Acted: hasAction ? 8 : 0,
      Abort: 1,
      Reset: 3,
      Waiting: 1,
      cancel: 1,
      deliver: 14,
      die: 1,
    },
    processes: 5,
    sequences: 300,
    length: 80,
  };
}

export const BARRIERS: Plan[] = [
  plan(1, false),
  plan(3, false),
  plan(1, true),
  plan(3, true),
];
