/**
 * When a lock, semaphore or event moves into a word, and which processes are told of it.
 *
 * Each begins in the hub alone, which costs nothing. When a process has used it so often
 * that to ask the hub each time takes longer than to map a file, it gets a word, and that
 * process is told where; others are told when they have used it as often. A process that may
 * less than the root is never told, and one that cannot map the word does without: both go on
 * asking the hub, which looks into the word for them. When the last process that was told
 * does not hold it any more, it lies in the hub alone again. Pure.
 *
 * @module
 */
import { Kind } from "../wire/message.ts";
import type { Outlet } from "./object.ts";
import type { SharedWord } from "./word.ts";

/** Uses after which a process is told. */
const MANY = 8;

/** Stands for the uses of a process that has been told, or will never be. */
const SETTLED = Infinity;

/** See the file's head. */
export class Sharing {
  readonly #id: number;
  readonly #out: Outlet;
  readonly #adopt: (word: SharedWord) => void;
  readonly #retract: () => void;
  /** Processes that have the word. */
  readonly #told = new Set<number>();
  #word: SharedWord | undefined;
  /** By process. */
  readonly #uses = new Map<number, number>();
  /** Processes that know that others may change it without the hub. */
  readonly #warned = new Set<number>();

  /** @param adopt It lies in this word from now on. @param retract It does so no more. */
  constructor(
    id: number,
    out: Outlet,
    adopt: (word: SharedWord) => void,
    retract: () => void,
  ) {
    this.#id = id;
    this.#out = out;
    this.#adopt = adopt;
    this.#retract = retract;
  }

  /** A process has sent a message that it need not have sent if it had the word. */
  used(process: number): void {
    const { words } = this.#out;
    const uses = (this.#uses.get(process) ?? 0) + 1;
    if (words === undefined || uses === SETTLED) return;
    const mayShare = uses < MANY || words.mayShare(process);
    this.#uses.set(process, mayShare ? uses : SETTLED);
    if (!mayShare || uses < MANY) return;
    const word = this.#word ?? words.newWord();
    if (word === undefined) return; // it is being made: the next time
    this.#uses.set(process, SETTLED);
    if (word === null) return;
    if (this.#word === undefined) this.#adopt(this.#word = word);
    const number = words.owners.numberOf(process);
    this.#told.add(process);
    this.#warned.add(process);
    this.#out.send(process, [Kind.Word, this.#id, word.path, word.index, number]);
  }

  /** Has a process know that others may change it without the hub. */
  warn(process: number): void {
    if (this.#warned.has(process)) return;
    this.#warned.add(process);
    this.#out.send(process, [Kind.Word, this.#id, "", 0, 0]);
  }

  /** A process does not hold it any more. */
  left(process: number): void {
    this.#uses.delete(process);
    this.#warned.delete(process);
    if (!this.#told.delete(process) || this.#told.size > 0) return;
    this.#retract();
    this.end();
  }

  /** It needs no word. */
  end(): void {
    this.#word?.free();
    this.#word = undefined;
  }
}
