/**
 * Adaptive spinning: a process stays awake for a moment after it has sent something, where
 * that makes the answer come sooner. To fall asleep and to be woken takes the system longer
 * than a short call takes both sides: a process that stays awake answers several times as
 * fast, and uses less of the processor for it. Where it does not help, as when all
 * processors are busy or the answers are long in coming, the process falls asleep at once
 * as any does, and only now and then tries.
 *
 * @module
 */
import { runtime } from "../mod.ts";
import { switches } from "../switches.ts";

/** Milliseconds of staying awake. */
const MOMENT = 0.05;
/** An answer is in time if it takes so much less than where the process was asleep. */
const GAIN = 0.8;
/** So many moments in vain, one after the other, and it rests. */
const MAX_VAIN = 4;
/**
 * So many times it then falls asleep at once before it tries again: each time twice as
 * many, as to try costs much where it does not help.
 */
const FIRST_REST = 50;
const LONGEST_REST = 400;
/** So many answers in time, one after the other, and it helps: the next rest is short. */
const STREAK = 20;

/** How time passes. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Calls back after whatever has come was dealt with, without sleeping. */
  turn(callback: () => void): void;
  /** Where turns do not see what has come: a number that changes when something has. */
  doorbell?(): number;
}

/** The spinning of one conversation. */
export class AdaptiveSpin {
  readonly #clock: Clock;
  /** When the question was sent that is not answered; -1 if none is. */
  #asked = -1;
  /** Whether it is awake for the answer to that. */
  #isAwake = false;
  #isTurning = false;
  /** The doorbell when the question was sent. */
  #doorbell: number | undefined;
  /** How long answers take, about, when it is asleep. */
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

  /** Something was sent. */
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

  /** Something has come. */
  heard(): void {
    if (this.#asked < 0) return;
    const took = this.#clock.now() - this.#asked;
    this.#asked = -1;
    if (!this.#isAwake) {
      // A long wait says nothing about how long it takes to be woken.
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
    this.#asked = -1; // what comes now tells nothing
    this.#failed();
  }

  #failed(): void {
    this.#inTime = 0;
    if (++this.#inVain < MAX_VAIN) return;
    this.#inVain = MAX_VAIN - 1; // the next time one in vain is enough
    this.#resting = this.#rest;
    this.#rest = Math.min(2 * this.#rest, LONGEST_REST);
  }
}

/** Whether turns do not see what has come: Deno looks only every 61st time. */
export const needsDoorbell: boolean = runtime.name === "deno";

/** Whether processes here spin, and need a doorbell for it. */
export function usesDoorbell(): boolean {
  return needsDoorbell && switches.spin;
}

/**
 * A spin for a conversation of this process; none where that needs a doorbell and has none,
 * or where nothing spins.
 *
 * @param doorbell See {@linkcode Clock}; used only where it is needed.
 */
export function startSpin(doorbell?: () => number): AdaptiveSpin | undefined {
  if (!switches.spin) return undefined;
  const { now, nextTurn } = runtime;
  if (!needsDoorbell) return new AdaptiveSpin({ now, turn: nextTurn });
  return doorbell && new AdaptiveSpin({ now, turn: queueMicrotask, doorbell });
}
