/**
 * The processes that this one has started by a context: their mail is handed to them.
 *
 * @module
 */
import type { Base } from "../base.ts";
import type { Session } from "../session.ts";
import { agentsOf, type Mail, type Recipient } from "./agents.ts";

/** As much of a started process as is needed here. */
interface Requested {
  readonly key: string;
  received(mail: Mail): Promise<void> | undefined;
  isOf(session: Session): boolean;
  sessionEnded(session: Session): void;
}

/** See above. */
class Requester implements Recipient {
  readonly #processes = new Map<string, Requested>();

  add(process: Requested): void {
    this.#processes.set(process.key, process);
  }

  remove({ key }: Requested): void {
    this.#processes.delete(key);
  }

  received(mail: Mail): Promise<void> | undefined {
    return this.#processes.get(mail.process)?.received(mail);
  }

  ended(session: Session): void {
    for (const process of [...this.#processes.values()]) {
      if (process.isOf(session)) process.sessionEnded(session);
    }
  }
}

const requesters = new WeakMap<Base, Requester>();

/** Those of a context. */
export function requesterOf(base: Base): Requester {
  let requester = requesters.get(base);
  if (requester === undefined) {
    requesters.set(base, requester = new Requester());
    agentsOf(base).listen(requester);
  }
  return requester;
}

export type { Requester };
