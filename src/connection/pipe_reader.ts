/**
 * The reading side of an end of a pipe: the prefetched messages, and the takers that wait
 * for one. The other half of hub/channel.ts, which describes the two ways of getting
 * messages: to ask for each, and to be fed.
 *
 * @module
 */
import { EOFError, osError } from "../python/errors.ts";
import { PipeEndState } from "../hub/pipe.ts";
import { PipeMethod } from "../hub/object.ts";
import { PrefetchBuffer } from "../link/prefetch_buffer.ts";
import { ops } from "../link/observed.ts";
import type { Peer } from "../link/peer.ts";
import { waitHere, withoutTimeout } from "../link/waiting.ts";
import { Kind, type Payload, type ToHub, type ToPeer } from "../wire/message.ts";
import { type Taker, Takers, type Waitable } from "./transport.ts";

/** The reading side of an end of a pipe. */
export class PipeReader implements Waitable {
  readonly #peer: Peer;
  readonly #id: number;
  readonly #prefetched: PrefetchBuffer;
  /** Empty as long as there are messages here. */
  readonly #takers = new Takers();
  /** Called when a message may have come. */
  readonly #watchers = new Set<() => void>();
  /** Messages come unasked. */
  #isFed = false;
  /** It is fed, and no other process holds the end. */
  #isAlone = false;
  /** The hub was asked to tell when there is a message. */
  #isWatched = false;
  /** This process has sent the end to another one, perhaps before the hub knew of that. */
  #isShared = false;
  /** No more messages come. */
  #isAtEnd = false;
  /** Those who could have sent some have left messages of the other direction unread. */
  #isReset = false;

  constructor(peer: Peer, id: number) {
    this.#peer = peer;
    this.#id = id;
    this.#prefetched = new PrefetchBuffer(peer, id);
  }

  get isReady(): boolean {
    return this.#prefetched.length > 0 || this.#isAtEnd;
  }

  get isCertain(): boolean {
    return this.#isFed || this.#isAtEnd;
  }

