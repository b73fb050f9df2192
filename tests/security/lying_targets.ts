/** Processes that send the hub what no process of ours sends. */
import { ObjectType } from "../../src/hub/object.ts";
import { currentPeer } from "../../src/link/peer.ts";
import { Kind, type ToHub } from "../../src/wire/message.ts";
import { SCHEMAS } from "../../src/wire/encoder.ts";
import type { Queue } from "../../mod.ts";

/** The frames that kept a root busy for seconds: each asks for as much as its field allows. */
function greedy(queue: number): ToHub[] {
  const count = 2 ** 32 - 1, index = 2 ** 53 - 1;
  return [
    [Kind.Want, queue, count],
    [Kind.Unwant, queue],
    [Kind.Return, queue, 0, index],
    [Kind.AckUpTo, queue, index],
    [Kind.Want, queue, count],
  ];
}

/** Sends such frames, many times, and tells when it has. */
export async function beGreedy(done: Queue<number>, times: number): Promise<void> {
  const peer = currentPeer();
  const queue = peer.newId();
  peer.post([Kind.Create, queue, ObjectType.Queue, [0]]);
  for (let i = 0; i < times; i++) {
    for (const frame of greedy(queue)) peer.post(frame);
  }
  await done.put(times);
}

/** Says a number that is out of range; it has no way to say it but to change the rules. */
export async function lie(kind: number, field: number, value: number): Promise<void> {
  const peer = currentPeer();
  const schema = SCHEMAS[kind]!;
  (SCHEMAS as string[])[kind] = "u".repeat(field + 1) + schema.slice(field + 1);
  const honest = Array.from(schema, (letter) => letter === "U" ? [] : 0);
  const message: unknown[] = [kind, ...honest];
  message[field + 1] = value;
  peer.post(message as never);
  await new Promise<void>((resolve) => setTimeout(resolve, 20_000)); // it is ended before
}
