/**
 * Processes that send payloads which want more than to be data, and processes that
 * receive them. They run in both directions, by everything that carries values.
 */
import "node:child_process"; // what the payloads name is loaded in every process here
import "node:events";
import "node:fs";
import "node:vm";
import "../../src/synchronize.ts";
import { BaseManager } from "../../src/managers.ts";
import { Client, type Connection } from "../../src/connection.ts";
import { currentPeer } from "../../src/link/peer.ts";
import type { Queue } from "../../src/queues.ts";
import { REDUCE_SHARED } from "../../src/reduction/mod.ts";
import type { SocketAddress } from "../../src/runtime/sockets.ts";
import { Kind } from "../../src/wire/message.ts";
import { forge, gadgets } from "./gadgets.ts";
import * as targets from "./gadget_targets.ts";
import { differences, snapshot } from "../helpers/global_state.ts";

/** The names of the payloads that a receiver has not refused. */
export interface Verdict {
  received: number;
  wrong: string[];
  calls: string[];
  changed: string[];
}

/** Puts bytes on a queue as a lying process does, past everything that encodes. */
export function putForged(queue: Queue<unknown>, payload: Uint8Array): void {
  const context = { spawning: true, inherit() {} };
  const [, { id }] = (queue as unknown as {
    [REDUCE_SHARED](context: unknown): [unknown, { id: number }];
  })[REDUCE_SHARED](context);
  currentPeer().post([Kind.Put, id, 0, true, payload as Uint8Array<ArrayBuffer>]);
}

/** Puts all of them on a queue, each with an honest item behind it. */
export async function putAll(queue: Queue<unknown>): Promise<void> {
  for (const [name, value] of gadgets()) {
    putForged(queue, forge(value));
    await queue.put(name);
  }
}

/** Sends all of them by a pipe or a socket. */
export async function sendAll(connection: Connection): Promise<void> {
  for (const [name, value] of gadgets()) {
    await connection.send_bytes(forge(value));
    await connection.send(name);
  }
  await connection.recv(); // it is held until all have arrived
}

/** Sends all of them to a listener. */
export async function sendToListener(address: SocketAddress): Promise<void> {
  const connection = await Client(address);
  await sendAll(connection);
  connection.close();
}

/** Receives all of them: each is refused, and what is behind it arrives. */
export async function receiveAll(next: () => Promise<unknown>): Promise<Verdict> {
  const verdict: Verdict = { received: 0, wrong: [], calls: [], changed: [] };
  const before = snapshot();
  targets.calls.length = 0;
  for (const [name] of gadgets()) {
    const outcome = await next().then(() => "it arrived", (error: Error) => error.name);
    const isRefused = /^(Unpickling|Attribute|Pickling)Error$/.test(outcome);
    if (!isRefused) verdict.wrong.push(`${name}: ${outcome}`);
    const behind = await next();
    if (behind !== name) verdict.wrong.push(`${name}: then came ${behind}`);
    verdict.received++;
  }
  verdict.calls.push(...targets.calls);
  verdict.changed.push(...differences(before, snapshot()));
  return verdict;
}

/** Receives all that its parent puts on a queue. */
export async function receiveFrom(
  queue: Queue<unknown>,
  verdicts: Queue<Verdict>,
): Promise<void> {
  await verdicts.put(await receiveAll(() => queue.get({ timeout: 30 })));
}

// --- what our own encoder sends without a lie ----------------------------------------

/** Has its `__reduce__` name a function, which is what pickles are attacked by. */
export class Reducing {
  readonly #reduced: unknown[];
  constructor(...reduced: unknown[]) {
    this.#reduced = reduced;
  }
  __reduce__(): unknown[] {
    return this.#reduced;
  }
}

/** Values that our own encoder takes, and that no receiver may take. */
export const HOSTILE: Record<string, () => unknown> = {
  "a call of a function of the program": () => new Reducing(targets.canary, [1]),
  "a call of a class that says nothing": () => new Reducing(targets.Built, []),
  "a call of eval": () => new Reducing(eval, ["globalThis.gadgetRan = true"]),
  "a call of Function": () => new Reducing(Function, ["globalThis.gadgetRan = true"]),
  "a state for URL": () => new Reducing(Object, [URL], { parse: targets.canary }),
  "a state for a function of the program": () =>
    new Reducing(Object, [targets.canary], { a: 1 }),
  "a call of Array.from": () => new Reducing(Array.from, [[1], targets.canary]),
  "a call of Reflect.apply": () =>
    new Reducing(Reflect.apply, [targets.canary, null, []]),
  "the name of eval": () => eval,
  "the name of Function": () => Function,
};

/** Runs in a pool's worker: the result is hostile. */
export function hostileResult(name: string): unknown {
  return [HOSTILE[name]!()];
}

/** Runs in a pool's worker: the error holds something hostile. */
export function hostileError(name: string): never {
  throw Object.assign(new RangeError("thrown"), { evil: HOSTILE[name]!() });
}

/** Runs in a manager's server: what has been called there. */
export class Witness {
  calls(): string[] {
    return [...targets.calls, ...("gadgetRan" in globalThis ? ["code ran"] : [])];
  }
  take(_value: unknown): number {
    return 1;
  }
}

/** A manager with a {@linkcode Witness}. */
export class WitnessManager extends BaseManager {}
WitnessManager.register("Witness", Witness);

/** Sends hostile arguments to a manager's server, and says how each call ended. */
export async function callManager(
  take: (value: unknown) => Promise<unknown>,
): Promise<string[]> {
  const outcomes: string[] = [];
  for (const name of Object.keys(HOSTILE)) {
    const outcome = await (async () => await take([HOSTILE[name]!()]))()
      .then(() => "it was taken", (error: Error) => error.name);
    outcomes.push(`${name}: ${outcome}`);
  }
  return outcomes;
}