  async ask(): Promise<boolean> {
    if (this.isReady) return true;
    this.#prefetched.say(); // else the hub counts as unread what was read
    if (this.#peer.objectHere(this.#id) !== undefined) {
      // Messages that a child has written already must be read before they count here.
      await this.#peer.nextTurn();
      const state = this.#peer.objectHere(this.#id);
      return this.isReady || (state instanceof PipeEndState ? state.isReadable : true);
    }
    const call = this.#peer.newCall();
    const message: ToHub = [Kind.Call, this.#id, call, PipeMethod.IsReadable, []];
    return await this.#peer.call(call, message) as boolean;
  }

  watch(callback: () => void): () => void {
    this.#watchers.add(callback);
    if (this.isReady) callback();
    else this.#askToWatch();
    return () => this.#watchers.delete(callback);
  }

  #askToWatch(): void {
    if (this.#isFed || this.#isWatched) return;
    this.#isWatched = true; // before: in the root the answer comes within
    this.#peer.post([Kind.Watch, this.#id]);
  }

  /** The next message, if it is here. @throws {EOFError | ConnectionResetError} if there will be none */
  takeNow(taker: Taker): Payload | undefined {
    const { first } = this.#prefetched;
    if (first !== undefined && first.length > taker.maxlength) throw taker.refuse();
    const payload = this.#prefetched.take(); // undefined also if it was revoked
    if (this.#prefetched.hasLost) this.#isAtEnd = false;
    if (payload === undefined && this.#isAtEnd) throw this.#endError();
    return payload;
  }

  /** Waits for a message, of which there is none here. @throws {EOFError} as above */
  take(taker: Taker): Promise<Payload> {
    return waitHere<Payload>(
      this.#peer,
      withoutTimeout(taker),
      (waiter) => {
        const leave = this.#takers.enter({ taker, waiter });
        if (!this.#isFed) this.#peer.post([Kind.Want, this.#id, 1]);
        return () => leave() && this.#unwant();
      },
      undefined,
      ops.recv,
      this.#id,
    );
  }

  #unwant(): void {
    if (!this.#isFed) this.#peer.post([Kind.Unwant, this.#id]);
  }

  /** Has the hub know what was received. */
  say(): void {
    this.#prefetched.say();
  }

  /** Another process is about to get the end. */
  share(): void {
    this.#isShared = true;
    if (this.#isFed && this.#isAlone) this.#stopFeeding();
    else if (this.#isInRoot) this.#prefetched.saysEach = true;
  }

  get #isInRoot(): boolean {
    return this.#peer.objectHere(this.#id) !== undefined;
  }

  /** Returns what was sent here unasked and not taken, so that others may have it. */
  #stopFeeding(): void {
    if (this.#isInRoot) return void (this.#prefetched.saysEach = true); // the hub is here
    this.#isFed =
      this.#isAlone =
      this.#isWatched =
      this.#isAtEnd =
        false;
    this.#prefetched.giveBack(true);
    this.#askAnew();
  }

  #askAnew(): void {
    const count = this.#takers.length;
    if (count > 0) this.#peer.post([Kind.Want, this.#id, count]);
    if (this.#watchers.size > 0) this.#askToWatch();
  }

  /** Ends the waits of a connection that is closed. */
  close(owner: object): void {
    for (let count = this.#takers.close(owner); count > 0; count--) this.#unwant();
    this.#tellWatchers();
  }

  /** Handles a message of the hub. */
  receive(message: ToPeer): void {
    switch (message[0]) {
      case Kind.Items:
        for (const payload of message[2]) this.#offer(payload);
        if (this.#prefetched.length > 0) this.#tellWatchers();
        return;
      case Kind.Feed:
        return this.#feed(message[2]);
      case Kind.Readable:
        this.#isWatched = false;
        return this.#tellWatchers();
      case Kind.End:
        // Else messages before the end were revoked: it will be told again.
        if (!this.#prefetched.isVoid && !this.#prefetched.hasLost) this.end(message[2]);
        return;
      case Kind.Revoke:
        return this.#revoked();
    }
  }

  /** No more messages come; the first who asks for one is told if that is by a reset. */
  end(isReset = false): void {
    this.#isAtEnd = true;
    this.#isReset = isReset;
    this.#takers.end(() => this.#endError());
    this.#tellWatchers();
  }

  #endError(): Error {
    const isReset = this.#isReset;
    this.#isReset = false;
    return isReset ? osError("ECONNRESET") : new EOFError();
  }

  #offer(payload: Payload): void {
    const place = this.#takers.next(payload.length);
    this.#prefetched.add(payload);
    if (place === undefined) return;
    const taken = this.#prefetched.take(); // there is no other
    if (taken !== undefined) place.item.waiter.resolve(taken);
    else this.#takers.putBack(place); // it was revoked
  }

  /** Messages come unasked; each is claimed, unless no other process holds the end. */
  #feed(isAlone: boolean): void {
    this.#isFed = true;
    this.#isAlone = isAlone;
    this.#isWatched = false;
    this.#prefetched.isClaimed = !isAlone && !this.#isInRoot;
    this.#prefetched.saysEach = this.#isInRoot && (this.#isShared || !isAlone);
    if (isAlone && this.#isShared) this.#stopFeeding();
  }

  /** Another process reads as well, or no taker here waits for what has come. */
  #revoked(): void {
    this.#prefetched.hasLost = false;
    if (this.#prefetched.isVoid) return this.#prefetched.endVoid(); // after its own return
    this.#isFed =
      this.#isAlone =
      this.#isWatched =
      this.#isAtEnd =
        false;
    this.#prefetched.giveBack();
    this.#prefetched.isClaimed = false;
    this.#askAnew();
  }

  #tellWatchers(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
