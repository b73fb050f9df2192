/**
 * `Connection.stats`: the hub's numbers of one end of a pipe.
 *
 * @module
 */
import type { ConnectionStats } from "../hub/stats.ts";
import { currentPeer } from "../link/peer.ts";
import { StatsReader } from "../link/stats.ts";
import { abortable } from "../link/waiting.ts";
import { parseArguments } from "../python/arguments.ts";
import { NotImplementedError } from "../python/errors.ts";
import { STATS } from "./arguments.ts";
import type { Transport } from "./transport.ts";

/** The members of the result. */
const MEMBERS: (keyof ConnectionStats)[] = ["depth", "bytes", "sends", "receives"];

/** The numbers of one connection, whose counters may begin anew. */
export class EndStats {
  readonly #open: () => Transport;
  readonly #reader = new StatsReader();

  /** @param open Gives the transport; throws if it is closed. */
  constructor(open: () => Transport) {
    this.#open = open;
  }

  /** @param given The arguments of `stats`. */
  async ask(given: unknown[]): Promise<ConnectionStats> {
    const { reset, signal } = parseArguments(STATS, given);
    signal?.throwIfAborted();
    const answer = this.#open().stats?.();
    if (answer === undefined) {
      throw new NotImplementedError("a connection by a socket has no stats");
    }
    const text = await (signal ? abortable(currentPeer(), answer, signal) : answer);
    return this.#reader.read<ConnectionStats>(text, MEMBERS, Boolean(reset));
  }
}
