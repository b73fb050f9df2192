/**
 * One end of the link between the root and a child, in what concerns staying awake for
 * what the other end may answer: see runtime/linger.ts. That is for two who talk. In a
 * stream who says much is not waiting, and to look for answers would only take its time.
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

/** So much is written at a stretch, or comes, where two talk: more is a stream. */
const STRETCH = 4;

/** Milliseconds after which an answer that has not come is none that is near. */
const NEAR = 1;

/** Who has asked something that is not answered, and when; only where a bell is needed. */
const asking = new Map<Attention, number>();

/** See the file's head. */
export class Attention {
  #linger = startLinger();
  #bypass: BypassEnd | undefined;
  #turns = 0;
  /** What was written since something came; what came since something was written. */
  #written = 0;
  #heard = 0;
  /** How much that was the last time. */
  #lastWritten = 0;
  #lastHeard = 0;
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
    if (this.#written++ === 0) {
      this.#lastHeard = this.#heard;
      this.#heard = 0;
    }
    if (this.#bypass !== undefined && !asking.has(this)) {
      asking.set(this, this.#now());
    }
    if (this.isTalk) this.#linger?.sent();
  }

  /** It can be read now. Once is enough till something comes: who only tells need not ring. */
  written(): void {
    if (!needsBell || this.#written !== 1) return;
    this.#turns++;
    if (this.#isAlone()) this.#bypass?.writer.ring();
  }

  /** Something has come. */
  heard(): void {
    if (this.#heard++ === 0) {
      this.#lastWritten = this.#written;
      this.#written = 0;
    }
    if (this.#bypass !== undefined) asking.delete(this);
    this.#linger?.heard();
  }

  /** Whether both say little at a time, and may wait for what the other one says. */
  get isTalk(): boolean {
    return Math.max(this.#written, this.#lastWritten, this.#lastHeard) <= STRETCH;
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
