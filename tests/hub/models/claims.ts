/**
 * Claims: each thing that was sent is had by one side, both agree on which, and the sender
 * gets back at once what the holder has not claimed; whatever the other side does between
 * any two accesses to a file, whoever is killed there, and wherever the disk is full.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { ClaimLog } from "../../../src/hub/claims.ts";
import { type MemoryFile, memoryFiles } from "../claim_memory.ts";
import type { Model, Operation, Plan } from "./check.ts";

/** Files are changed after so many bytes: three entries. */
const LONG = 48;

/** The objects: not all of them are written about equally often. */
const OBJECTS = [1, 1, 1, 5];

/** What becomes of the holder where its access to a file is cut short. */
class Killed extends Error {}

interface Things {
  sent: number;
  /** Numbers that a side has, as it knows. */
  readonly claimed: Set<number>;
  readonly back: Set<number>;
  /** The next one that the holder may claim, as it knows. */
  next: number;
  /** Where the mark was last. */
  mark: number;
}

class ClaimsModel implements Model {
  readonly #sender: ClaimLog;
  readonly #holder: ClaimLog;
  readonly #senderFiles: MemoryFile[];
  readonly #holderFiles: MemoryFile[];
  readonly #things = new Map<number, Things>();
  /** What the other side does while one is at it. */
  readonly #between: Operation[] = [];
  #isInside = false;
  #isDead = false;
  /** After so many accesses the holder is killed. */
  #accessesLeft = Infinity;
  /** It was killed while it claimed this: both may be true. */
  #doubtful: { object: number; from: number; to: number } | undefined;

  constructor() {
    const [sender, holder] = memoryFiles();
    [this.#senderFiles, this.#holderFiles] = [sender, holder];
    this.#sender = new ClaimLog(sender, "sender", LONG);
    this.#holder = new ClaimLog(holder, "holder", LONG);
    for (const file of sender) file.between = () => this.#others("holder");
    for (const file of holder) {
      file.between = () => {
        if (this.#accessesLeft-- <= 0) throw new Killed();
        this.#others("sender");
      };
    }
    for (const object of OBJECTS) {
      const sets = { claimed: new Set<number>(), back: new Set<number>() };
      this.#things.set(object, { sent: 0, next: 0, mark: 0, ...sets });
    }
  }

  apply(operation: Operation): void {
    if (operation[1] === 1) this.#between.push(operation);
    else this.#do(operation);
  }

  #do([name, , number]: Operation): void {
    const object = OBJECTS[number % OBJECTS.length]!;
    const things = this.#things.get(object)!;
    if (name === "send") things.sent += 1 + number % 3;
    else if (name === "claim") this.#claim(object, things, 1 + number % 4);
    else if (name === "take back") this.#takeBack(object, things);
    else if (name === "look") this.#look(object, things);
    else if (name === "kill") this.#accessesLeft = number % 6;
    else if (name === "full") this.#holderFiles.forEach((file) => file.isFull = true);
  }

  /** A side is about to read or write: what the other one does meanwhile. */
  #others(side: "holder" | "sender"): void {
    if (this.#isInside) return;
    this.#isInside = true;
    const index = this.#between.findIndex(([name]) =>
      (name === "claim") === (side === "holder")
    );
    if (index >= 0) this.#do(this.#between.splice(index, 1)[0]!);
    this.#isInside = false;
  }

  #claim(object: number, things: Things, count: number): void {
    const from = things.next;
    const to = Math.min(from + count, things.sent);
    if (this.#isDead || to <= from) return;
    this.#doubtful = { object, from, to };
    const was = this.#holder.advance(object, to);
    if (this.#accessesLeft < 0) {
      this.#isDead = true;
      return;
    }
    this.#doubtful = undefined;
    if (was === undefined) {
      this.#isDead = true; // it says so, and claims no more
      return;
    }
    for (let n = Math.max(was, from); n < to; n++) things.claimed.add(n);
    things.next = Math.max(was, to);
  }

  #takeBack(object: number, things: Things): void {
    const { sent } = things;
    const was = this.#sender.advance(object, sent);
    ok(was !== undefined, "the sender cannot take back");
    this.#isClaimed(object, things, was);
    for (let n = was; n < sent; n++) things.back.add(n);
    things.mark = Math.max(things.mark, sent);
  }

  #look(object: number, things: Things): void {
    this.#isClaimed(object, things, this.#sender.look(object));
  }

  /** What is below the mark, and was not taken back, is claimed; nothing else is. */
  #isClaimed(object: number, things: Things, mark: number): void {
    ok(mark >= things.mark, "a mark has moved back");
    things.mark = mark;
    for (let n = 0; n < Math.min(mark, things.sent); n++) {
      if (things.back.has(n) || this.#isDoubtful(object, n)) continue;
      ok(things.claimed.has(n), `nobody has ${n} of ${object}`);
    }
    if (this.#isInside) return; // the holder may be about to know of another
    for (const n of things.claimed) ok(n < mark, `${n} of ${object} is not known`);
  }

  #isDoubtful(object: number, n: number): boolean {
    const doubt = this.#doubtful;
    return doubt !== undefined && doubt.object === object && n >= doubt.from &&
      n < doubt.to;
  }

  check(): void {
    for (const [object, { claimed, back }] of this.#things) {
      for (const n of claimed) {
        ok(!back.has(n), `both sides have ${n} of ${object}`);
      }
    }
    for (const file of this.#senderFiles) {
      ok(file.length <= 400 * LONG, "a file is not emptied");
    }
  }

  finish(): void {
    for (const operation of this.#between.splice(0)) {
      this.#do(operation);
      this.check();
    }
    for (const [object, things] of this.#things) {
      this.#takeBack(object, things);
      for (let n = 0; n < things.sent; n++) {
        const isHad = things.claimed.has(n) || things.back.has(n);
        ok(isHad || this.#isDoubtful(object, n), `${n} of ${object} is lost`);
      }
      if (this.#isDead) continue;
      strictEqual(things.next <= things.sent, true);
      this.#claim(object, things, 1);
    }
    this.check();
  }
}

export const CLAIMS: Plan[] = [{
  name: "Claims",
  create: () => new ClaimsModel(),
  weights: { send: 10, claim: 14, "take back": 6, look: 4, kill: 1, full: 1 },
  processes: 2,
  sequences: 500,
  length: 120,
}];
