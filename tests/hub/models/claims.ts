/**
 * Claims: each thing that was sent is had by one side, both agree on which, and the sender
 * gets back at once what the holder has not claimed; whatever the other side does between
 * any two accesses to a file or to mapped memory, whoever is killed there, and wherever the
 * disk is full. The claims are in a log, in words, or go on from one in the other.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { ClaimWords, SIZE } from "../../../src/hub/claim_words.ts";
import { ClaimLog, type Claims } from "../../../src/hub/claims.ts";
import { beforeAtomics } from "../atomics.ts";
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

/** Where claims are: in a log, in words, or in a log and then in words. */
type Way = "log" | "words" | "both";

type Side = "holder" | "sender";

class ClaimsModel implements Model {
  readonly #sender: Claims;
  readonly #holder: Claims;
  readonly #logs: Record<Side, ClaimLog>;
  readonly #words: Record<Side, ClaimWords>;
  readonly #senderFiles: MemoryFile[];
  readonly #holderFiles: MemoryFile[];
  readonly #things = new Map<number, Things>();
  /** What the other side does while one is at it. */
  readonly #between: Operation[] = [];
  #isInside = false;
  /** The side that does something now. */
  #acting: Side = "sender";
  #isDead = false;
  #offer: "open" | "answered" | undefined;
  /** After so many accesses the holder is killed. */
  #accessesLeft = Infinity;
  /** It was killed while it claimed this: both may be true. */
  #doubtful: { object: number; from: number; to: number } | undefined;

  constructor(way: Way) {
    const [sender, holder] = memoryFiles();
    [this.#senderFiles, this.#holderFiles] = [sender, holder];
    this.#logs = {
      sender: new ClaimLog(sender, "sender", LONG),
      holder: new ClaimLog(holder, "holder", LONG),
    };
    const memory = { buffer: new ArrayBuffer(SIZE), close: () => {} };
    this.#words = {
      sender: new ClaimWords(memory, "sender"),
      holder: new ClaimWords(memory, "holder"),
    };
    this.#sender = way === "words" ? this.#words.sender : this.#logs.sender;
    this.#holder = way === "words" ? this.#words.holder : this.#logs.holder;
    for (const file of [...sender, ...holder]) file.between = () => this.#access();
    for (const object of OBJECTS) {
      const sets = { claimed: new Set<number>(), back: new Set<number>() };
      this.#things.set(object, { sent: 0, next: 0, mark: 0, ...sets });
    }
  }

  apply(operation: Operation): void {
    if (operation[1] === 1) this.#between.push(operation);
    else this.#do(operation);
  }

  #do(operation: Operation): void {
    const outer = this.#acting;
    this.#acting = ofHolder(operation[0]) ? "holder" : "sender";
    beforeAtomics(() => this.#access(), () => this.#perform(operation));
    this.#acting = outer;
  }

  #perform([name, , number]: Operation): void {
    const object = OBJECTS[number % OBJECTS.length]!;
    const things = this.#things.get(object)!;
    if (name === "send") things.sent += 1 + number % 3;
    else if (name === "claim") this.#claim(object, things, 1 + number % 4);
    else if (name === "take back") this.#takeBack(object, things);
    else if (name === "look") this.#look(object, things);
    else if (name === "kill") this.#accessesLeft = number % 6;
    else if (name === "full") this.#holderFiles.forEach((file) => file.isFull = true);
    else if (name === "offer words") this.#offerWords();
    else if (name === "answer") this.#answer(number % 4 > 0);
    else if (name === "forget") this.#forget(object, things);
  }

  /** A side is about to read or write: what the other one does meanwhile. */
  #access(): void {
    if (this.#acting === "holder" && this.#accessesLeft-- <= 0) throw new Killed();
    if (this.#isInside) return;
    this.#isInside = true;
    const isHolder = this.#acting === "holder";
    const index = this.#between.findIndex(([name]) => ofHolder(name) !== isHolder);
    if (index >= 0) this.#do(this.#between.splice(index, 1)[0]!);
    this.#isInside = false;
  }

  #claim(object: number, things: Things, count: number): void {
    const from = things.next;
    const to = Math.min(from + count, things.sent);
    if (this.#isDead || to <= from) return;
    this.#doubtful = { object, from, to };
    let was: number | undefined;
    try {
      was = this.#holder.advance(object, to);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
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

  #offerWords(): void {
    if (this.#offer !== undefined) return;
    this.#logs.sender.prepare(this.#words.sender);
    this.#offer = "open";
  }

  /** The holder goes on in the words that were offered, or refuses them. */
  #answer(isMoved: boolean): void {
    if (this.#isDead || this.#offer !== "open") return;
    this.#offer = "answered";
    this.#logs.holder.moveTo(isMoved ? this.#words.holder : undefined);
    if (this.#accessesLeft < 0) this.#isDead = true;
  }

  /** The holder does not use an object any more, and then again. */
  #forget(object: number, things: Things): void {
    if (this.#isDead || this.#isInside) return;
    this.#isInside = true; // the holder has said so, and does nothing meanwhile
    this.#sender.forget(object);
    this.#isInside = false;
    things.claimed.clear();
    things.back.clear();
    things.sent = things.next = things.mark = 0;
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
    this.#isClaimed(object, things, this.#sender.look(object, things.sent));
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

function ofHolder(name: string): boolean {
  return name === "claim" || name === "answer";
}

const WEIGHTS = { send: 10, claim: 14, "take back": 6, look: 4, kill: 1, forget: 1 };

/** What else happens in each way. */
const MORE: Record<Way, Record<string, number>> = {
  log: { full: 1 },
  words: {},
  both: { full: 1, "offer words": 2, answer: 2 },
};

export const CLAIMS: Plan[] = (["log", "words", "both"] as const).map((way) => ({
  name: `Claims, ${way}`,
  create: () => new ClaimsModel(way),
  weights: { ...WEIGHTS, ...MORE[way] },
  processes: 2,
  sequences: 500,
  length: 120,
}));
