/**
 * Objects that travel from process to process other than at a start. The sender has the
 * hub hold the object under a random number, the token, and sends that along with its
 * message; the receiver claims the object by it. Pure.
 *
 * A token that nobody claims holds its object until
 * - the message is lost that speaks of it, where the hub knows the message (in a pipe);
 * - the process has ended that took this message;
 * - in all other cases, a minute after the process has ended that sent it.
 *
 * @module
 */
import type { Cargo, Surroundings } from "./object.ts";

/** Milliseconds that the objects outlive their sender, where nobody knows if they are lost. */
const GRACE = 60_000;

interface TransferToken {
  readonly object: number;
  /** Who sent the token, or has got it; undefined while it is in a message. */
  owner: number | undefined;
  /** Whether the owner is the only one who could claim it. */
  hasArrived: boolean;
}

/** See the file's head. */
export class TransferTokenTable {
  readonly #tokens = new Map<number, TransferToken>();
  readonly #release: (object: number) => void;
  readonly #out: Pick<Surroundings, "setTimer">;

  /** @param release Is told when a token holds an object no longer. */
  constructor(
    release: (object: number) => void,
    out: Pick<Surroundings, "setTimer">,
  ) {
    this.#release = release;
    this.#out = out;
  }

  /** How many there are. */
  get size(): number {
    return this.#tokens.size;
  }

  /** A process sends an object, which is held already; false if there is such a token. */
  add(process: number, object: number, token: number): boolean {
    if (this.#tokens.has(token)) return false;
    this.#tokens.set(token, { object, owner: process, hasArrived: false });
    return true;
  }

  /** Takes a token away; its object stays held. False if it is void. */
  take(object: number, token: number): boolean {
    return this.#tokens.get(token)?.object === object && this.#tokens.delete(token);
  }

  /** Puts tokens of a process into a message. */
  pack(process: number, tokens: readonly number[]): Cargo {
    const own = tokens.filter((token) => this.#tokens.get(token)?.owner === process);
    this.#assign(own, undefined);
    return {
      handOver: (receiver) => this.#assign(own, receiver),
      discard: () => own.forEach((token) => this.#cancel(token)),
    };
  }

  #assign(tokens: readonly number[], owner: number | undefined): void {
    for (const token of tokens) {
      const known = this.#tokens.get(token);
      if (known === undefined) continue;
      known.owner = owner;
      known.hasArrived = owner !== undefined;
    }
  }

  #cancel(token: number): void {
    const known = this.#tokens.get(token);
    if (known === undefined) return;
    this.#tokens.delete(token);
    this.#release(known.object);
  }

  /** A process has ended. */
  gone(process: number): void {
    const late: number[] = [];
    for (const [token, { owner, hasArrived }] of this.#tokens) {
      if (owner !== process) continue;
      if (hasArrived) this.#cancel(token);
      else late.push(token);
    }
    if (late.length === 0) return;
    // Nobody owns them now: another process may get this one's number.
    this.#assign(late, undefined);
    this.#out.setTimer(() => late.forEach((token) => this.#cancel(token)), GRACE);
  }
}
