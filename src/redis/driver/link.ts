/**
 * The way to the server: runs scripts there, one after the other in the order of the calls,
 * and keeps that order over lost connections.
 *
 * ```
 * call ─► pending, in order ─► connection ─► answered
 *             ▲   sent again, in order  │
 *             └──── lost; connects ◄────┘
 * ```
 *
 * A call whose answer was lost with the connection is sent again. So a script must do
 * nothing, and answer the same, when it is run a second time: see scripts/session.ts.
 *
 * @module
 */
import { ConnectionResetError } from "../../python/errors.ts";
import { runtime } from "../../runtime/mod.ts";
import { Deque } from "../../collections/deque.ts";
import type { Script } from "../scripts/script.ts";
import { inTime } from "../times.ts";
import {
  type Argument,
  type Connect,
  type Connection,
  type Reply,
  textOf,
} from "./connection.ts";
import { isElsewhere, isPassing, translated, wordOf } from "./errors.ts";
import { checkServer } from "./version.ts";

/** Options of a link. */
export interface LinkOptions {
  /** Seconds for which a lost server is looked for before calls fail. */
  reconnect: number;
  /** Whether it is looked for as long at first: who has started this process had it. */
  isKnown?: boolean;
  /** Called when there is a connection again, before calls are sent again. */
  onReconnect?: () => void;
}

/** A call that was not answered yet. */
interface Call {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly Argument[];
  resolve(reply: Reply): void;
  reject(error: unknown): void;
  /** Whether it overtakes others. */
  readonly isUrgent: boolean;
  /** Whether it was sent on a connection that was lost: it may have happened. */
  wasSent: boolean;
}

/**
 * Milliseconds in which a server has to answer on a new connection, at least: the first time,
 * and when it is looked for again.
 */
const FIRST_ANSWER = 5000;
const LEAST_ANSWER = 1000;

/** The first pause between two attempts to connect, and the longest, in milliseconds. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 1000;

/**
 * Calls that are sent and not answered at most. The server remembers the answers to more
 * than these: see scripts/parts.ts.
 */
const MOST_SENT = 512;

/** Errors of calls that may have happened the first time they were sent. */
const doubtful = new WeakSet<object>();

/** Whether the call that failed so was sent twice: the first time it may have happened. */
export function isDoubtful(error: unknown): boolean {
  return doubtful.has(error as object);
}

/** See above. */
export class Link {
  readonly #connect: Connect;
  readonly #options: LinkOptions;
  readonly #scripts: readonly Script[];
  /** What the server calls the scripts. */
  readonly #digests = new Map<Script, string>();
  /** In the order of the calls. */
  readonly #pending = new Set<Call>();
  /** Those that were not sent on this connection yet. */
  readonly #unsent = new Deque<Call>();
  #sent = 0;
  #lastReply = 0;
  #connection: Connection | undefined;
  #connecting: Promise<void> | undefined;
  #wasUp = false;
  /** Since when servers of a cluster say that another has the keys. */
  #refused: number | undefined;
  #isClosed = false;

  /** @param scripts All scripts that will be run. */
  constructor(connect: Connect, scripts: readonly Script[], options: LinkOptions) {
    this.#connect = connect;
    this.#scripts = scripts;
    this.#options = options;
  }

  /** Whether there is a connection now, as far as is known. */
  get isUp(): boolean {
    return this.#connection !== undefined;
  }

  /**
   * Runs a script.
   *
   * @param isUrgent Whether it overtakes calls that were not sent yet.
   * @throws {OSError} if the server cannot be reached, or not again in time
   */
  call(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
    isUrgent = false,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      const call = { script, keys, args, resolve, reject, isUrgent, wasSent: false };
      this.#pending.add(call);
      if (this.#connection === undefined) this.#open();
      else if (isUrgent || this.#sent < MOST_SENT) this.#send(this.#connection, call);
      else this.#unsent.push(call);
    });
  }

  /** Whether the server has said nothing for so many milliseconds. */
  isSilent(milliseconds: number): boolean {
    return this.isUp && runtime.now() - this.#lastReply > milliseconds;
  }

  /** The connection is of no use any more, though nobody has said so: another is opened. */
  renew(): void {
    if (this.#connection === undefined) return;
    const connection = this.#connection;
    this.#lost(connection, undefined);
    connection.close();
  }

  /** Ends it for good; pending calls reject. */
  close(): void {
    this.#isClosed = true;
    this.#connection?.close();
    this.#connection = undefined;
    this.#rejectAll(closed());
  }

  #send(connection: Connection, call: Call): void {
    const { script, keys, args } = call;
    const digest = this.#digests.get(script)!;
    this.#sent++;
    connection.send(["EVALSHA", digest, String(keys.length), ...keys, ...args]).then(
      (reply) => {
        this.#refused = undefined;
        if (this.#pending.delete(call)) call.resolve(reply);
        this.#answered(connection);
      },
      (error) => {
        this.#failed(connection, call, error);
        this.#answered(connection);
      },
    );
  }

  #answered(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#lastReply = runtime.now();
    this.#sent--;
    const next = this.#unsent.shift();
    if (next !== undefined) this.#send(connection, next);
  }

