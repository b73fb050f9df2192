/**
 * A context's agents, as one of its processes sees them: what it asks of them or, if it is one
 * itself, what it tells; and its mail about that.
 *
 * The server keeps a box for each session. It rings; then the mail is read, by number: what
 * was read is told with the next reading, so an item that got lost with a connection comes
 * again, and none is handled twice.
 *
 * @module
 */
import { FileNotFoundError } from "../../python/errors.ts";
import type { Base } from "../base.ts";
import { type Argument, listOf, type Reply, textOf } from "../driver/connection.ts";
import { isGone } from "../errors.ts";
import { RedisObject } from "../object.ts";
import type { Script } from "../scripts/script.ts";
import * as scripts from "../scripts/process.ts";
import type { Consumer, Session } from "../session.ts";

/** The object's number on the server. */
const ID = "agents";

/** What an agent tells of itself. */
export interface AgentDescription {
  /** The version of this package that it has. */
  readonly version: string;
  /** What `where` of a process may name. */
  readonly labels: readonly string[];
  /** Most processes at the same time. */
  readonly processes: number;
  /** The name of its host. */
  readonly host: string;
}

/** What a process needs of an agent. */
export interface Need {
  readonly version: string;
  /** Labels that the agent must have. */
  readonly where: readonly string[];
}

/** An item of mail: `WHAT PROCESS REST`. */
export interface Mail {
  readonly what: string;
  /** The id of the process that it is about. */
  readonly process: string;
  readonly rest: Uint8Array;
}

/** Who gets the mail. */
export interface Recipient {
  /** A promise settles when more may be read. */
  received(mail: Mail): Promise<void> | undefined;
  /** The session has ended: no more comes of what was in it. */
  ended(session: Session): void;
}

/** The answers of {@linkcode Agents.submit}. */
export const Answer = { None: 0, Assigned: 1, Full: 2, Missing: 3 } as const;

const SPACE = 32;

/** See above. */
export class Agents extends RedisObject {
  readonly #recipients = new Set<Recipient>();
  /** The session whose mail is read. */
  #attached: Session | undefined;
  #read = 0;
  #isReading = false;
  #mustRead = false;

  constructor(base: Base) {
    super(base, "agents", {}, { id: ID });
  }

  /** Hands mail to `recipient` from now on; gives the function that ends that. */
  listen(recipient: Recipient): () => void {
    this.#recipients.add(recipient);
    return () => void this.#recipients.delete(recipient);
  }

  /** The present session; a new one if the last has ended. Its mail is read. */
  open(): Session {
    const session = this._session;
    if (this.#attached === session) return session;
    this.#attached = session;
    this.#read = 0;
    session.attach(ID, this.#consumer(session));
    return session;
  }

  #consumer(session: Session): Consumer {
    const nothing = () => {};
    return {
      ...{ arrived: nothing, over: nothing, wanted: nothing, flush: nothing },
      removed: nothing,
      mailed: () => void this.#readMail(session),
      ended: () => {
        if (this.#attached === session) this.#attached = undefined;
        for (const recipient of [...this.#recipients]) recipient.ended(session);
      },
    };
  }

  async #readMail(session: Session): Promise<void> {
    this.#mustRead = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#mustRead && this.#attached === session) {
        this.#mustRead = false;
        await this.#readOnce(session);
      }
    } catch (error) {
      if (isGone(error)) session.lose(error);
      else session.end(error);
    } finally {
      this.#isReading = false;
    }
    const next = this.#attached;
    if (this.#mustRead && next !== undefined) void this.#readMail(next);
  }

  async #readOnce(session: Session): Promise<void> {
    const reply = await session.call(scripts.READ, this._key, [String(this.#read)]);
    if (this.#attached !== session) return;
    const [before, items] = reply as readonly Reply[];
    for (const [at, item] of listOf(items).entries()) {
      const number = before as number + at + 1;
      if (number <= this.#read) continue;
      this.#read = number;
      this.#mustRead = true; // the server is to know that it was read
      const mail = parse(item as Uint8Array);
      for (const recipient of [...this.#recipients]) {
        const done = recipient.received(mail);
        if (done !== undefined) await done;
      }
    }
  }

  /**
   * Asks for a process.
   *
   * @param isOptional Whether nothing is asked for if there is no agent at all.
   * @returns One of {@linkcode Answer}, and the session in which it was asked for.
   */
  async submit(
    process: string,
    work: Uint8Array,
    need: Need,
    isOptional: boolean,
  ): Promise<{ answer: number; session: Session }> {
    let session: Session;
    const args = [process, work, JSON.stringify(need), isOptional ? "0" : "1"];
    const answer = await this._once(scripts.SUBMIT, () => {
      session = this.open();
      return args;
    });
    return { answer: answer as number, session: session! };
  }

  /** Takes that back; false if an agent has it already. */
  async withdraw(process: string): Promise<boolean> {
    return await this._once(scripts.WITHDRAW, [process]) === 1;
  }

  /** Sends a process a signal. */
  async signal(process: string, signal: number): Promise<void> {
    await this._once(scripts.SIGNAL, [process, String(signal)]);
  }

  /** The agents that take processes. */
  async list(): Promise<AgentDescription[]> {
    const found = listOf(await this._call(scripts.AGENTS_THERE));
    return found.map((text) => JSON.parse(textOf(text)) as AgentDescription);
  }

  /** @internal Of an agent: calls in the session in which it has its processes, only. */
  async tell(
    session: Session,
    script: Script,
    args: readonly Argument[],
  ): Promise<Reply> {
    try {
      return await session.once(script, this._key, args);
    } catch (error) {
      if (!isGone(error)) throw await this._explain(session, error);
      session.lose(error);
      throw new FileNotFoundError(2, "the session has ended");
    }
  }
}

function parse(item: Uint8Array): Mail {
  const first = item.indexOf(SPACE);
  const second = item.indexOf(SPACE, first + 1);
  const end = second < 0 ? item.length : second;
  return {
    what: textOf(item.subarray(0, first)),
    process: textOf(item.subarray(first + 1, end)),
    rest: item.subarray(Math.min(end + 1, item.length)),
  };
}

/** The agents of each context. */
const known = new WeakMap<Base, Agents>();

/** Those of a context. */
export function agentsOf(base: Base): Agents {
  let agents = known.get(base);
  if (agents === undefined) known.set(base, agents = new Agents(base));
  return agents;
}
