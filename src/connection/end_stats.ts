/**
 * `Connection.stats`: the hub's numbers of one end of a pipe.
 *
 * @module
 */
import type { ConnectionStats } from "../hub/stats.ts";
import { currentPeer } from "../link/peer.ts";
import { answerStats, STATS_MEMBERS, StatsReader } from "../link/stats.ts";
import { NotImplementedError } from "../python/errors.ts";
import { STATS } from "./arguments.ts";
import type { Transport } from "./transport.ts";

/** The numbers of one connection, whose counters may begin anew. */
export class EndStats {
  readonly #open: () => Transport;
  readonly #reader = new StatsReader();

  /** @param open Gives the transport; throws if it is closed. */
  constructor(open: () => Transport) {
    this.#open = open;
  }

  /** @param given The arguments of `stats`. */
  ask(given: unknown[]): Promise<ConnectionStats> {
    const ask = () => {
      const answer = this.#open().stats?.();
      if (answer !== undefined) return answer;
      throw new NotImplementedError("a connection by a socket has no stats");
    };
    const call = { signature: STATS, given, ask, reader: () => this.#reader };
    return answerStats(currentPeer(), call, STATS_MEMBERS.connection);
  }
}
