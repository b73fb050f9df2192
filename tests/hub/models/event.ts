/**
 * Events: nobody waits while it is set, and each wait is answered once: true if it was
 * set since, false if it was given up.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { EventMethod, ObjectType } from "../../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../../src/wire/message.ts";
import type { Plan } from "./check.ts";
import { type Call, type Player, World } from "./world.ts";

const OBJECT = 100;

class EventModel extends World {
  #isSet = false;

  constructor(processes: number) {
    super(processes, OBJECT, [[Kind.Create, OBJECT, ObjectType.Event, []]]);
  }

  newPlayer(id: number): Player {
    return { id, inbox: [], calls: [] };
  }

  act(player: Player, name: string): void {
    const method = EventMethod[name as keyof typeof EventMethod];
    if (name === "Set") this.#isSet = true;
    if (name === "Clear") this.#isSet = false;
    const call = this.ask(
      player,
      name,
      (call) => [Kind.Call, OBJECT, call, method, []],
    );
    if (name === "IsSet") strictEqual(call.answer, this.#isSet);
    else if (name === "Wait") strictEqual(call.answer, this.#isSet || undefined);
    else strictEqual(call.answer, null);
  }

  leaving(_player: Player, _message: ToPeer, call: Call | undefined): void {
    if (call?.what === "Wait") strictEqual(call.answer, this.#isSet);
  }

  arrive(): void {}

  dying(): void {}

  check(): void {
    ok(!this.#isSet || this.open.size === 0, "somebody waits for what is there");
  }

  finish(): void {
    this.act(this.players[0]!, "Set");
    strictEqual(this.open.size, 0, "somebody was never answered");
  }
}

export const EVENTS: Plan[] = [{
  name: "Event",
  create: () => new EventModel(4),
  weights: { Wait: 8, Set: 2, Clear: 2, IsSet: 1, cancel: 2, deliver: 8, die: 1 },
  processes: 4,
  sequences: 300,
  length: 80,
}];
