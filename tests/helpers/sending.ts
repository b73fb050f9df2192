/**
 * Sends items through something that keeps order, some of which must be waited for, fail,
 * or are given up: what arrives must be the others, in order, and only those who failed
 * may hear of it.
 */
import { deepStrictEqual } from "node:assert/strict";
import { setImmediate } from "node:timers";
import { PendingPayload } from "../../src/reduction/mod.ts";
import type { Random } from "../wire/support.ts";

/** The fate of an item. */
const KINDS = ["ready", "coming", "failing", "aborted", "late"] as const;
type Kind = typeof KINDS[number];

/** An item that is being waited for. */
export interface Coming {
  readonly promise: Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A channel that keeps order. */
export interface Sending {
  /** Begins to send `item`, which may be a promise; gives what its sender waits for. */
  begin(item: number | Coming, signal: AbortSignal | undefined): unknown;
  /** What has arrived, once all is sent. */
  arrived(): unknown;
}

function deferred(): Coming {
  let settle!: Omit<Coming, "promise">;
  const promise = new Promise((resolve, reject) => settle = { resolve, reject });
  return { promise, ...settle };
}

/** One item's sender. */
interface Sender {
  readonly kind: Kind;
  readonly abort: AbortController;
  readonly coming: Coming;
  readonly outcome: Promise<string>;
}

const FINE = "fine";

function begin(sending: Sending, kind: Kind, item: number): Sender {
  const abort = new AbortController();
  const coming = deferred();
  coming.promise.catch(() => {}); // whether anybody waits for it is the channel's affair
  const isReady = kind === "ready";
  const signal = kind === "aborted" || kind === "late" ? abort.signal : undefined;
  const sent = sending.begin(isReady ? item : coming, signal);
  const outcome = Promise.resolve(sent).then(() => FINE, (error) => String(error));
  return { kind, abort, coming, outcome };
}

/** Sends `count` items; `random` says which are what, and in which order they come. */
export async function checkOrder(
  sending: Sending,
  count: number,
  random: Random,
): Promise<void> {
  const senders: Sender[] = [];
  const left: number[] = [];
  const settle = () => {
    const [item] = left.splice(random.below(left.length), 1);
    const { kind, abort, coming } = senders[item!]!;
    if (kind === "failing") coming.reject(`item ${item} failed`);
    else if (kind === "aborted") abort.abort(`item ${item} aborted`);
    else coming.resolve(item);
    if (kind === "aborted") coming.resolve(item); // too late
  };
  for (let item = 0; item < count; item++) {
    const kind = KINDS[random.below(KINDS.length)]!;
    senders.push(begin(sending, kind, item));
    if (kind !== "ready") left.push(item);
    if (left.length > 0 && random.below(4) === 0) settle();
    if (random.below(3) === 0) await turn();
  }
  while (left.length > 0) {
    settle();
    if (random.below(3) === 0) await turn();
  }
  const outcomes = await Promise.all(senders.map(({ outcome }) => outcome));
  deepStrictEqual(
    outcomes,
    senders.map(({ kind }, item) =>
      kind === "failing" || kind === "aborted" ? `item ${item} ${kind}` : FINE
    ).map((text) => text.replace("failing", "failed")),
  );
  const expected = senders.flatMap(({ kind }, item) =>
    kind === "failing" || kind === "aborted" ? [] : [item]
  );
  deepStrictEqual(await sending.arrived(), expected);
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/**
 * Calls `send` with something to send that comes when `item` does: a function that is
 * being looked for, whose search is ours.
 *
 * @param encode The bytes that stand for what is sent, with the item in its place.
 */
export function sendComing<R>(
  item: number | Coming,
  encode: (value: unknown) => unknown,
  send: (value: unknown) => R,
): R {
  if (typeof item === "number") return send(item);
  const { prototype } = PendingPayload;
  const { resolve } = prototype;
  prototype.resolve = () => item.promise.then(encode) as Promise<never>;
  try {
    return send(() => "a function that nobody exports");
  } finally {
    prototype.resolve = resolve;
  }
}
