/**
 * The values of `AsyncLocalStorage` that the caller of a function sees, for what is called
 * later in its name: callbacks, and the generator that gives a pool its input.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** What calls a function as if the one that has asked for this called it. */
export type CallerContext = <R>(fn: () => R) => R;

/** The present context. The module of Node's is fetched here: few processes need it. */
export function callerContext(): CallerContext {
  return builtin("node:async_hooks").AsyncLocalStorage.snapshot();
}
