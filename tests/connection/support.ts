/** A process whose hub is the test: what it sends is kept, what it is told is written here. */
import { setImmediate } from "node:timers";
import type { Taker } from "../../src/connection/transport.ts";
import type { Claims } from "../../src/hub/claims.ts";
import { type Link, Peer } from "../../src/link/peer.ts";
import { OSError } from "../../src/python/errors.ts";
import { Kind, type ToHub, type ToPeer } from "../../src/wire/message.ts";

/** Bytes of a length that differ from others of that length. */
export function bytes(length: number, fill = 1): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

/** See above. */
export class TestPeer {
  readonly sent: ToHub[] = [];
  readonly peer: Peer;

  /** @param ownClaims Where it claims what it takes. */
  constructor(ownClaims?: Claims) {
    const post = (message: ToHub) => {
      this.sent.push(
        message.map((part) => Array.isArray(part) ? [...part] : part) as never,
      );
    };
    const link: Link = {
      copies: true,
      post,
      repeat: (message) => () => post(message),
      takeNow: () => undefined,
      ownClaims,
    };
    this.peer = new Peer(1, 1, link);
  }

  /** What was sent since the last look. */
  take(): ToHub[] {
    return this.sent.splice(0);
  }

  /** As `take`, but only the kinds and what comes behind the object's number. */
  kinds(): unknown[] {
    const names = new Map(
      Object.entries(Kind).map(([name, kind]) => [kind as number, name]),
    );
    return this.take().map(([kind, , ...rest]) => [names.get(kind), ...rest]);
  }

  /** The hub says something. */
  receive(message: ToPeer): void {
    this.peer.receive(message);
  }
}

/** Somebody who takes messages. */
export function taker(maxlength = Infinity, signal?: AbortSignal): Taker {
  return {
    owner: {},
    signal,
    maxlength,
    refuse: () => new OSError("bad message length"),
  };
}

/** Whether a promise is settled, after two turns of the event loop. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => void (settled = true);
  promise.then(note, note);
  for (let i = 0; i < 2; i++) await new Promise<void>((done) => setImmediate(done));
  return settled;
}
