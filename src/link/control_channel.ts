/**
 * The control channel between a child and its logical parent: the child's end. The other
 * one is `Popen.tell` and `Popen.onReport`. The hub hands on everything without decoding it.
 * Commands of the parent that come before there is a listener are kept.
 *
 * @module
 */
import { currentPeer } from "./peer.ts";
import { Kind, type Payload, type ToPeer } from "../wire/message.ts";

/** Gets the parent's commands: numbers and items, whose meaning the two ends agree upon. */
export type Listener = (operands: number[], items: Payload[]) => void;

const early: [operands: number[], items: Payload[]][] = [];
let listener: Listener | undefined;

/** Keeps commands from now on. */
export function openControlChannel(): void {
  const peer = currentPeer();
  peer.listen(peer.id, (message: ToPeer) => {
    if (message[0] !== Kind.Tell) return;
    const [, , operands, items] = message;
    if (listener === undefined) early.push([operands, items]);
    else listener(operands, items);
  });
}

/** Has the parent's commands handed to `to`, beginning with those that are kept. */
export function listenToParent(to: Listener): void {
  listener = to;
  for (const [operands, items] of early.splice(0)) to(operands, items);
}

/** Sends the parent an event; it is in the pipe when this returns. */
export function report(operands: number[], items: Payload[]): void {
  const peer = currentPeer();
  peer.post([Kind.Report, peer.id, operands, items]);
}
