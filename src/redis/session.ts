/**
 * A session: this process, as the server knows it. It begins with the first call, and lives as
 * long as its lease is renewed; if it was over, the next one begins.
 *
 * What the process waits for has a number here. The server grants it (see scripts/parts.ts)
 * and rings the session's bell; then the session looks at what was granted.
 *
 * @module
 */
import { listenWhileOpen } from "../link/waiting.ts";
import { isUint8Array } from "../runtime/brands.ts";
import { runtime } from "../runtime/mod.ts";
import { ProcessError } from "../python/errors.ts";
import { sub_warning } from "../python/log_calls.ts";
import { Bell } from "./driver/bell.ts";
import { type Argument, listOf, type Reply, textOf } from "./driver/connection.ts";
import type { Link } from "./driver/link.ts";
import { isGone, leaseLost } from "./errors.ts";
import type { Script } from "./scripts/script.ts";
import { BEAT, BEGIN, END, FORGET, LOOK } from "./scripts/session.ts";
import type { Settings } from "./settings.ts";

/** A call that waits for what the server grants. */
export interface Waiter {
  resolve(granted: string): void;
  reject(error: unknown): void;
}

/** What is told to a queue's end in this process. */
export interface Consumer {
  /** Items were leased, which follow the one of that number. */
  arrived(from: number, items: readonly Uint8Array[]): void;
  /** No item will come any more. */
  over(): void;
  /** Others wait for items that nobody waits for here. */
  wanted(): void;
  /** Tells the server at once what was taken. */
  flush(): void;
  /** The queue was removed. */
  removed(): void;
  /** There is mail: see process/agents.ts. */
  mailed?(): void;
  /** The session has ended: nothing is leased any more. `wasLost`: another one may begin. */
  ended(reason: unknown, wasLost: boolean): void;
}

/** Bytes of an answer that the server may remember until 1,024 others have come. */
const MOST_REMEMBERED = 4096;

/** Beats in the time of a lease: one may get lost. */
const BEATS = 3;

/** See above. */
export class Session {
  /** Its name on the server: random, so that it is never used again. */
  readonly id: string = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
  readonly #link: Link;
  readonly #settings: Settings;
  readonly #prefix: string;
  readonly #onEnd: (session: Session) => void;
  /** Ctrl-C ends waits as long as there is a session. */
  readonly #stopListening = listenWhileOpen();
  readonly #waits = new Map<string, Waiter>();
  readonly #consumers = new Map<string, Consumer>();
  readonly #deferred: (() => void)[] = [];
  /** Tell of other sessions whose processes live, as this one knows. */
  readonly #vouching = new Set<() => Iterable<string>>();
  #bell: Bell | undefined;
  #timer: unknown;
  #lastWait = 0;
  #lastCall = 0;
  #lastLook = 0;
  #isLooking = false;
  #mustLook = false;
  #isBeating = false;
  /** Why it has ended. */
  #ended: { reason: unknown; wasLost: boolean } | undefined;
  /** When the lease was renewed last, as far as is known here. */
  #renewed = runtime.now();
  /** Rejects if it could not begin. */
  readonly begun: Promise<unknown>;

