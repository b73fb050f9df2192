/**
 * The writing side of an end of a pipe: counts the bytes that were sent and not taken, and
 * keeps the messages that have to wait for room. The other half of hub/channel.ts.
 *
 * A message is sent at once, without waiting for an answer, as long as there is room: less
 * than `BUFFER_SIZE` bytes that were sent before the last message have not been taken. So a
 * message may be larger than the buffer, and while it is taken the next one is on its way.
 * `send` is done when there is room for another one. Messages that are sent without waiting
 * for that are kept here until there is room, and go out in order.
 *
 * Credit for taken bytes does not come at once, so there may seem to be less room than there
 * is. `LIMIT` makes up for that: two processes that both send before they receive must not
 * wait for each other where all fits into the buffers.
 *
 * The first message asks whether a reader is left; after that the hub tells. It is asked
 * again after this process has closed an end, which may have been the last one.
 *
 * @module
 */
import { osError } from "../python/errors.ts";
import { type Place, WaitList } from "../collections/wait_list.ts";
import { BUFFER_SIZE, CREDIT_STEP, MESSAGE_HEADER } from "../hub/channel.ts";
import { PipeMethod } from "../hub/object.ts";
import { PipeEndState } from "../hub/pipe.ts";
import { MAX_UNSAID } from "../link/prefetch_buffer.ts";
import { ops } from "../link/observed.ts";
import type { Peer } from "../link/peer.ts";
import { PendingPayload } from "../reduction/mod.ts";
import { type Waiter, waitHere, withoutTimeout } from "../link/waiting.ts";
import { Kind, type Payload, type ToHub, type ToPeer } from "../wire/message.ts";
import type { TransferTokens } from "./transfer_tokens.ts";
import { type User, waitForRoom } from "./transport.ts";

/** Bytes of a message at most; a little less than a frame may have. */
const MAX_LENGTH = 2 ** 30 - 1024;

/** Bytes not known to be taken, with which at least `BUFFER_SIZE` may really not be. */
const LIMIT = BUFFER_SIZE + CREDIT_STEP + MAX_UNSAID;

const DONE: Promise<void> = Promise.resolve();

/** The number of ends that this process has dropped. */
let closings = 0;

/** This process has dropped an end. */
export function countClosing(): void {
  closings++;
}

/** A message that waits for room, or for its bytes. */
interface Waiting {
  message: Payload | PendingPayload;
  readonly tokens: TransferTokens | undefined;
  readonly user: User;
  readonly waiter: Waiter<void>;
}

/** The writing side of an end of a pipe. */
export class PipeWriter {
  readonly #peer: Peer;
  readonly #id: number;
  /** Bytes sent and not known to be taken. */
  #outstanding = 0;
  /** Bytes of the last message among these. */
  #last = 0;
  /** Senders whose message has left, and who wait until there is room for another. */
  readonly #waitingForRoom = new WaitList<Waiter<void>>();
  /** Messages that have not been sent, oldest first. */
  readonly #waiting = new WaitList<Waiting>();
  #isBroken = false;
  /** `closings` when the hub was asked last whether a reader is left. */
  #asked = -1;
  /** Settles with the answer. */
  #asking: Promise<void> | undefined;
  /** Called when no reader is left. */
  readonly #watchers = new Set<() => void>();
  /** Called when no message waits any more; room does not count until then. */
  #onFlushed: (() => void) | undefined;

  constructor(peer: Peer, id: number) {
    this.#peer = peer;
    this.#id = id;
  }

  /** Whether a message can be sent now. */
  get isClear(): boolean {
    return this.#waiting.length === 0 && this.#outstanding - this.#last < LIMIT;
  }

