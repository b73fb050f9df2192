/**
 * Waits for a while: a pause that can be ended, and a limit for something else.
 *
 * @module
 */
import { osError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";

/** Pauses of one loop, one at a time. */
export class Pause {
  #end = () => {};

  /** Settles after so many milliseconds, or at `end`. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = runtime.setTimer(resolve, milliseconds);
      this.#end = () => {
        runtime.clearTimer(timer);
        resolve();
      };
    });
  }

  /** Ends the present one. */
  end(): void {
    this.#end();
  }
}

/** The same as `done`. @throws {OSError} `ETIMEDOUT`, if that takes longer */
export async function inTime(
  milliseconds: number,
  done: Promise<unknown>,
): Promise<void> {
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = runtime.setTimer(() => reject(osError("ETIMEDOUT")), milliseconds);
  });
  try {
    await Promise.race([done, late]);
  } finally {
    runtime.clearTimer(timer);
  }
}
