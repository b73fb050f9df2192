/**
 * What a pool and its workers say to each other. Types and numbers only.
 *
 * Both directions carry a list of numbers (heads) and a list of byte strings (items); a
 * statement is a number from the tables below, then its operands; what is written as
 * `<…>` is the next item instead.
 *
 * A worker runs its tasks one after the other in the order in which it got them, and
 * has said how a task went before it begins the next one. So no task needs a number, and
 * when a worker dies it is known that only the first one that it has said nothing about
 * can have been begun. Whether it has been is known where the worker claims what it begins:
 * so the pool can also take tasks back without a word.
 *
 * @module
 */

/** What a pool tells a worker. */
export const Told = {
  /** number, `<function>`: from now on the number stands for the function. */
  Define: 1,
  /** number: the function is not needed any more. */
  Forget: 2,
  /** function, mode, form, ticks, `<arguments>`: one task. */
  Task: 3,
  /** function, form, count, `<arguments>`: so many tasks of one argument each. */
  Run: 4,
  /**
   * Claim each task from now on before it is begun, in two files: `<path>`, `<path>`. See
   * hub/claims.ts.
   */
  Claim: 5,
  /** The answer to `Claiming` that is false: what was told before is void. */
  ClaimNoMore: 7,
  /** There will be no more tasks: end when all are done. */
  Stop: 6,
} as const;

/** What a worker reports. */
export const Reported = {
  /** It is there, and its initializer has run. */
  Ready: 1,
  /** microseconds, form, `<value>`: the first task is done. */
  Done: 2,
  /** microseconds, whether to show the worker's stack, `<error>`: the first task failed. */
  Failed: 3,
  /** calls: so many of the calls that make up the first task are done, and one begins. */
  Tick: 4,
  /**
   * whether it claims, from now on. False can also come later: then it begins nothing more
   * of what it was told before the answer.
   */
  Claiming: 5,
  /** `<error>`: the initializer failed; the worker ends. */
  NotReady: 6,
  /** It has found that tasks were taken back. */
  Free: 7,
} as const;

/** Stands for a pool's tasks where they are claimed. */
export const TASKS = 1;

/** How a function is applied to what a task carries. */
export const Mode = {
  /** Once, to all of it. */
  Apply: 0,
  /** To each element. */
  Map: 1,
  /** To each element, which is a list of arguments. */
  Starmap: 2,
} as const;

/** One of {@linkcode Mode}. */
export type Mode = typeof Mode[keyof typeof Mode];

/** How a value, or the elements of a list, are written. */
export const Form = {
  /** As any value is, by reduction.ts. */
  Payload: 0,
  /** A list of 32-bit integers, side by side. */
  Int32: 1,
  /** A list of floating point numbers, side by side. */
  Float64: 2,
  /** The value, or the only element, is the next head. */
  Head: 3,
  /** The value is the item itself: bytes. */
  Bytes: 4,
  /** A list of one element, which is the item itself: bytes. */
  OneBytes: 5,
} as const;

/** One of {@linkcode Form}. */
export type Form = typeof Form[keyof typeof Form];

/** How often a worker tells that it goes on within a task. */
export const Ticks = {
  Never: 0,
  /** Every now and then. */
  Sometimes: 1,
  /** After each call. */
  Always: 2,
} as const;

/** One of {@linkcode Ticks}. */
export type Ticks = typeof Ticks[keyof typeof Ticks];
