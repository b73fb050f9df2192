/**
 * What makes one end of the link between the root and a child faster than its stream is:
 * long messages go by a shared-memory channel (see shared_channel.ts), and the process spins
 * for what the other end may answer (see runtime/speed/spin.ts). Both ends have one.
 *
 * Spinning is for two that talk. A process that sends a stream is not waiting, and to look
 * for answers would only take its time.
 *
 * On Deno, where turns of the event loop do not see what has come, each end rings a doorbell
 * in a file of the channel when it has written something, and a process that spins looks at
 * that. The root makes those files for this as well, once there has been some talk. It spins
 * for one child at a time, as it hears nothing of the others meanwhile; and where it asks
 * several at a time, the processors have other things to do than to wait.
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

/** How many questions were answered before the doorbell is worth two files. */
const SOME_TALK = 50;

/** So much is written at a stretch, or comes, where two talk: more is a stream. */
const STRETCH = 4;

/** Milliseconds after which an answer that has not come is none that is near. */
const NEAR = 1;

/**
 * The links on which something was asked that is not answered, and when; only where a
 * doorbell is needed.
 */
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
  /** How often the first thing was written after something had come. */
  #turns = 0;
  /** What was written since something came; what came since something was written. */
  #written = 0;
  #heard = 0;
  /** How much that was the last time. */
  #lastWritten = 0;
  #lastHeard = 0;

  /**
   * @param frames Is given a bypasser when the channel is open.
   * @param now Milliseconds on a clock.
   */
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
    if (this.isTalk) this.#spin?.sent();
  }

  /**
   * It can be read now. The doorbell rings once till something comes: a process that only
   * sends need not ring for each message.
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

  /** Whether both say little at a time, and may wait for what the other one says. */
  get isTalk(): boolean {
    return Math.max(this.#written, this.#lastWritten, this.#lastHeard) <= STRETCH;
  }

  /** Whether no other link waits for an answer that is near. */
  #isAlone(): boolean {
    for (const [other, since] of asking) {
      if (other === this) continue;
      if (this.#now() - since < NEAR) return false;
      asking.delete(other);
    }
    return true;
  }

  // --- the channel

  /** In the root: whether a channel is worth it for its doorbell, and was not tried yet. */
  get wantsDoorbell(): boolean {
    return this.#turns > SOME_TALK && this.#channel === undefined && usesDoorbell();
  }

  /**
   * In the root: makes a channel, the first time that there is a use for one.
   *
   * @param folder Where its files are made.
   * @returns What the child is to be told; undefined if there is nothing to tell.
   */
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

  /**
   * In a child: opens the files that the root has made.
   *
   * @param answer Tells the root whether they are open; runs before they are used.
   */
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
   * Takes the message that the other end has put into the channel.
   *
   * @throws {ProtocolError} if there is no channel, or nothing where it is said to be
   */
  take(message: ByChannel): Message {
    if (!this.#channel) throw new ProtocolError("there is no bypass");
    return this.#channel.reader.take(message);
  }

  /** The other end is gone, or has refused the channel: there will be none any more. */
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
