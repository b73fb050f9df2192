/**
 * How Python iterates over containers that may change meanwhile.
 *
 * @module
 */
import { RuntimeError } from "../../python/errors.ts";

/** A container of which the size can be compared. */
interface Sized<T> {
  readonly size: number;
  values(): Iterator<T>;
}

/**
 * The iterator of a dict or set: once the size is not what it was when the iterator was made,
 * it fails, until it has come to its end. It is no generator to its users.
 *
 * @param what Python's name of the container.
 * @param resultOf What it gives for an entry.
 */
export function iterateSized<T, R>(
  what: string,
  container: Sized<T>,
  resultOf: (entry: T) => R,
): IterableIterator<R> {
  const { size } = container;
  const entries = container.values();
  let state: "going on" | "failed" | "over" = "going on";
  return {
    next() {
      if (state === "over") return { done: true, value: undefined };
      if (state === "failed" || container.size !== size) {
        state = "failed";
        throw new RuntimeError(`${what} changed size during iteration`);
      }
      const step = entries.next();
      if (step.done !== true) return { done: false, value: resultOf(step.value) };
      state = "over";
      return { done: true, value: undefined };
    },
    [Symbol.iterator]() {
      return this;
    },
  };
}
