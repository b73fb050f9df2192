/**
 * Transfer tokens: a message carries one for each shared object in it, so that its receiver
 * may use that. The sender's part of hub/transfer_tokens.ts.
 *
 * @module
 */
import type { Peer } from "../link/peer.ts";
import { Kind } from "../wire/message.ts";

/** This process's part of an object that can be sent. */
export interface Transferable {
  /** Its number in the hub. */
  readonly id: number;
  /** It has one user more. */
  open(): void;
  /** It has one user less. */
  close(user: undefined): void;
}

/** The tokens of one message; until that has left, this process holds the objects. */
export class TransferTokens {
  readonly numbers: number[] = [];
  readonly objects: number[] = [];
  readonly #transferables: Transferable[] = [];

  /** A token for an object in the message. */
  add(transferable: Transferable): number {
    transferable.open();
    const token = randomToken();
    this.#transferables.push(transferable);
    this.objects.push(transferable.id);
    this.numbers.push(token);
    return token;
  }

  /** The message has left, or will not. */
  release(): void {
    for (const transferable of this.#transferables.splice(0)) {
      transferable.close(undefined);
    }
  }
}

/** 52 random bits. */
function randomToken(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high! >>> 12) * 2 ** 32 + low!;
}

/** Whether a message that carries its tokens is being encoded, and its tokens so far. */
let isCollecting = false;
let collected: TransferTokens | undefined;

/** A token for an object in the message that is being encoded. */
export function tokenFor(peer: Peer, transferable: Transferable): number {
  if (isCollecting) return (collected ??= new TransferTokens()).add(transferable);
  // It goes into a queue, for example: the hub holds the object from now on.
  const token = randomToken();
  peer.post([Kind.Share, transferable.id, token]);
  return token;
}

/** Encodes a message, and calls `use` with it and its tokens, if there are any. */
export function withTokens<T, R>(
  encode: () => T,
  use: (message: T, tokens: TransferTokens | undefined) => R,
): R {
  // The encoding may run the user's code, which may send something else meanwhile.
  const outer = collected;
  const wasCollecting = isCollecting;
  collected = undefined;
  isCollecting = true;
  let tokens: TransferTokens | undefined;
  let message: T;
  try {
    message = encode();
  } catch (error) {
    (collected as TransferTokens | undefined)?.release();
    throw error;
  } finally {
    tokens = collected;
    collected = outer;
    isCollecting = wasCollecting;
  }
  return use(message, tokens);
}
