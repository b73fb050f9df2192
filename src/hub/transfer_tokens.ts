/**
 * Transfer tokens: how objects get from process to process other than at a start. The sender
 * has the hub hold the object under a random number, the token, and sends that along with its
 * message; the receiver claims the object by it. Pure.
 *
 * A token that is not claimed holds its object until
 * - its message is lost, if the hub knows the message (in a pipe);
 * - the process that took this message has ended;
 * - in all other cases, a minute after the end of the process that sent it.
 *
 * @module
 */
import type { Cargo, Surroundings } from "./object.ts";

/** Milliseconds that objects outlive their sender if it is unknown whether they are lost. */
const GRACE = 60_000;

interface TransferToken {
  readonly object: number;
  /** The process that sent the token, or has got it; undefined while it is in a message. */
  owner: number | undefined;
  /** Whether the owner is the only one who could claim it. */
  hasArrived: boolean;
}

/** All transfer tokens that hold an object. */
export class TransferTokenTable {
  readonly #tokens = new Map<number, TransferToken>();
  readonly #release: (object: number) => void;
  readonly #out: Pick<Surroundings, "setTimer">;

  /** @param release Called when a token does not hold an object any more. */
  constructor(release: (object: number) => void, out: Pick<Surroundings, "setTimer">) {
    this.#release = release;
    this.#out = out;
  }

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
    // They have no owner now: another process may get this one's number.
    this.#assign(late, undefined);
    this.#out.setTimer(() => late.forEach((token) => this.#cancel(token)), GRACE);
  }
}
