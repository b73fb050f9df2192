/**
 * The base class of the handles of objects on a server: the object's name there, calls, waits,
 * and the way to other processes.
 *
 * @module
 */
import { keepWhile, type Limit } from "../link/waiting.ts";
import { type DumpContext, REDUCE_SHARED } from "../reduction/mod.ts";
import { ValueError } from "../python/errors.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { addressed, printAsText } from "../python/printing.ts";
import type { Base } from "./base.ts";
import { type Argument, listOf, type Reply, textOf } from "./driver/connection.ts";
import { isDoubtful } from "./driver/link.ts";
import { asErrorOfScript, isGone, leaseLost } from "./errors.ts";
import { refer } from "./references.ts";
import { OPEN, REMOVE } from "./scripts/object.ts";
import type { Script } from "./scripts/script.ts";
import type { Session } from "./session.ts";
import { type WaitCalls, waitOnServer } from "./waiting.ts";

/** The kinds of objects, as the server knows them. */
export type ObjectKind =
  | "queue"
  | "semaphore"
  | "condition"
  | "event"
  | "barrier"
  | "value"
  | "agents"
  | ContainerKind;

/** The kinds of a manager's containers. */
export type ContainerKind = "dict" | "list" | "set" | "namespace" | "array";

/** What is sent of a handle to another process. No address and no key is. */
export interface ObjectFields {
  /** The name of the context, which the other process must have as well. */
  context: string;
  /** The name of the class: `Queue`. */
  class: string;
  id: string;
  /** What the class needs besides. */
  more: unknown;
}

/** Arguments of a script; a function for those that depend on the session. */
export type Arguments = readonly Argument[] | (() => readonly Argument[]);

function listOfArguments(args: Arguments): readonly Argument[] {
  return typeof args === "function" ? args() : args;
}

/** A handle of an object that exists already, or the name that a new one gets. */
export interface Origin {
  /** The object's number; a new one if undefined. */
  id?: string | undefined;
  /** Whether it must be there already. */
  isOpened?: boolean;
}

/** The number of an object with a name. */
export function idOfName(name: unknown): string | undefined {
  if (name === null || name === undefined) return undefined;
  if (typeof name !== "string") {
    throw new TypeError(`name must be a str or None, not ${pythonTypeName(name)}`);
  }
  if (name === "" || name.length > 200) {
    throw new ValueError("name must have 1 to 200 characters");
  }
  return `n.${encodeURIComponent(name)}`;
}

/** See above. */
export abstract class RedisObject {
  /** @internal */
  readonly _base: Base;
  /** @internal Its number on the server: text, so that it says nothing of this process. */
  readonly _id: string;
  readonly #kind: ObjectKind;
  readonly #fields: Record<string, Argument>;
  readonly #isOpened: boolean;
  readonly #name: string | null;
  /** The session in which it was opened. */
  #session: Session | undefined;
  #opening: Promise<unknown> | undefined;

  /** @internal @param fields What the server is to know of it, if it is made now. */
  constructor(
    base: Base,
    kind: ObjectKind,
    fields: Record<string, Argument>,
    { id, isOpened = false }: Origin,
  ) {
    this._base = base;
    this._id = id ?? crypto.randomUUID().replaceAll("-", "");
    this.#kind = kind;
    this.#isOpened = isOpened;
    this.#name = this._id.startsWith("n.")
      ? decodeURIComponent(this._id.slice(2))
      : null;
    this.#fields = this.#name === null ? fields : { ...fields, named: "1" };
  }

  /** The name under which all programs with this context find it; null if it has none. */
  get name(): string | null {
    return this.#name;
  }

  /**
   * Removes the object from the server, whoever uses it: from now on calls raise
   * `FileNotFoundError`, also those that wait. An object without a name goes by itself with
   * the last process that has it.
   */
  async unlink(): Promise<void> {
    await this._call(REMOVE, []);
  }

  /** @internal Its key. */
  get _key(): string {
    return `${this._base.prefix}o:${this._id}`;
  }

