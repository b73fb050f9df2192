/**
 * Some processes around a hub, played by a test. What the hub sends a process is there
 * only when it is delivered: until then the process acts on what it knew before, as real
 * ones do. What a process sends is handled at once: it was written before the process
 * did anything else.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import {
  Kind,
  type Scalar,
  type ToHub,
  type ToPeer,
} from "../../../src/wire/message.ts";
import { item, TestHub } from "../support.ts";
import type { Model, Operation } from "./check.ts";

/** A call that is not answered yet, as far as its process knows. */
export interface Call {
  readonly process: Player;
  readonly number: number;
  readonly what: string;
  /** What the hub has answered. */
  answer: Scalar | undefined;
  /** The process has given it up. */
  isCancelled: boolean;
}

/** A process. */
export interface Player {
  readonly id: number;
  /** What was sent to it and has not arrived. */
  readonly inbox: ToPeer[];
  /** Its calls whose answers have not arrived. */
  readonly calls: Call[];
}

/** The base of all models: processes that come and go, calls and their answers. */
export abstract class World<P extends Player = Player> extends TestHub
  implements Model {
  /** Process 0 is the root. */
  readonly players: P[] = [];
  /** Calls that the hub has not answered, by number. */
  readonly open = new Map<number, Call>();
  /** Whether the hub does at once what it may put off. */
  settles = true;
  readonly #count: number;
  readonly #object: number;
  #lastProcess = 0;
  #dead = -1;
  #lastCall = 0;

  /**
   * @param object The object that all processes hold.
   * @param create The messages by which the root makes it, and what it needs.
   */
  constructor(count: number, object: number, create: ToHub[]) {
    super();
    this.#count = count;
    this.#object = object;
    for (const message of create) this.receive(0, message);
    this.players.push(this.newPlayer(0));
    while (this.players.length < count) this.players.push(this.#start());
  }

  /** A process that knows nothing yet. */
  abstract newPlayer(id: number): P;

  /** What a process does when a message arrives; answers of calls are dealt with. */
  abstract arrive(player: P, message: ToPeer, call: Call | undefined): void;

  /** The hub has sent something to a process that is alive; before it arrives there. */
  abstract leaving(player: P, message: ToPeer, call: Call | undefined): void;

  /** A process is about to die. */
  abstract dying(player: P): void;

  abstract act(player: P, name: string, number: number): void;

  abstract check(): void;

  abstract finish(): void;

  /** Objects that are given to each new process. */
  protected get handles(): number[] {
    return [this.#object];
  }

  apply([name, process, number]: Operation): void {
    const player = this.players[process % this.#count]!;
    if (name === "deliver") this.deliver(player, 1 + number % 3);
    else if (name === "die") this.die(player);
    else if (name === "cancel") this.cancel(player, number);
    else this.act(player, name, number);
  }

  /** Sends a message that is a call, or is none if there is no `what`. */
  ask(player: P, what: string, message: (call: number) => ToHub): Call {
    const number = ++this.#lastCall;
    const call: Call = {
      process: player,
      number,
      what,
      answer: undefined,
      isCancelled: false,
    };
    player.calls.push(call);
    this.open.set(number, call);
    this.receive(player.id, message(number));
    return call;
  }

  /** Gives up one of the calls that have no answer yet. */
  cancel(player: P, number: number): void {
    const calls = player.calls.filter((call) => !call.isCancelled);
    const call = calls[number % Math.max(calls.length, 1)];
    if (call === undefined) return;
    call.isCancelled = true;
    this.cancelling(call);
    this.receive(player.id, [Kind.Cancel, this.#object, call.number]);
  }

  /** A call is about to be given up; it may have been answered. */
  cancelling(_call: Call): void {}

  deliver(player: P, count: number): void {
    for (const message of player.inbox.splice(0, count)) {
      let call: Call | undefined;
      if (isReply(message)) {
        const index = player.calls.findIndex(({ number }) => number === message[2]);
        [call] = player.calls.splice(index, 1);
      }
      this.arrive(player, message, call);
    }
  }

  deliverAll(): void {
    for (const player of this.players) {
      while (player.inbox.length > 0) this.deliver(player, 1);
    }
  }

  die(player: P): void {
    if (player.id === 0) return;
    this.dying(player);
    for (const call of player.calls) this.open.delete(call.number);
    this.#dead = player.id;
    this.hub.gone(player.id, -9);
    this.players[this.players.indexOf(player)] = this.#start();
  }

  override receive(process: number, message: ToHub): void {
    this.hub.receive(process, message);
    if (this.settles) this.hub.settle();
  }

  override send(process: number, message: ToPeer): void {
    if (message[0] === Kind.Boot || message[0] === Kind.Exited) return;
    const player = this.players.find((player) => player.id === process);
    if (player === undefined || process === this.#dead) return; // it has no link any more
    let call: Call | undefined;
    if (isReply(message)) {
      call = this.open.get(message[2]);
      ok(call !== undefined, `call ${message[2]} was answered twice, or never made`);
      strictEqual(call.process, player, "an answer to somebody else's call");
      call.answer = message[3];
      this.open.delete(call.number);
    }
    player.inbox.push(copy(message));
    this.leaving(player, message, call);
  }

  #start(): P {
    const id = ++this.#lastProcess;
    this.receive(0, [Kind.Launch, id, 0, item(0), item(0)]);
    this.receive(0, [Kind.Boot, id, 0, item(0), this.handles]);
    return this.newPlayer(id);
  }
}

function isReply(
  message: ToPeer,
): message is ToPeer & [number, number, number, Scalar] {
  const [kind, , call] = message;
  return (kind === Kind.Answer || kind === Kind.Failure) && call !== 0;
}

/** The hub may go on using an array that it has sent. */
function copy(message: ToPeer): ToPeer {
  return message.map((part) => Array.isArray(part) ? [...part] : part) as never;
}
