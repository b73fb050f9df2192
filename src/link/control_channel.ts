/**
 * A child's end of the talk with its logical parent, whose end is `Popen.tell` and
 * `Popen.onReport`. The hub hands everything on unopened.
 *
 * Messages of the parent that come before somebody listens are kept.
 *
 * @module
 */
import { currentPeer } from "./peer.ts";
import { Kind, type Payload, type ToPeer } from "../wire/message.ts";

/** Gets what the parent tells: numbers and items, whose meaning is the two ends' own. */
export type Listener = (operands: number[], items: Payload[]) => void;

/** Messages that came before there was a listener. */
const early: [operands: number[], items: Payload[]][] = [];
let listener: Listener | undefined;

/** Has this process's mail kept from now on. */
export function openControlChannel(): void {
  const peer = currentPeer();
  peer.listen(peer.id, (message: ToPeer) => {
    if (message[0] !== Kind.Tell) return;
    const [, , operands, items] = message;
    if (listener === undefined) early.push([operands, items]);
    else listener(operands, items);
  });
}

/** Has what the parent tells handed to `to`, beginning with what it has told so far. */
export function listenToParent(to: Listener): void {
  listener = to;
  for (const [operands, items] of early.splice(0)) to(operands, items);
}

/** Tells the parent something; it is in the pipe when this returns. */
export function report(operands: number[], items: Payload[]): void {
  const peer = currentPeer();
  peer.post([Kind.Report, peer.id, operands, items]);
}