  /** @param onEnd Called when it ends. */
  constructor(
    link: Link,
    settings: Settings,
    prefix: string,
    onEnd: (session: Session) => void,
  ) {
    this.#link = link;
    this.#settings = settings;
    this.#prefix = prefix;
    this.#onEnd = onEnd;
    const { lease, expire } = settings;
    this.begun = this.#call(BEGIN, [lease, expire, "pid", runtime.pid].map(String));
    this.begun.then(() => this.#beatLater(), (error) => this.end(error));
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Whether it has ended because its lease was over: what was waited for may be asked for again. */
  get wasLost(): boolean {
    return this.#ended?.wasLost ?? false;
  }

  /** Whether its lease may be over, and this process not know it yet. */
  get isDoubtful(): boolean {
    return runtime.now() - this.#renewed > this.#settings.lease;
  }

  /** Has something called before the next call, which is to come after it. */
  defer(before: () => void): void {
    this.#deferred.push(before);
  }

  /** From now on the leases of these sessions are renewed with its own. */
  vouch(sessions: () => Iterable<string>): () => void {
    this.#vouching.add(sessions);
    return () => void this.#vouching.delete(sessions);
  }

  /** Runs a script that may run twice if the connection is lost. */
  call(script: Script, key: string, args: readonly Argument[]): Promise<Reply> {
    this.#sendDeferred();
    return this.#link.call(script, [key], [this.id, ...args]);
  }

  /** Runs a script that must not: it knows the call by a number. */
  once(script: Script, key: string, args: readonly Argument[]): Promise<Reply> {
    this.#sendDeferred();
    const number = String(++this.#lastCall);
    const reply = this.call(script, key, [number, ...args]);
    // Beside the caller: answers are handled in their order, this one no step later.
    reply.then((answer) => {
      const isLarge = isUint8Array(answer) && answer.length > MOST_REMEMBERED;
      if (isLarge) this.#call(FORGET, [number]).catch(() => {}); // it goes with the session
    }, () => {});
    return reply;
  }

  #sendDeferred(): void {
    if (this.#deferred.length === 0) return;
    for (const before of this.#deferred.splice(0)) before();
  }

  /** The number of a new wait, which settles when the server grants it. */
  newWait(waiter: Waiter): string {
    const wait = String(++this.#lastWait);
    if (this.#ended !== undefined) waiter.reject(this.#ended.reason);
    else this.#waits.set(wait, waiter);
    this.#listen();
    return wait;
  }

  /** Ends a wait here. */
  forget(wait: string): void {
    this.#waits.delete(wait);
  }

  /** Has what concerns a queue told to its consumer. */
  attach(queue: string, consumer: Consumer): void {
    this.#consumers.set(queue, consumer);
    this.#listen();
  }

  /** Ends that. */
  detach(queue: string): void {
    this.#consumers.delete(queue);
  }

  /** Looks at what was granted, now or right after the present look. */
  look(): void {
    if (this.#ended !== undefined) return;
    this.#mustLook = true;
    if (!this.#isLooking) void this.#look();
  }

  /** The connection is there again: the bell may be lost as well. */
  reconnected(): void {
    this.#bell?.renew();
    this.look();
  }

  /** Ends it on the server. */
  async leave(): Promise<void> {
    if (this.#ended !== undefined) return;
    for (const consumer of this.#consumers.values()) consumer.flush();
    const left = this.#call(END, []);
    this.end(new ProcessError("the context was shut down"));
    try {
      await left;
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** The server says that its lease was over. */
  lose(error: unknown): void {
    this.end(leaseLost(error), true);
  }

  /** It has ended: all its waits reject. */
  end(reason: unknown, wasLost = false): void {
    if (this.#ended !== undefined) return;
    this.#ended = { reason, wasLost };
    runtime.clearTimer(this.#timer);
    this.#stopListening();
    this.#bell?.close();
    this.#onEnd(this);
    const waiters = [...this.#waits.values()];
    this.#waits.clear();
    for (const waiter of waiters) waiter.reject(reason);
    for (const consumer of this.#consumers.values()) consumer.ended(reason, wasLost);
  }

  #call(script: Script, args: readonly Argument[]): Promise<Reply> {
    return this.call(script, `${this.#prefix}sessions`, args);
  }

  #listen(): void {
    if (this.#bell !== undefined || this.#ended !== undefined) return;
    const key = `${this.#prefix}s:${this.id}:b`;
    this.#bell = new Bell(this.#settings.connect, key, () => this.look());
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#mustLook && this.#ended === undefined) {
      this.#mustLook = false;
      try {
        const key = `${this.#prefix}s:${this.id}`;
        const granted = listOf(await this.call(LOOK, key, [String(++this.#lastLook)]));
        for (let at = 0; at < granted.length;) {
          const name = textOf(granted[at++]);
          if (name.startsWith("q:")) {
            const [from, items] = [
              Number(textOf(granted[at++])),
              listOf(granted[at++]),
            ];
            this.#consumers.get(name.slice(2))?.arrived(from, items as Uint8Array[]);
          } else this.#settle(name, textOf(granted[at++]));
        }
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#isLooking = false;
  }

  /** Without the server's word no wait would ever end. */
  #failed(error: unknown): void {
    if (isGone(error)) this.lose(error);
    else this.end(error);
  }

  #settle(name: string, granted: string): void {
    const consumer = this.#consumers.get(name.slice(2));
    switch (name.slice(0, 2)) {
      case "s:":
        return consumer?.over();
      case "r:":
        return consumer?.wanted();
      case "x:":
        return consumer?.removed();
      case "m:":
        return consumer?.mailed?.();
    }
    const waiter = this.#waits.get(name);
    this.#waits.delete(name);
    waiter?.resolve(granted);
  }

  #beatLater(): void {
    if (this.#ended !== undefined) return;
    const pause = this.#settings.lease / BEATS;
    this.#timer = runtime.setTimer(() => {
      // The server says nothing, and nobody says that it is gone.
      if (this.#isBeating && this.#link.isSilent(pause)) this.#link.renew();
      if (!this.#isBeating) void this.#beat();
      this.#beatLater();
    }, pause);
  }

  async #beat(): Promise<void> {
    this.#isBeating = true;
    try {
      for (let more = true; more && this.#ended === undefined;) {
        const moment = runtime.now();
        const others = Array.from(this.#vouching, (sessions) => [...sessions()]).flat();
        const [left, dead, lost] = listOf(
          await this.#link.call(
            BEAT,
            [`${this.#prefix}sessions`],
            [this.id, String(this.#settings.lease), ...others],
            true,
          ),
        );
        more = left === 1;
        this.#renewed = moment;
        if (textOf(dead) !== "") report(textOf(dead), lost as number);
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isBeating = false;
    }
  }
}

function report(session: string, lost: number): void {
  sub_warning(
    "the lease of process %s was over: %d of its items and locks are free again",
    session,
    lost,
  );
}
