/**
 * Waits on the server, with a time and a signal. The server decides: after its time a wait is
 * cancelled there, and the server tells whether it was granted before. Only if it does not
 * answer either, the call fails; then nobody knows.
 *
 * @module
 */
import { interruptNext, type Limit, watch } from "../link/waiting.ts";
import { KeyboardInterrupt, osError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import type { Reply } from "./driver/connection.ts";
import { isGone } from "./errors.ts";
import type { Script } from "./scripts/script.ts";
import type { Session } from "./session.ts";

/** How a wait is begun on the server, and ended early. */
export interface WaitCalls {
  /** Begins it: the reply is the result, unless `waits` says that it waits. */
  ask(session: Session, wait: string): Promise<Reply>;
  /** Whether a reply of `ask` says that it waits. */
  waits(reply: Reply): boolean;
  /** Ends the wait: 1 if that ended it; else it is granted, or was already. */
  cancel: Script;
  /** Whether it is asked for again if the lease was over meanwhile; else that is an error. */
  isRepeated: boolean;
  /** Its end was asked for: a reason, or undefined if the time is over. */
  onGivenUp?(ended: { reason: unknown } | undefined): void;
  /** It was granted after its caller had gone. */
  undo?(granted: Reply): void;
}

/** Milliseconds for which an answer is waited for once the time is over. */
const ANSWER_TIME = 1000;

/** Runs a call in the present session, and again if that has ended. */
type Run = (call: (session: Session) => Promise<Reply>) => Promise<Reply>;

/** Gives what was granted, or null if the time was over before. */
export async function waitOnServer(
  limit: Limit,
  key: string,
  run: Run,
  calls: WaitCalls,
): Promise<Reply> {
  limit.signal?.throwIfAborted();
  const waiting = new WaitOnServer(key, run, calls);
  let timer: unknown;
  const stop = watch(limit, () => giveUp(undefined), (reason) => giveUp({ reason }));
  const unanswered = new Promise<never>((_, reject) => {
    const abandon = (ended: Ended) => {
      waiting.abandon();
      reject(ended === undefined ? osError("ETIMEDOUT") : ended.reason);
    };
    waiting.onGivenUp = (ended) => {
      timer = runtime.setTimer(() => abandon(ended), ANSWER_TIME);
    };
  });
  function giveUp(ended: Ended) {
    calls.onGivenUp?.(ended);
    waiting.giveUp(ended);
  }
  try {
    return await Promise.race([waiting.run(), unanswered]);
  } finally {
    stop();
    runtime.clearTimer(timer);
  }
}

/** Why a wait ends early: for a reason, or because its time is over. */
type Ended = { readonly reason: unknown } | undefined;

/** One wait, also over several sessions. */
class WaitOnServer {
  readonly #key: string;
  readonly #run: Run;
  readonly #calls: WaitCalls;
  #isGivenUp = false;
  #ended: Ended;
  #isAbandoned = false;
  #cancel = () => {};
  /** Told once that it is to end. */
  onGivenUp: (ended: Ended) => void = () => {};

  constructor(key: string, run: Run, calls: WaitCalls) {
    this.#key = key;
    this.#run = run;
    this.#calls = calls;
  }

  /** It is to end. */
  giveUp(ended: Ended): void {
    this.#isGivenUp = true;
    this.#ended = ended;
    this.onGivenUp(ended);
    this.#cancel();
  }

  /** Its caller has gone. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  async run(): Promise<Reply> {
    for (;;) {
      let wait: ServerWait | undefined;
      const reply = await this.#run((session) => {
        wait = new ServerWait(session);
        return this.#calls.ask(session, wait.number);
      });
      if (!this.#calls.waits(reply)) {
        wait!.forget();
        return this.#granted(reply);
      }
      try {
        const granted = await this.#wait(wait!);
        return granted === undefined ? this.#end() : this.#granted(granted);
      } catch (error) {
        if (!wait!.session.wasLost || !this.#calls.isRepeated) throw error;
      }
    }
  }

  /** What was granted; undefined if it was given up before. */
  #wait(wait: ServerWait): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      wait.granted.then(resolve, reject);
      this.#cancel = () => {
        this.#cancel = () => {};
        wait.session.once(this.#calls.cancel, this.#key, [wait.number]).then(
          (reply) => {
            if (reply !== 1) return wait.session.look();
            wait.forget();
            resolve(undefined);
          },
          (error) => {
            // A lost session is told by the wait itself.
            if (!isGone(error)) reject(error);
          },
        );
      };
      if (this.#isGivenUp) this.#cancel();
    });
  }

  #end(): Reply {
    if (this.#ended !== undefined) throw this.#ended.reason;
    return null;
  }

  #granted(granted: Reply): Reply {
    if (this.#isAbandoned) this.#calls.undo?.(granted);
    // It has happened all the same: the next wait is interrupted.
    else if (this.#ended?.reason instanceof KeyboardInterrupt) interruptNext();
    return granted;
  }
}

/** A wait in one session. */
class ServerWait {
  readonly session: Session;
  readonly number: string;
  readonly granted: Promise<string>;

  constructor(session: Session) {
    this.session = session;
    let number = "";
    this.granted = new Promise((resolve, reject) => {
      number = session.newWait({ resolve, reject });
    });
    this.granted.catch(() => {}); // it may never be waited for
    this.number = number;
  }

  forget(): void {
    this.session.forget(this.number);
  }
}
