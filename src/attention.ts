/**
 * One end of the link between the root and a child, in what concerns staying awake for
 * what the other end may answer: see runtime/linger.ts.
 *
 * On Deno, where turns of the event loop do not see what has come, each end rings a bell
 * in a file of the bypass when it has written something, and who is awake looks at that.
 * The root makes those files for this as well, once there has been some talk.
 *
 * @module
 */
import type { BypassEnd } from "./bypass.ts";
import { needsBell, startLinger } from "./runtime/linger.ts";

/** How many questions were answered before the bell is worth two files. */
const SOME_TALK = 50;

/** See the file's head. */
export class Attention {
  #linger = startLinger();
  #bypass: BypassEnd | undefined;
  #turns = 0;
  /** Whether something has come since the bell was rung. */
  #hasHeard = false;

  /** Whether a bypass is wanted, for its bell. */
  get wantsBypass(): boolean {
    return needsBell && this.#turns > SOME_TALK;
  }

  /** Something is about to be written. */
  writing(): void {
    this.#linger?.sent();
  }

  /** It can be read now. Who only tells, and is told nothing, need not ring. */
  written(): void {
    if (!needsBell || !this.#hasHeard) return;
    this.#hasHeard = false;
    this.#turns++;
    this.#bypass?.writer.ring();
  }

  /** Something has come. */
  heard(): void {
    this.#hasHeard = true;
    this.#linger?.heard();
  }

  /** The link has got a bypass. */
  useBypass(bypass: BypassEnd): void {
    if (!needsBell) return;
    this.#bypass = bypass;
    this.#linger = startLinger(() => bypass.reader.bell());
  }

  /** There is none any more. */
  endBypass(): void {
    this.#bypass = undefined;
    if (needsBell) this.#linger = undefined;
  }
}
