/**
 * The parameters of the methods of locks and the like, with the names that errors say.
 *
 * @module
 */
import { REQUIRED, type Signature, signature } from "../python/arguments.ts";

/** A signature without parameters. */
type None = Signature<object>;

/** Parameters of the methods of locks and semaphores. */
export const ACQUIRE: Signature<{ block: unknown; timeout: unknown }> = signature<
  { block: unknown; timeout: unknown }
>("acquire", { block: true, timeout: null }, { builtin: true });
export const RELEASE: None = signature("SemLock.release", {}, { builtin: true });
export const LOCKED: None = signature("SemLock.locked", {});
export const GET_VALUE: None = signature("Semaphore.get_value", {});

/** Parameters of `Condition`'s methods. */
export const CONDITION_WAIT: Signature<{ timeout: unknown }> = signature<
  { timeout: unknown }
>("Condition.wait", { timeout: null });
export const WAIT_FOR: Signature<{ predicate: unknown; timeout: unknown }> = signature<
  { predicate: unknown; timeout: unknown }
>("Condition.wait_for", { predicate: REQUIRED, timeout: null });
export const NOTIFY: Signature<{ n: unknown }> = signature<{ n: unknown }>(
  "Condition.notify",
  { n: 1 },
);
export const NOTIFY_ALL: None = signature("Condition.notify_all", {});

/** Parameters of `Event`'s methods. */
export const IS_SET: None = signature("Event.is_set", {});
export const SET: None = signature("Event.set", {});
export const CLEAR: None = signature("Event.clear", {});
export const EVENT_WAIT: Signature<{ timeout: unknown }> = signature<
  { timeout: unknown }
>("Event.wait", { timeout: null });

/** Parameters of `Barrier`'s methods. */
export const BARRIER_WAIT: Signature<{ timeout: unknown }> = signature<
  { timeout: unknown }
>("Barrier.wait", { timeout: null });
export const RESET: None = signature("Barrier.reset", {});
export const ABORT: None = signature("Barrier.abort", {});
