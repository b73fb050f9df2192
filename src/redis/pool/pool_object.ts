/**
 * A pool on the server, as one of its processes sees it: the owner, or a worker. It belongs to
 * one session: with the owner's it goes, and a worker that has lost its own is given up.
 *
 * @module
 */
import type { Base } from "../base.ts";
import type { Argument, Reply } from "../driver/connection.ts";
import { isGone } from "../errors.ts";
import { Payloads } from "../payloads.ts";
import { OPEN, REMOVE } from "../scripts/object.ts";
import type { Script } from "../scripts/script.ts";
import type { Consumer, Session } from "../session.ts";

/** What is told of the pool. */
export interface PoolEvents {
  /** There is something to ask for. */
  wanted(): void;
  /** It is no use any more: it was removed, or the session has ended. */
  ended(reason: unknown): void;
}

/** See above. */
export class PoolObject implements Consumer {
  readonly id: string;
  readonly payloads: Payloads;
  readonly session: Session;
  readonly #base: Base;
  readonly #key: string;
  readonly #events: PoolEvents;
  readonly #opening: Promise<Reply>;
  #isOver = false;

  /** @param id The pool's number; undefined to make one. */
  constructor(base: Base, id: string | undefined, events: PoolEvents) {
    this.#base = base;
    this.id = id ?? crypto.randomUUID().replaceAll("-", "");
    this.payloads = new Payloads(base.settings.authkey, this.id);
    this.#key = `${base.prefix}o:${this.id}`;
    this.#events = events;
    const session = this.session = base.session;
    session.attach(this.id, this);
    const fields = id === undefined ? ["1", "owner", session.id] : ["0"];
    this.#opening = session.call(OPEN, this.#key, ["pool", ...fields]);
    this.#told(this.#opening).catch(() => {}); // told by `ended`
  }

  /** Runs a script that may run twice. */
  call(script: Script, args: readonly Argument[]): Promise<Reply> {
    return this.#told(this.session.call(script, this.#key, args));
  }

  /** Runs a script that must not. */
  once(script: Script, args: readonly Argument[]): Promise<Reply> {
    return this.#told(this.session.once(script, this.#key, args));
  }

  /** The same for what may fail, for want of memory say, while all else goes on. */
  async attempt(script: Script, args: readonly Argument[]): Promise<Reply> {
    const answer = this.session.once(script, this.#key, args);
    return await answer.catch(async (error) => {
      if (isGone(error)) return await this.#told(answer);
      throw await this.#reasonOf(error);
    });
  }

  /** Removes the pool from the server. */
  async remove(): Promise<void> {
    this.leave();
    try {
      await this.#base.peer.refWhile(this.session.call(REMOVE, this.#key, []));
    } catch {
      // it goes with the session
    }
  }

  /** Nothing is told any more. */
  leave(): void {
    this.#isOver = true;
    this.session.detach(this.id);
  }

  async #told(answer: Promise<Reply>): Promise<Reply> {
    try {
      return await answer;
    } catch (error) {
      // The session tells; with the reason that is its own.
      if (isGone(error)) this.session.lose(error);
      this.ended(await this.#reasonOf(error));
      throw error;
    }
  }

  /** An earlier error may say more. */
  async #reasonOf(error: unknown): Promise<unknown> {
    try {
      await this.session.begun;
      await this.#opening;
      return error;
    } catch (earlier) {
      return isGone(earlier) ? error : earlier;
    }
  }

  ended(reason: unknown): void {
    if (this.#isOver) return;
    this.leave();
    this.#events.ended(reason);
  }

  wanted(): void {
    if (!this.#isOver) this.#events.wanted();
  }

  removed(): void {
    this.ended(undefined);
  }

  arrived(): void {}
  over(): void {}
  flush(): void {}
}
