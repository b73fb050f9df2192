/**
 * The reading side of an end of a pipe: the messages that are here, and the takers that
 * wait for one. The other half of hub/channel.ts, where the ways of getting messages
 * are told: asking for each, and being fed.
 *
 * @module
 */
import { EOFError } from "../python/errors.ts";
import { PipeEndState } from "../hub/pipe.ts";
import { PipeMethod } from "../hub/object.ts";
import { PrefetchBuffer } from "../link/prefetch_buffer.ts";
import type { Peer } from "../link/peer.ts";
import { runtime } from "../runtime/mod.ts";
import { waitHere, withoutTimeout } from "../link/waiting.ts";
import { Kind, type Payload, type ToPeer } from "../wire/message.ts";
import { type Taker, Takers, type Waitable } from "./transport.ts";

/** The reading side of an end of a pipe. */
export class PipeReader implements Waitable {
  readonly #peer: Peer;
  readonly #id: number;
  readonly #prefetched: PrefetchBuffer;
  /** Some only while the inbox is empty. */
  readonly #takers = new Takers();
  /** Told when something may have become ready. */
  readonly #watchers = new Set<() => void>();
  /** Messages come unasked. */
  #isFed = false;
  /** And no other process holds the end. */
  #isAlone = false;
  /** The hub was asked to tell when there is a message. */
  #isWatched = false;
  /** This process has given the end to another one, whatever the hub knew of that. */
  #isShared = false;
  /** No more messages will come. */
  #isAtEnd = false;

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
    this.#prefetched.say(); // else the hub takes for unread what was read
    if (this.#peer.objectHere(this.#id) !== undefined) {
      // What a child has written already must be read before it counts here.
      await this.#peer.refWhile(new Promise<void>((done) => runtime.nextTurn(done)));
      const state = this.#peer.objectHere(this.#id);
      return this.isReady || (state instanceof PipeEndState ? state.isReadable : true);
    }
    const { IsReadable } = PipeMethod;
    const call = this.#peer.newCall();
    return await this.#peer.call(call, [
      Kind.Call,
      this.#id,
      call,
      IsReadable,
      [],
    ]) as boolean;
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

  /** The next message, if it is here. @throws {EOFError} if there will be none */
  takeNow(taker: Taker): Payload | undefined {
    const { first } = this.#prefetched;
    if (first !== undefined && first.length > taker.maxlength) throw taker.refuse();
    const payload = this.#prefetched.take(); // which may have been taken back
    if (this.#prefetched.hasLost) this.#isAtEnd = false;
    if (payload === undefined && this.#isAtEnd) throw new EOFError();
    return payload;
  }

  /** Waits for a message, of which there is none here. @throws {EOFError} as above */
  take(taker: Taker): Promise<Payload> {
    return waitHere<Payload>(this.#peer, withoutTimeout(taker), (waiter) => {
      const leave = this.#takers.enter({ taker, waiter });
      if (!this.#isFed) this.#peer.post([Kind.Want, this.#id, 1]);
      return () => leave() && this.#unwant();
    });
  }

  #unwant(): void {
    if (!this.#isFed) this.#peer.post([Kind.Unwant, this.#id]);
  }

  /** Somebody else is about to get hold of the end. */
  share(): void {
    this.#isShared = true;
    if (this.#isFed && this.#isAlone) this.#stopFeeding();
    else if (this.#isInRoot) this.#prefetched.saysEach = true;
  }

  get #isInRoot(): boolean {
    return this.#peer.objectHere(this.#id) !== undefined;
  }

  /** Gives back what was sent here unasked and has not been taken: others may have it. */
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

  /** Ends what a connection that is closed waits for. */
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
        // Else some that come before it are others': it will be told again.
        if (!this.#prefetched.isVoid && !this.#prefetched.hasLost) this.end();
        return;
      case Kind.Revoke:
        return this.#recall();
    }
  }

  /** There will be no more messages. */
  end(): void {
    this.#isAtEnd = true;
    this.#takers.end(new EOFError());
    this.#tellWatchers();
  }

  #offer(payload: Payload): void {
    const place = this.#takers.next(payload.length);
    this.#prefetched.add(payload);
    if (place === undefined) return;
    const taken = this.#prefetched.take(); // there is no other
    if (taken !== undefined) place.item.waiter.resolve(taken);
    else this.#takers.putBack(place); // it was taken back
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

  /** Somebody else reads too, or nobody here waits for what has come. */
  #recall(): void {
    this.#prefetched.hasLost = false;
    if (this.#prefetched.isVoid) return this.#prefetched.endVoid(); // this end has asked for it
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
