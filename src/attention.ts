/**
 * One end of the link between the root and a child, in what concerns staying awake for
 * what the other end may answer: see runtime/linger.ts.
 *
 * On Deno, where turns of the event loop do not see what has come, each end rings a bell
 * in a file of the bypass when it has written something, and who is awake looks at that.
 * The root makes those files for this as well, once there has been some talk. It stays
 * awake for one child at a time, as it hears nobody else meanwhile; and where it asks
 * several at a time, the processors have other things to do than to wait.
 *
 * @module
 */
import type { BypassEnd } from "./bypass.ts";
import { needsBell, startLinger } from "./runtime/linger.ts";
import { runtime } from "./runtime/mod.ts";

/** How many questions were answered before the bell is worth two files. */
const SOME_TALK = 50;

/** Milliseconds after which an answer that has not come is none that is near. */
const NEAR = 1;

/** Who has asked something that is not answered, and when; only where a bell is needed. */
const asking = new Map<Attention, number>();

/** See the file's head. */
export class Attention {
  #linger = startLinger();
  #bypass: BypassEnd | undefined;
  #turns = 0;
  /** Whether something has come since the bell was rung. */
  #hasHeard = false;
  readonly #now: () => number;

  /** @param now Milliseconds on a clock. */
  constructor(now: () => number = runtime.now) {
    this.#now = now;
  }

  /** Whether a bypass is wanted, for its bell. */
  get wantsBypass(): boolean {
    return needsBell && this.#turns > SOME_TALK;
  }

  /** Something is about to be written. */
  writing(): void {
    if (this.#bypass !== undefined && !asking.has(this)) {
      asking.set(this, this.#now());
    }
    this.#linger?.sent();
  }

  /** It can be read now. Who only tells, and is told nothing, need not ring. */
  written(): void {
    if (!needsBell || !this.#hasHeard) return;
    this.#hasHeard = false;
    this.#turns++;
    if (this.#isAlone()) this.#bypass?.writer.ring();
  }

  /** Something has come. */
  heard(): void {
    this.#hasHeard = true;
    if (this.#bypass !== undefined) asking.delete(this);
    this.#linger?.heard();
  }

  /** The link has got a bypass. */
  useBypass(bypass: BypassEnd): void {
    if (!needsBell) return;
    this.#bypass = bypass;
    this.#linger = startLinger(() => this.#isAlone() ? bypass.reader.bell() : NaN);
  }

  /** There is none any more. */
  endBypass(): void {
    this.#bypass = undefined;
    asking.delete(this);
    if (needsBell) this.#linger = undefined;
  }

  /** Whether nobody else waits for an answer that is near. */
  #isAlone(): boolean {
    for (const [other, since] of asking) {
      if (other === this) continue;
      if (this.#now() - since < NEAR) return false;
      asking.delete(other);
    }
    return true;
  }
}
