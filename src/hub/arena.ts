/**
 * Memory that processes share, as the hub sees it: arenas, and the blocks that lie in
 * them. The hub never looks into the memory; it knows which process holds what, and says when
 * something is free. Pure.
 *
 * An arena is a file that one process has made, its owner, which alone gives out blocks of
 * it. Many processes may hold a block. When none does any more, the owner is told
 * and may use the place again. When the owner has left an arena and the last of its
 * blocks is free, the file goes.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message } from "../wire/message.ts";
import type { SharedObject, Surroundings } from "./object.ts";

/** As much of the surroundings as an arena asks for. */
export type ArenaOutlet = Pick<Surroundings, "send" | "arenas" | "removeArena">;

/** Arenas' names are numbers below this: as many as twelve hexadecimal digits tell. */
const NAMES = 2 ** 48;

/** See the file's head. */
export class ArenaState implements SharedObject {
  readonly #id: number;
  readonly #name: number;
  readonly #owner: number;
  readonly #out: ArenaOutlet;
  #blocks = 0;
  #hasOwner = true;

  /** @param args The number by which its file is found; 0 if its owner alone finds it. */
  constructor(
    id: number,
    args: readonly number[],
    owner: number,
    out: ArenaOutlet,
  ) {
    const [name = 0] = args;
    if (!(name < NAMES)) throw new ProtocolError(`no arena can be made of ${args}`);
    this.#id = id;
    this.#name = name;
    this.#owner = owner;
    this.#out = out;
    if (name === 0) return;
    // Another process could have the file of one that it knows removed.
    if (out.arenas.has(name)) throw new ProtocolError("there is an arena of that name");
    out.arenas.add(name);
  }

  /** How many blocks are held. */
  get blocks(): number {
    return this.#blocks;
  }

  receive(_process: number, message: Message): void {
    throw new ProtocolError(`no message of an arena: ${message[0]}`);
  }

  leave(_process: number): void {}

  settle(): void {}

  /** Its owner, the only process that holds it, has left it. */
  abandoned(): void {
    this.#hasOwner = false;
    this.#discard();
  }

  /** A block was made. */
  taken(): void {
    this.#blocks++;
  }

  /** No process holds a block any more. */
  freed(block: number): void {
    this.#blocks--;
    if (this.#hasOwner) this.#out.send(this.#owner, [Kind.Freed, this.#id, block]);
    else this.#discard();
  }

  #discard(): void {
    if (this.#blocks > 0 || !this.#out.arenas.delete(this.#name)) return;
    this.#out.removeArena?.(this.#name);
  }
}

/** A part of an arena. */
export class BlockState implements SharedObject {
  readonly #id: number;
  readonly #arena: ArenaState;

  /** @param arena The arena that it lies in, of the process that makes the block. */
  constructor(id: number, arena: SharedObject | undefined) {
    if (!(arena instanceof ArenaState)) {
      throw new ProtocolError("a block needs an arena");
    }
    this.#id = id;
    this.#arena = arena;
    arena.taken();
  }

  receive(_process: number, message: Message): void {
    throw new ProtocolError(`no message of a block: ${message[0]}`);
  }

  leave(_process: number): void {}

  settle(): void {}

  abandoned(): void {
    this.#arena.freed(this.#id);
  }
}
