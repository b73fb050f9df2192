/**
 * The fast path of one end of the link between the root and a child, where the stream alone
 * would be slower: long messages go by a shared-memory channel (see shared_channel.ts), and
 * the process spins for an answer of the other end (see runtime/speed/spin.ts).
 *
 * Spinning is for two ends that talk. A process that sends a stream is not waiting, and to
 * look for answers would only take its time.
 *
 * On Deno, where turns of the event loop do not read what has come, each end rings a doorbell
 * in a file of the channel when it has written something, and a process that spins looks at
 * that. The root makes the files for this as well, once there has been some talk. It spins
 * for one child at a time, as it cannot hear the others meanwhile; and where it asks several
 * at a time, the processors have better things to do than to spin.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { needsDoorbell, startSpin, usesDoorbell } from "../runtime/speed/spin.ts";
import { switches } from "../runtime/switches.ts";
import type { ChannelPut } from "../wire/frame.ts";
import type { ByChannel, ChannelOffer, Message } from "../wire/message.ts";
import { acceptChannel, type ChannelEnd, offerChannel } from "./shared_channel.ts";

/** Answered questions after which the doorbell is worth two files. */
const SOME_TALK = 50;

/** Most writes, or chunks, in a row where two ends talk: more is a stream. */
const STRETCH = 4;

/** Milliseconds in which an answer comes that is worth spinning for. */
const NEAR = 1;

/** The links with an unanswered question, and its time; only where a doorbell is needed. */
const asking = new Map<FastPath, number>();

/** The link's writer of frames. */
export interface FrameSink {
  /** Puts long messages elsewhere, as long as it is there. */
  channel: ChannelPut | undefined;
}

/** The fast path of one end of a link. */
export class FastPath {
  readonly #frames: FrameSink;
  readonly #now: () => number;
  #spin = startSpin();
  /** Null where there can be none; undefined as long as there was no use for one. */
  #channel: ChannelEnd | null | undefined;
  #isOpen = false;
  /** The channel, once it is open, where spinning needs its doorbell. */
  #doorbell: ChannelEnd | undefined;
  /** The number of first writes after something had come. */
  #turns = 0;
  /** Writes since something came; chunks since something was written. */
  #written = 0;
  #heard = 0;
  /** The same in the turn before. */
  #lastWritten = 0;
  #lastHeard = 0;

  /** @param frames Puts long messages into the channel when that is open. */
  constructor(frames: FrameSink, now: () => number = runtime.now) {
    this.#frames = frames;
    this.#now = now;
  }

  // --- spinning

  /** Something is about to be written. */
  writing(): void {
    if (this.#written++ === 0) {
      this.#lastHeard = this.#heard;
      this.#heard = 0;
    }
    if (this.#doorbell !== undefined && !asking.has(this)) {
      asking.set(this, this.#now());
    }
    if (this.#spin !== undefined && this.isTalk) this.#spin.sent();
  }

  /**
   * Something was written. The doorbell rings once until something comes: a process that
   * only sends need not ring for each message.
   */
  written(): void {
    if (!needsDoorbell || this.#written !== 1) return;
    this.#turns++;
    if (this.#isAlone()) this.#doorbell?.writer.ring();
  }

  /** Something has come. */
  heard(): void {
    if (this.#heard++ === 0) {
      this.#lastWritten = this.#written;
      this.#written = 0;
    }
    if (this.#doorbell !== undefined) asking.delete(this);
    this.#spin?.heard();
  }

  /** Whether both ends send little at a time, and so may wait for an answer. */
  get isTalk(): boolean {
    return Math.max(this.#written, this.#lastWritten, this.#lastHeard) <= STRETCH;
  }

  /** Whether no other link has asked something a moment ago. */
  #isAlone(): boolean {
    for (const [other, since] of asking) {
      if (other === this) continue;
      if (this.#now() - since < NEAR) return false;
      asking.delete(other);
    }
    return true;
  }

  // --- the channel

  /** In the root: whether there should be a channel for its doorbell, and was none yet. */
  get wantsDoorbell(): boolean {
    return this.#turns > SOME_TALK && this.#channel === undefined && usesDoorbell();
  }

  /** In the root: makes a channel at its first use; gives the offer to the child, if any. */
  offer(folder: string | undefined): ChannelOffer | undefined {
    if (this.#channel !== undefined) return undefined;
    if (!switches.channel && !this.wantsDoorbell) return undefined;
    const offered = offerChannel(folder);
    this.#channel = offered ?? null;
    return offered?.offer;
  }

  /**
   * In the root: the child has opened the files, or could not.
   *
   * @throws {ProtocolError} if there is no channel that waits for that
   */
  opened(isOpen: boolean): void {
    const channel = this.#channel;
    if (!channel || this.#isOpen) {
      throw new ProtocolError("there is no bypass to be opened");
    }
    if (!isOpen) return this.end();
    channel.unlink?.();
    this.#use(channel);
  }

  /** In a child: opens the files; `answer` tells the root so, before they are used. */
  accept(offer: ChannelOffer, answer: (isOpen: boolean) => void): void {
    const channel = acceptChannel(offer);
    this.#channel = channel ?? null;
    answer(channel !== undefined);
    if (channel !== undefined) this.#use(channel);
  }

  #use(channel: ChannelEnd): void {
    this.#isOpen = true;
    if (switches.channel) {
      this.#frames.channel = (runs, parts) => channel.writer.put(runs, parts);
    }
    if (!usesDoorbell()) return;
    this.#doorbell = channel;
    this.#spin = startSpin(() => this.#isAlone() ? channel.reader.doorbell() : NaN);
  }

  /**
   * Takes a message that the other end has put into the channel.
   *
   * @throws {ProtocolError} if there is no channel, or nothing where it is said to be
   */
  take(message: ByChannel): Message {
    if (!this.#channel) throw new ProtocolError("there is no bypass");
    return this.#channel.reader.take(message);
  }

  /** The other end is gone, or has refused the channel: closes it for good. */
  end(): void {
    const channel = this.#channel;
    this.#channel = null;
    this.#frames.channel = undefined;
    this.#doorbell = undefined;
    asking.delete(this);
    if (needsDoorbell) this.#spin = undefined;
    if (!channel) return;
    channel.unlink?.();
    channel.writer.close();
    channel.reader.close();
  }
}