  #sendAll(connection: Connection): void {
    this.#sent = 0;
    this.#unsent.splice(0, this.#unsent.length);
    for (const call of this.#pending) {
      if (this.#sent < MOST_SENT || call.isUrgent) this.#send(connection, call);
      else this.#unsent.push(call);
    }
  }

  #failed(connection: Connection, call: Call, error: unknown): void {
    if (!this.#pending.has(call)) return;
    if (wordOf(error) === "NOSCRIPT") {
      return void this.#load(connection).then(
        () => this.#pending.has(call) && this.#send(connection, call),
        (failure) => this.#lost(connection, failure),
      );
    }
    const reason = translated(error);
    if (isElsewhere(error)) {
      this.#refused ??= runtime.now();
      const isOver = runtime.now() - this.#refused > this.#options.reconnect * 1000;
      if (!isOver) return this.#lost(connection, reason, true);
    } else if (isPassing(error) || isPassing(reason)) {
      return this.#lost(connection, reason);
    }
    this.#pending.delete(call);
    if (call.wasSent) doubtful.add(reason as object);
    call.reject(reason);
  }

  #lost(connection: Connection, reason: unknown, isElsewhere = false): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    connection.close();
    if (this.#isClosed) return;
    const unsent = new Set(this.#unsent);
    for (const call of this.#pending) call.wasSent ||= !unsent.has(call);
    if (this.#pending.size > 0) this.#open(reason, isElsewhere);
  }

  #open(reason?: unknown, isElsewhere = false): void {
    this.#connecting ??= this.#reconnect(reason, isElsewhere).finally(() =>
      this.#connecting = undefined
    );
  }

  async #reconnect(reason: unknown, isElsewhere: boolean): Promise<void> {
    if (isElsewhere) await wait(FIRST_PAUSE); // the servers may not agree yet
    // Who has never been there is not waited for; who loads its data is there.
    const isKnown = this.#wasUp || this.#options.isKnown === true;
    const patience = this.#options.reconnect * 1000;
    const start = runtime.now();
    let end = start + (isKnown ? patience : 0);
    for (let pause = FIRST_PAUSE; !this.#isClosed; pause *= 2) {
      try {
        await this.#establish(
          this.#wasUp
            ? Math.max(end - runtime.now(), LEAST_ANSWER)
            : Math.max(patience, FIRST_ANSWER),
        );
        return;
      } catch (error) {
        const failure = translated(error);
        if (wordOf(error) === "LOADING") end = start + patience;
        const left = end - runtime.now();
        if (left <= 0 || !isPassing(error) && !isPassing(failure)) {
          return this.#rejectAll(failure ?? reason);
        }
        await wait(Math.min(pause, LONGEST_PAUSE, left));
      }
    }
  }

  /** @param limit Milliseconds that a server has which accepts connections, and hangs. */
  async #establish(limit: number): Promise<void> {
    let isLost = false, made: Connection | undefined;
    const connection = made = await this.#connect((reason) => {
      isLost = true; // also before it was given out
      if (made !== undefined) this.#lost(made, translated(reason));
    });
    try {
      await inTime(limit, this.#prepare(connection));
    } catch (error) {
      connection.close();
      throw error;
    }
    if (this.#isClosed || isLost) {
      connection.close();
      throw closed();
    }
    this.#connection = connection;
    if (this.#wasUp) this.#options.onReconnect?.();
    this.#wasUp = true;
    this.#lastReply = runtime.now();
    this.#sendAll(connection);
  }

  async #prepare(connection: Connection): Promise<void> {
    // Before the scripts: to who sends much without a password, a server only hangs up.
    await checkServer(connection);
    await this.#load(connection);
  }

  async #load(connection: Connection): Promise<void> {
    await Promise.all(this.#scripts.map(async (script) => {
      const digest = await connection.send(["SCRIPT", "LOAD", script.source]);
      this.#digests.set(script, textOf(digest));
    }));
  }

  #rejectAll(reason: unknown): void {
    const calls = [...this.#pending];
    this.#pending.clear();
    for (const call of calls) call.reject(reason);
  }
}

function closed(): Error {
  return new ConnectionResetError(104, "Connection reset by peer");
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => runtime.setTimer(resolve, milliseconds));
}
