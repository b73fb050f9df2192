/**
 * Adaptive spinning: a process stays awake for a moment after it has sent a message, where
 * that makes the answer come sooner. Falling asleep and being woken takes the system longer
 * than a short call takes both sides: a process that stays awake answers several times as
 * fast, and uses less of the processor for it. Where it does not help, as when all
 * processors are busy or answers take long, the process falls asleep at once as any does,
 * and tries again only now and then.
 *
 * @module
 */
import { runtime } from "../mod.ts";
import { switches } from "../switches.ts";

/** Milliseconds of a spin. */
const MOMENT = 0.05;
/** An answer is in time if it takes at most this part of an answer to a sleeping process. */
const GAIN = 0.8;
/** Failed spins, one after the other, after which the process rests. */
const MAX_VAIN = 4;
/**
 * Messages of a rest, after which the process falls asleep at once. Each rest is twice as
 * long as the one before, as a spin costs much where it does not help.
 */
const FIRST_REST = 50;
const LONGEST_REST = 400;
/** Answers in time, one after the other, after which the next rest is short again. */
const STREAK = 20;

/** The time and the event loop. */
interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Calls back after all that has arrived was handled, without sleeping. */
  turn(callback: () => void): void;
  /** Where turns do not see arrivals: a number that changes with each. */
  doorbell?(): number;
}

/** The spinning of one conversation. */
export class AdaptiveSpin {
  readonly #clock: Clock;
  /** The time of the message that is not answered; -1 if there is none. */
  #asked = -1;
  /** Whether it spins for the answer. */
  #isAwake = false;
  #isTurning = false;
  /** The doorbell's number when the message was sent. */
  #doorbell: number | undefined;
  /** Milliseconds until an answer to a sleeping process, averaged. */
  #asleep = MOMENT;
  #inVain = 0;
  #inTime = 0;
  #resting = FIRST_REST;
  #rest = FIRST_REST;
  readonly #turn: () => void;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#turn = () => this.#look();
  }

  /** A message was sent. */
  sent(): void {
    if (this.#asked >= 0) return;
    this.#asked = this.#clock.now();
    if (this.#resting > 0) {
      this.#resting--;
      return;
    }
    this.#isAwake = true;
    this.#doorbell = this.#clock.doorbell?.();
    if (this.#isTurning) return;
    this.#isTurning = true;
    this.#clock.turn(this.#turn);
  }

  /** A message has come. */
  heard(): void {
    if (this.#asked < 0) return;
    const took = this.#clock.now() - this.#asked;
    this.#asked = -1;
    if (!this.#isAwake) {
      // A long wait tells nothing about the time of being woken.
      this.#asleep += (Math.min(took, 4 * MOMENT) - this.#asleep) / 16;
      return;
    }
    this.#isAwake = false;
    if (took > GAIN * this.#asleep) return this.#failed();
    this.#inVain = 0;
    if (++this.#inTime === STREAK) this.#rest = FIRST_REST;
  }

  #look(): void {
    const hasCome = this.#isAwake && this.#clock.doorbell?.() !== this.#doorbell;
    if (this.#isAwake && !hasCome && this.#clock.now() < this.#asked + MOMENT) {
      this.#clock.turn(this.#turn);
      return;
    }
    this.#isTurning = false;
    if (!this.#isAwake || hasCome) return;
    this.#isAwake = false;
    this.#asked = -1; // the time of this answer tells nothing
    this.#failed();
  }

  #failed(): void {
    this.#inTime = 0;
    if (++this.#inVain < MAX_VAIN) return;
    this.#inVain = MAX_VAIN - 1; // the next time one failed spin is enough
    this.#resting = this.#rest;
    this.#rest = Math.min(2 * this.#rest, LONGEST_REST);
  }
}

/** Whether turns do not see arrivals: Deno checks for them only every 61st time. */
export const needsDoorbell: boolean = runtime.name === "deno";

/** Whether processes here spin, and need a doorbell for it. */
export function usesDoorbell(): boolean {
  return needsDoorbell && switches.spin;
}

/**
 * A spin for a conversation of this process; none where it needs a doorbell and has none, or
 * where spinning is off. The doorbell is used only where it is needed.
 */
export function startSpin(doorbell?: () => number): AdaptiveSpin | undefined {
  if (!switches.spin) return undefined;
  const { now, nextTurn } = runtime;
  if (!needsDoorbell) return new AdaptiveSpin({ now, turn: nextTurn });
  return doorbell && new AdaptiveSpin({ now, turn: queueMicrotask, doorbell });
}
