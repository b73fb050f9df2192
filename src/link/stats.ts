/**
 * What `stats()` of a shared object gives of the hub's answer: the members of its class, and
 * counters that may begin anew. See hub/stats.ts.
 *
 * @module
 */
import type {
  AnyStats,
  BarrierStats,
  ConditionStats,
  ConnectionStats,
  EventStats,
  JoinableQueueStats,
  LockStats,
  QueueStats,
  SemaphoreStats,
} from "../hub/stats.ts";
import { parseArguments, type Signature, signature } from "../python/arguments.ts";
import type { Peer } from "./peer.ts";
import { abortable } from "./waiting.ts";

/** Options of `stats`. */
export interface StatsOptions {
  /**
   * True to have the counters begin anew, for later calls by this process: others go on
   * counting from where they were.
   */
  reset?: boolean;
  /** Ends the waiting: the promise rejects with its reason. */
  signal?: AbortSignal;
}

/** The parameters of a method `stats`. */
export function statsSignature(name: string): Signature<{ reset: unknown }> {
  return signature<{ reset: unknown }>(name, { reset: false }, {
    keywordOnly: ["reset"],
  });
}

/** The members of the results, by what they are of. */
export const STATS_MEMBERS: {
  readonly queue: readonly (keyof QueueStats)[];
  readonly joinable: readonly (keyof JoinableQueueStats)[];
  readonly lock: readonly (keyof LockStats)[];
  readonly semaphore: readonly (keyof SemaphoreStats)[];
  readonly condition: readonly (keyof ConditionStats)[];
  readonly event: readonly (keyof EventStats)[];
  readonly barrier: readonly (keyof BarrierStats)[];
  readonly connection: readonly (keyof ConnectionStats)[];
} = {
  queue: [
    ...["depth", "maxsize", "puts", "gets", "oldest"] as const,
    ...["getters", "putters", "isShutDown"] as const,
  ],
  joinable: [
    ...["depth", "maxsize", "puts", "gets", "oldest"] as const,
    ...["getters", "putters", "isShutDown", "unfinished", "joiners", "dead"] as const,
  ],
  lock: ["isLocked", "owner", "held", "grants", "waiters", "longest"],
  semaphore: ["value", "grants", "waiters", "longest"],
  condition: ["waiters", "longest"],
  event: ["isSet", "waiters", "longest"],
  barrier: ["parties", "isBroken", "waiters", "longest"],
  connection: ["depth", "bytes", "sends", "receives"],
};

/** Members that count what has happened; the others tell how things are. */
const COUNTERS = new Set(["puts", "gets", "grants", "sends", "receives"]);

/** The counters of one object, as this process sees them. */
export class StatsReader {
  /** Where they began anew. */
  readonly #base = new Map<string, number>();

  /**
   * Makes the frozen result.
   *
   * @param text The hub's answer.
   * @param members The members of the result, in this order.
   * @param reset Whether the counters begin anew after this.
   */
  read<S>(text: string, members: readonly (keyof S & string)[], reset: boolean): S {
    const answer: AnyStats = JSON.parse(text);
    const stats: AnyStats = {};
    for (const member of members) {
      const value = answer[member]!;
      stats[member] = COUNTERS.has(member)
        ? this.#count(member, value as number, reset)
        : Object.freeze(value);
    }
    return Object.freeze(stats) as S;
  }

  #count(member: string, total: number, reset: boolean): number {
    const value = Math.max(0, total - (this.#base.get(member) ?? 0));
    if (reset) this.#base.set(member, total);
    return value;
  }
}

/** A call of `stats`: what it was given, and whom it asks. */
export interface StatsCall {
  readonly signature: Signature<{ reset: unknown }>;
  readonly given: unknown[];
  /** Gives the answer's text; called once, at once. */
  readonly ask: () => Promise<string>;
  /** The numbers of the object as this process sees them; called when the answer is there. */
  readonly reader: () => StatsReader;
}

/** Answers a call of `stats`. */
export async function answerStats<S>(
  peer: Peer,
  { signature, given, ask, reader }: StatsCall,
  members: readonly (keyof S & string)[],
): Promise<S> {
  const { reset, signal } = parseArguments(signature, given);
  signal?.throwIfAborted();
  const answer = ask();
  const text = await (signal ? abortable(peer, answer, signal) : answer);
  return reader().read<S>(text, members, Boolean(reset));
}
