/**
 * Locks and semaphores in words: processes that exchange the word, processes that ask the hub,
 * and the hub, one step at a time. Between an exchange and the message that tells of it, and
 * between a message and its arrival, anything may happen: others act, the process is killed,
 * the hub's timer rings. Permits are neither lost nor doubled, and when nothing is on its way
 * no process waits for a permit that is free.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { ObjectType, SemaphoreMethod } from "../../../src/hub/object.ts";
import { SemaphoreState } from "../../../src/hub/semaphore.ts";
import {
  Given,
  ThinLock,
  type ThinPermits,
  ThinSemaphore,
} from "../../../src/hub/word.ts";
import { Kind, type ToHub, type ToPeer } from "../../../src/wire/message.ts";
import { item } from "../support.ts";
import { WordHub } from "../words.ts";
import type { Model, Operation, Plan } from "./check.ts";

const OBJECT = 100;

/** Uses after which the hub tells a process of the word. */
const MANY = 8;

interface Player {
  readonly id: number;
  /** Undefined in a process that asks the hub. */
  thin: ThinPermits | undefined;
  /** What it has sent and the hub has not read. */
  readonly outbox: ToHub[];
  /** Freed in the word, and to be told. */
  untold: number;
  /** Permits that it has, as far as all agree; also such as it does not know of yet. */
  held: number;
  /** Of these, those that it knows of. */
  known: number;
  /** Whether another process has released what it held. */
  isDisowned: boolean;
  /** Its calls that wait. */
  readonly waiting: Set<number>;
}

/** See the file's head. */
class WordModel extends WordHub implements Model {
  readonly players: Player[] = [];
  readonly #isLock: boolean;
  readonly #max: number;
  readonly #count: number;
  /** Permits that there are. */
  #total: number;
  #lastProcess = 0;
  #lastCall = 0;
  #dead = -1;

  constructor(count: number, free: number, max: number, isLock: boolean) {
    super();
    [this.#count, this.#total, this.#max, this.#isLock] = [count, free, max, isLock];
    const args = [free, max, isLock ? 1 : 0];
    this.receive(0, [Kind.Create, OBJECT, ObjectType.Semaphore, args]);
    while (this.players.length < count) this.players.push(this.#start());
    this.players.forEach((player) => this.#tryOften(player));
  }

  get #state(): SemaphoreState {
    const state = this.hub.objectOfRoot(OBJECT);
    ok(state instanceof SemaphoreState);
    return state;
  }

  // --- processes

  #start(): Player {
    const id = ++this.#lastProcess;
    this.receive(0, [Kind.Launch, id, 0, item(0), item(0)]);
    this.receive(0, [Kind.Boot, id, 0, item(0), [OBJECT]]);
    if (id % 3 === 0) this.sandboxed.add(id);
    const state = { outbox: [], untold: 0, held: 0, known: 0, isDisowned: false };
    return { id, thin: undefined, waiting: new Set(), ...state };
  }

  /** Uses it so often that it would be told of a word. */
  #tryOften(player: Player): void {
    for (let i = 0; i < MANY; i++) {
      this.#post(player, [Kind.Acquire, OBJECT, ++this.#lastCall, false]);
      this.#read(player);
      if (player.held === 0) continue;
      player.known = player.held;
      this.#release(player);
      this.#read(player);
    }
    strictEqual(player.thin === undefined, this.sandboxed.has(player.id));
  }