  /** @internal The present session, in which the object has been opened. */
  protected get _session(): Session {
    const { session } = this._base;
    if (this.#session !== session) {
      this.#session = session;
      const [script, args] = this._opener();
      this.#opening = session.call(script, this._key, args).then((reply) => {
        const found = listOf(reply);
        const known: Record<string, string> = {};
        for (let at = 0; at < found.length; at += 2) {
          if (textOf(found[at]) !== "value") {
            known[textOf(found[at])] = textOf(found[at + 1]);
          }
        }
        this._opened(known);
      });
      this.#opening.catch(() => {});
    }
    return session;
  }

  /** @internal The script that makes or opens it, and its arguments. */
  protected _opener(): [Script, readonly Argument[]] {
    const fields = Object.entries(this.#fields).flat();
    return [OPEN, [this.#kind, this.#isOpened ? "0" : "1", ...fields]];
  }

  /** @internal Has it opened before what is called next. */
  _open(): void {
    void this._session;
  }

  /** @internal Settles when it was opened in the present session. @throws if it was not */
  protected async _whenOpened(): Promise<void> {
    const session = this._session;
    try {
      await this.#opening;
    } catch (error) {
      throw await this._explain(session, error);
    }
  }

  /** @internal What the server says of it: another process may have made it. */
  protected _opened(_fields: Readonly<Record<string, string>>): void {}

  /** @internal Calls a script that may run twice. */
  protected _call(script: Script, args: Arguments = []): Promise<Reply> {
    return this.#keep(
      this.#run(
        (session) => session.call(script, this._key, listOfArguments(args)),
        false,
      ),
    );
  }

  /** @internal Calls a script that must not run twice. */
  protected _once(script: Script, args: Arguments = []): Promise<Reply> {
    return this.#keep(
      this.#run((session) => session.once(script, this._key, listOfArguments(args))),
    );
  }

  #keep<T>(promise: Promise<T>): Promise<T> {
    return this._base.peer.refWhile(keepWhile(this, promise));
  }

  /**
   * Calls something in a session; again in another one if it has ended before.
   *
   * @param isOnce Whether it must not happen twice: if it may have happened, that is an error.
   */
  async #run(
    call: (session: Session) => Promise<Reply>,
    isOnce = true,
  ): Promise<Reply> {
    for (;;) {
      const session = this._session;
      try {
        return await call(session);
      } catch (error) {
        if (!isGone(error)) throw await this._explain(session, error);
        await session.begun; // its error says why
        session.lose(error);
        if (isOnce && isDoubtful(error)) throw leaseLost(error);
      }
    }
  }

  /** @internal The error of a call in a session: that of an earlier one, if it says more. */
  protected async _explain(session: Session, error: unknown): Promise<unknown> {
    try {
      await session.begun;
      if (this.#session === session) await this.#opening;
    } catch (earlier) {
      return isGone(earlier) ? error : asErrorOfScript(earlier);
    }
    return asErrorOfScript(error);
  }

  /**
   * @internal A call that may wait on the server. Gives what it was granted, as the reply or a
   * text; null if it was given up before.
   *
   * @throws the signal's reason, if that ended the wait
   * @throws {OSError} if the server did not answer when the time was over: what was asked for
   * may have happened, or happen yet
   */
  protected _wait(limit: Limit, calls: WaitCalls): Promise<Reply> {
    const run = (call: (session: Session) => Promise<Reply>) => this.#run(call);
    return this.#keep(waitOnServer(limit, this._key, run, calls));
  }

  /** @internal What is sent of it besides its name. */
  protected _more(): unknown {
    return null;
  }

  /** @internal It may be sent to any process; one that has the same context can use it. */
  [REDUCE_SHARED](_context: DumpContext): [string, ObjectFields] {
    const { _base: base, _id: id } = this;
    const { name } = this.constructor;
    this._open(); // before the other process does
    refer(base, id);
    return ["redis:rebuild", {
      context: base.settings.name,
      class: name,
      id,
      more: this._more(),
    }];
  }

  /** `<multiprocessing.queues.Queue object at 0x…>`. */
  toString(): string {
    return addressed(this, `multiprocessing.redis.${this.constructor.name}`);
  }
}

printAsText(RedisObject);
