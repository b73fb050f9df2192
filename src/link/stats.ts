/**
 * What `stats()` of a shared object gives of the hub's answer: the members of its class, and
 * counters that may begin anew. See hub/stats.ts.
 *
 * @module
 */
import type { AnyStats } from "../hub/stats.ts";
import { type Signature, signature } from "../python/arguments.ts";

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
