/** The package's timers in the test's hand: none rings by itself. */
import { runtime } from "../../src/runtime/mod.ts";

/** A timer that was set and has neither rung nor been cleared. */
export interface HeldTimer {
  readonly milliseconds: number;
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
  const { setTimer, clearTimer } = runtime;
  const timers: HeldTimer[] = [];
  const remove = (timer: unknown) => {
    const index = timers.indexOf(timer as HeldTimer);
    if (index >= 0) timers.splice(index, 1);
    return index >= 0;
  };
  runtime.setTimer = (callback, milliseconds) => {
    const timer: HeldTimer = {
      milliseconds,
      ring() {
        if (remove(timer)) callback();
      },
    };
    timers.push(timer);
    return timer;
  };
  runtime.clearTimer = (timer) => {
    if (!remove(timer)) clearTimer(timer); // of before, perhaps
  };
  return { timers, restore: () => Object.assign(runtime, { setTimer, clearTimer }) };
}
