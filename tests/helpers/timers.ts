/** The package's timers in the test's hand: none rings by itself. */
import { runtime } from "../../src/runtime/mod.ts";

/** A timer that was set and has neither rung nor been cleared. */
export interface HeldTimer {
  readonly milliseconds: number;
  /** Rings now. What it does in the turns after that is done at once, as far as they go. */
  ring(): void;
}

/** See the file's head. */
export interface HeldTimers {
  /** In the order in which they were set. */
  readonly timers: HeldTimer[];
  /** The package has its own timers again; those that were held never ring. */
  restore(): void;
}

/** Holds all timers that the package sets from now on. */
export function holdTimers(): HeldTimers {
  const { setTimer, clearTimer, nextTurn } = runtime;
  const timers: HeldTimer[] = [];
  let isRinging = false;
  runtime.nextTurn = (callback) => isRinging ? callback() : nextTurn(callback);
  const remove = (timer: unknown) => {
    const index = timers.indexOf(timer as HeldTimer);
    if (index >= 0) timers.splice(index, 1);
    return index >= 0;
  };
  runtime.setTimer = (callback, milliseconds) => {
    const timer: HeldTimer = {
      milliseconds,
      ring() {
        if (!remove(timer)) return;
        isRinging = true;
        try {
          callback();
        } finally {
          isRinging = false;
        }
      },
    };
    timers.push(timer);
    return timer;
  };
  runtime.clearTimer = (timer) => {
    if (!remove(timer)) clearTimer(timer); // of before, perhaps
  };
  const before = { setTimer, clearTimer, nextTurn };
  return { timers, restore: () => Object.assign(runtime, before) };
}
