/** Types of the part of `@std/async` that this project's tests and examples use. */

/** Options of {@linkcode delay}. */
export interface DelayOptions {
  /** Rejects the promise, with its reason, when it is aborted. */
  signal?: AbortSignal;
  /** Whether the wait keeps the process alive; `true` if not given. */
  persistent?: boolean;
}

/** Resolves after `ms` milliseconds. */
export function delay(ms: number, options?: DelayOptions): Promise<void>;

/** Rejects when `signal` is aborted before `promise` settles. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T>;

/** Rejects when `promise` has not settled after `ms` milliseconds. */
export function deadline<T>(
  promise: Promise<T>,
  ms: number,
  options?: { signal?: AbortSignal },
): Promise<T>;