  get #hasRoom(): boolean {
    return this.#outstanding - this.#last < LIMIT;
  }

  /** Whether the hub tells when no reader is left. */
  get isCertain(): boolean {
    return this.#isBroken || this.#asked === closings;
  }

  /** Whether no reader is left, as far as is known here. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Sends a message.
   *
   * @param message Its bytes must not change, unless `isClear`.
   * @throws {BrokenPipeError} as a rejection, like all errors
   */
  send(
    message: Payload | PendingPayload,
    tokens: TransferTokens | undefined,
    user: User,
  ): Promise<void> {
    return !(message instanceof PendingPayload) && (this.isClear || this.#isBroken)
      ? this.#post(message, tokens, user)
      : this.#keep(message, tokens, user);
  }

  #post(
    message: Payload,
    tokens: TransferTokens | undefined,
    user: User,
  ): Promise<void> {
    const state = this.#peer.objectHere(this.#id);
    if (state !== undefined) {
      // The hub is here, so there is nothing to ask.
      this.#isBroken ||= !(state instanceof PipeEndState && state.isWritable);
      this.#asked = closings;
    }
    if (this.#isBroken || message.length > MAX_LENGTH) {
      tokens?.release();
      return Promise.reject(osError(this.#isBroken ? "EPIPE" : "EMSGSIZE"));
    }
    this.#last = message.length + MESSAGE_HEADER;
    this.#outstanding += this.#last;
    if (this.#asked !== closings) {
      return this.#asking = this.#postAndAsk(message, tokens);
    }
    this.#peer.post(this.#message(0, message, tokens));
    tokens?.release();
    if (!this.#hasRoom) {
      return waitForRoom(this.#peer, this.#waitingForRoom, user, this.#id);
    }
    return this.#asking ?? this.#peer.yieldToLoop() ?? DONE;
  }

  #tellRoom(): void {
    if (!this.#hasRoom && this.#onFlushed === undefined) return;
    for (const waiter of this.#waitingForRoom.takeAll()) waiter.resolve();
  }

  #message(call: number, body: Payload, tokens: TransferTokens | undefined): ToHub {
    return tokens === undefined
      ? [Kind.Send, this.#id, call, body]
      : [Kind.SendShared, this.#id, call, body, tokens.objects, tokens.numbers];
  }

  /** Sends a message and waits for the answer whether a reader is left. */
  async #postAndAsk(body: Payload, tokens: TransferTokens | undefined): Promise<void> {
    const asked = this.#asked = closings;
    const call = this.#peer.newCall();
    const answer = this.#peer.call(call, this.#message(call, body, tokens));
    tokens?.release();
    const isSent = await answer;
    if (asked === this.#asked) this.#asking = undefined;
    if (isSent) return;
    this.#isBroken = true;
    throw osError("EPIPE");
  }

  /** Whether no reader is left; from then on the hub tells. */
  async askIfBroken(): Promise<boolean> {
    this.#asked = closings;
    const call = this.#peer.newCall();
    const isWritable = await this.#peer.call(
      call,
      [Kind.Call, this.#id, call, PipeMethod.IsWritable, []],
    );
    return this.#isBroken || !isWritable;
  }

  #keep(
    message: Payload | PendingPayload,
    tokens: TransferTokens | undefined,
    user: User,
  ): Promise<void> {
    return waitHere<void>(
      this.#peer,
      withoutTimeout(user),
      (waiter) => {
        const place = this.#waiting.push({ message, tokens, user, waiter });
        if (message instanceof PendingPayload) this.#resolve(place, message);
        return () => this.#giveUp(place);
      },
      undefined,
      ops.send,
      this.#id,
    );
  }

  #resolve(place: Place<Waiting>, message: PendingPayload): void {
    message.resolve().then((payload) => {
      place.item.message = payload;
      this.#pump();
    }, (error) => {
      this.#giveUp(place);
      place.item.waiter.reject(error);
    });
  }

  /** Not sent, and will not be. */
  #giveUp(place: Place<Waiting>): void {
    if (!this.#waiting.remove(place)) return;
    place.item.tokens?.release();
    this.#pump();
  }

  /** Sends the waiting messages, as far as there is room. */
  #pump(): void {
    this.#tellRoom(); // before the next messages take it
    while (this.#hasRoom || this.#onFlushed !== undefined) {
      const next = this.#waiting.first?.item;
      if (next === undefined || next.message instanceof PendingPayload) break;
      this.#waiting.shift();
      const { waiter, user } = next;
      this.#post(next.message, next.tokens, user).then(
        () => waiter.resolve(),
        waiter.reject,
      );
    }
    this.#tellRoom();
    this.#tellFlushed();
  }

  #tellFlushed(): void {
    if (this.#waiting.length > 0 || this.#onFlushed === undefined) return;
    const callback = this.#onFlushed;
    this.#onFlushed = undefined;
    callback();
  }

  /**
   * Sends all waiting messages, though there is no room for them, and calls back when that is
   * done: the end is to be dropped, and its reader may be waiting for just that. Undefined
   * cancels it.
   */
  flush(callback: (() => void) | undefined): void {
    this.#onFlushed = callback;
    this.#pump();
  }

  /** Handles a message of the hub. */
  receive(message: ToPeer): void {
    if (message[0] === Kind.Credit) {
      this.#outstanding = Math.max(0, this.#outstanding - message[2]);
      this.#pump();
    } else if (message[0] === Kind.Broken) {
      this.break();
    }
  }

  /** No reader is left. */
  break(): void {
    this.#isBroken = true;
    for (const { tokens, waiter } of this.#waiting.takeAll()) {
      tokens?.release();
      waiter.reject(osError("EPIPE"));
    }
    for (const waiter of this.#waitingForRoom.takeAll()) {
      waiter.reject(osError("EPIPE"));
    }
    this.#tellFlushed();
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Calls back when no reader is left; gives the function that ends that. */
  watch(callback: () => void): () => void {
    this.#watchers.add(callback);
    if (this.#isBroken) callback();
    else if (!this.isCertain) {
      void this.askIfBroken().then((isBroken) => isBroken && callback());
    }
    return () => this.#watchers.delete(callback);
  }
}
