/**
 * `stats()` of proxies for what processes wait at: the numbers are those of the object in
 * the server, which all its clients share.
 *
 * @module
 */
import { STATS_MEMBERS, StatsReader } from "../../link/stats.ts";
import { parseArguments, type Signature } from "../../python/arguments.ts";
import { RuntimeError } from "../../python/errors.ts";
import type { StatsAnswer } from "../types/description.ts";
import type { BaseProxy } from "./base_proxy.ts";

/** The counters of proxies, as this process sees them. */
const readers = new WeakMap<BaseProxy, StatsReader>();

/**
 * Answers a call of `stats` of a proxy.
 *
 * @param given What it was given.
 * @throws {AttributeError} if the object has no numbers
 * @throws {RemoteError} if the server is CPython's
 */
export async function proxyStats<S>(
  proxy: BaseProxy,
  signature: Signature<{ reset: unknown }>,
  given: unknown[],
): Promise<S> {
  const { reset, signal } = parseArguments(signature, given);
  const kwds = signal === undefined ? null : { signal };
  const answer = await proxy._callmethod("#STATS", [], kwds);
  if (!isAnswer(answer)) throw new RuntimeError("the server has answered nonsense");
  const [kind, text] = answer;
  let reader = readers.get(proxy);
  if (reader === undefined) readers.set(proxy, reader = new StatsReader());
  const members: readonly string[] = STATS_MEMBERS[kind];
  return reader.read<S>(text, members as readonly (keyof S & string)[], Boolean(reset));
}

function isAnswer(answer: unknown): answer is StatsAnswer {
  return Array.isArray(answer) && Object.hasOwn(STATS_MEMBERS, answer[0]) &&
    typeof answer[1] === "string";
}
