/**
 * The bell of a session: a list on the server, on which one connection of its own waits for an
 * element. It only says that there is something to look at; a ring that is lost does no harm,
 * as `ring` is called whenever a connection is there again.
 *
 * @module
 */
import { Pause } from "../times.ts";
import type { Connect, Connection } from "./connection.ts";

/** Milliseconds before a lost connection is opened again; then twice that, and so on. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 1000;

/** Seconds after which the server answers at the latest: a dead connection shows. */
const LONGEST_WAIT = "30";

/** Waits on a list as long as it is not closed. */
export class Bell {
  readonly #connect: Connect;
  readonly #key: string;
  readonly #ring: () => void;
  #connection: Connection | undefined;
  #isClosed = false;
  readonly #pause = new Pause();

  /** @param key The list. @param ring Called for each element, and for each connection. */
  constructor(connect: Connect, key: string, ring: () => void) {
    this.#connect = connect;
    this.#key = key;
    this.#ring = ring;
    void this.#run();
  }

  /** Ends it. */
  close(): void {
    this.#isClosed = true;
    this.#pause.end();
    this.#connection?.close();
  }

  /** The connection is of no use any more, though nobody has said so. */
  renew(): void {
    this.#connection?.close();
  }

  async #run(): Promise<void> {
    for (
      let pause = FIRST_PAUSE;
      !this.#isClosed;
      pause = Math.min(2 * pause, LONGEST_PAUSE)
    ) {
      try {
        await this.#listen(() => pause = FIRST_PAUSE);
      } catch {
        // it is opened again
      }
      if (!this.#isClosed) await this.#pause.wait(pause);
    }
  }

  /** Listens until the connection is lost. */
  async #listen(hasConnected: () => void): Promise<void> {
    const connection = await this.#connect(() => {});
    if (this.#isClosed) return connection.close();
    this.#connection = connection;
    hasConnected();
    try {
      for (;;) {
        const answer = connection.send(["BLPOP", this.#key, LONGEST_WAIT]);
        this.#ring();
        await answer;
      }
    } finally {
      connection.close();
    }
  }
}
