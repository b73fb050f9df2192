/**
 * The tasks of a queue: one for each item that was put, until somebody says that it is done;
 * and those who wait until all are. Where a queue redelivers, also which items are in
 * progress, and the dead letters: those that came back too often. Pure.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { Kind, type Payload, type Scalar } from "../wire/message.ts";
import type { QueueDescription } from "./description.ts";
import { InProgress } from "./in_progress.ts";
import { type Caller, Line } from "./line.ts";
import type { Surroundings } from "./object.ts";
import type { Item } from "./prefetched.ts";

/** See above. */
export class Tasks {
  readonly #id: number;
  readonly #out: Surroundings;
  /** Tasks put and not yet done. */
  #unfinished = 0;
  readonly #joiners = new Line<Caller>();
  /** Items that came back, without those that were dropped. */
  #returned = 0;
  readonly #dead = new Deque<Payload>();
  /** Undefined where no item comes back that was taken. */
  readonly inProgress: InProgress | undefined;

  /** @param returns How many times an item comes back whose taker has died. */
  constructor(id: number, returns: number, out: Surroundings) {
    [this.#id, this.#out] = [id, out];
    this.inProgress = returns > 0 ? new InProgress(returns) : undefined;
  }

  /** An item was put. */
  add(): void {
    this.#unfinished++;
  }

  /** A process says that an item is done, which has this number there. */
  done(caller: Caller, number: number | undefined): void {
    const isOne = this.#unfinished > 0 &&
      (this.inProgress === undefined || this.inProgress.done(caller.process, number));
    if (!isOne) {
      const text = "task_done() called too many times";
      const { process, call } = caller;
      this.#out.send(process, [Kind.Failure, this.#id, call, "ValueError", text]);
      return;
    }
    this.#answer(caller, null);
    this.finish(1);
  }

  /** So many items were dropped. */
  drop(count: number): void {
    this.#returned -= count;
    this.finish(count);
  }

  /** So many tasks have come to their end. */
  finish(count: number): void {
    this.#unfinished = Math.max(0, this.#unfinished - count);
    if (this.#unfinished > 0) return;
    for (const joiner of this.#joiners.clear()) this.#answer(joiner, true);
  }

  join(caller: Caller): void {
    if (this.#unfinished === 0) this.#answer(caller, true);
    else this.#joiners.push({ ...caller, since: this.#out.time() });
  }

  /** Ends a wait of `join`; whether there was one. */
  cancel(process: number, call: number): boolean {
    return this.#joiners.remove(process, call) !== undefined;
  }

  /** A process takes no part any more; gives what it had in progress. */
  leave(process: number): Item[] {
    this.#joiners.removeAll(process);
    if (this.inProgress === undefined) return [];
    const { back, dead } = this.inProgress.leave(process);
    for (const { body } of dead) this.#dead.push(body);
    if (dead.length > 0) {
      const text = "took items that had come back too often: they are dead letters";
      this.#out.warn(process, text);
      this.finish(dead.length);
    }
    this.#returned += back.length;
    return back;
  }

  /** Answers with the oldest dead letter, which is taken out; null if there is none. */
  takeDead(caller: Caller): void {
    this.#answer(caller, this.#dead.shift() ?? null);
  }

  /** What it is like, when so many items were put and are still there. */
  describe(
    puts: number,
    depth: number,
    now: number,
  ): Pick<QueueDescription, "gets" | "unfinished" | "dead" | "joiners"> {
    const gets = puts - depth + this.#returned;
    const joiners = this.#joiners.describe(now);
    return { gets, unfinished: this.#unfinished, dead: this.#dead.length, joiners };
  }

  #answer({ process, call }: Caller, value: Scalar): void {
    this.#out.send(process, [Kind.Answer, this.#id, call, value]);
  }
}