  override send(process: number, message: ToPeer): void {
    const player = this.players.find(({ id }) => id === process) ??
      (process === this.#lastProcess ? this.#starting : undefined);
    if (player === undefined || process === this.#dead) return;
    if (message[0] === Kind.Word && message[2] !== "") {
      const word = this.words[message[3]];
      player.thin = this.#isLock
        ? new ThinLock(word!, message[4])
        : new ThinSemaphore(word!, this.#max);
    } else if (message[0] === Kind.Answer) {
      player.waiting.delete(message[2]);
      if (message[3] === true) player.held++;
    } else if (message[0] === Kind.Failure) {
      const isLate = this.#isLock && player.isDisowned;
      ok(message[2] > 0 || isLate, "a release that was right has failed");
    } else if (message[0] === Kind.Disowned && this.#isLock) {
      player.held = player.known = 0;
      player.isDisowned = true;
    }
  }
  /** A process that is not among the players yet. */
  #starting: Player | undefined;

  #post(player: Player, message: ToHub): void {
    player.outbox.push(message);
  }

  /** The hub reads what a process has sent, or the first of it. */
  #read(player: Player, count = Infinity): void {
    for (const message of player.outbox.splice(0, count)) {
      if (message[0] === Kind.Release && message[2] === 0) {
        player.held -= this.#isLock ? Math.min(player.held, 1) : 1;
      }
      this.receive(player.id, message);
    }
  }

  // --- what processes do

  apply([name, process, number]: Operation): void {
    const player = this.players[process % this.#count]!;
    switch (name) {
      case "acquire":
        return this.#acquire(player, number % 4 > 0);
      case "release":
        return void (player.known > 0 && this.#release(player));
      case "learn": // what has come
        return void (player.known = player.held - this.#releasing(player));
      case "tell":
        return this.#tell(player);
      case "read":
        return this.#read(player, 1 + number % 3);
      case "cancel":
        return this.#cancel(player, number);
      case "ring":
        return this.ring();
      case "die":
        return this.#die(player);
      case "race":
        return this.#race(player, number);
      case "release another's":
        if (this.#isLock && player.held === 0) this.#releaseOthers(player);
    }
  }

  #acquire(player: Player, block: boolean): void {
    this.#tell(player); // it says what it did before it does something else
    if (player.thin?.take()) {
      player.held++;
      player.known++;
      return;
    }
    const call = ++this.#lastCall;
    player.waiting.add(call);
    this.#post(player, [Kind.Acquire, OBJECT, call, block]);
  }

  #release(player: Player): void {
    this.#tell(player);
    player.known--;
    const given = player.thin?.give() ?? Given.ByHub;
    if (given === Given.Ask) {
      ok(this.#isLock && player.held === 0, "a permit that it has is not its own");
    } else if (given === Given.ByHub) this.#post(player, [Kind.Release, OBJECT, 0]);
    else {
      player.held--;
      if (given === Given.Freed) player.untold++;
    }
  }

  #tell(player: Player): void {
    for (; player.untold > 0; player.untold--) {
      this.#post(player, [Kind.Call, OBJECT, 0, SemaphoreMethod.Freed, []]);
    }
  }

  #cancel(player: Player, number: number): void {
    const call = [...player.waiting][number % Math.max(player.waiting.size, 1)];
    if (call !== undefined) this.#post(player, [Kind.Cancel, OBJECT, call]);
  }

  #releaseOthers(player: Player): void {
    this.#tell(player);
    this.#read(player);
    if (player.held > 0) return; // it has got it by that
    this.receive(player.id, [Kind.Release, OBJECT, ++this.#lastCall]);
  }

  /** Something happens right after the next look at the word. */
  #race(player: Player, number: number): void {
    this.words.at(-1)!.races.push(() => {
      if (!this.players.includes(player) || player.id === this.#dead) return;
      if (number % 2 === 0 && player.thin?.take()) {
        player.held++;
        player.known++;
      } else if (number % 2 > 0 && player.known > 0 && player.thin !== undefined) {
        this.#release(player);
      }
    });
  }

  #die(player: Player): void {
    this.#read(player); // what it has sent counts
    this.#dead = player.id;
    const { held } = player;
    if (!this.#isLock) this.#total -= held;
    player.held = player.untold = 0;
    this.warnings.length = 0;
    this.hub.gone(player.id, -9);
    strictEqual(this.warnings.length, this.#isLock ? held : 0);
    const started = this.#starting = this.#start();
    this.players[this.players.indexOf(player)] = started;
    this.#starting = undefined;
    if (started.id % 2 === 0) this.#tryOften(started);
  }

  // --- what must be so

  #releasing(player: Player): number {
    return player.outbox.filter(([kind]) => kind === Kind.Release).length;
  }

  check(): void {
    const { races } = this.words.at(-1)!;
    const kept = races.splice(0); // they are for the next operation
    this.#checkPermits();
    races.push(...kept);
  }

  #checkPermits(): void {
    strictEqual(this.#state.value + this.#held, this.#total, "permits");
    const isQuiet = this.players.every(({ outbox, untold }) => {
      return outbox.length === 0 && untold === 0;
    });
    if (!isQuiet || this.#waiters === 0 || this.#state.value === 0) return;
    this.ring(); // others were quicker, so the hub waits for that
    const isServed = this.#waiters === 0 || this.#state.value === 0;
    ok(isServed, "some process waits for nothing");
  }

  get #held(): number {
    return this.players.reduce((sum, { held }) => sum + held, 0);
  }

  get #waiters(): number {
    return this.players.reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  finish(): void {
    this.words.at(-1)!.races.length = 0;
    for (let rounds = 0; this.#waiters > 0 || this.#held > 0; rounds++) {
      ok(rounds < 100, "some process is never served");
      this.ring();
      for (const player of this.players) {
        this.#tell(player);
        this.#read(player);
        player.known = player.held;
        while (player.known > 0) this.#release(player);
        this.#tell(player);
        this.#read(player);
      }
      if (this.#total === 0) return; // the dead have all
    }
    this.check();
    strictEqual(this.#state.value, this.#total);
  }
}

const WEIGHTS = {
  acquire: 8,
  release: 8,
  learn: 6,
  tell: 4,
  read: 10,
  cancel: 1,
  ring: 2,
  race: 4,
  die: 1,
  "release another's": 1,
};

function plan(name: string, free: number, max: number, isLock: boolean): Plan {
  return {
    name: `${name} in a word`,
    create: () => new WordModel(4, free, max, isLock),
    weights: WEIGHTS,
    processes: 4,
    sequences: 300,
    length: 120,
  };
}

export const WORDS: Plan[] = [
  plan("Lock", 1, 1, true),
  plan("Semaphore", 2, 0x7fffffff, false),
  plan("BoundedSemaphore", 3, 3, false),
];
