/**
 * The functions that a pool's tasks call: each is encoded once, if at all, and then
 * known by a number.
 *
 * @module
 */
import { boundParts } from "../reduction/kinds.ts";
import { dumps, PendingPayload } from "../reduction/mod.ts";
import { lostReference } from "../functions/references.ts";
import { repr } from "../python/repr.ts";
import type { Payload } from "../wire/message.ts";
import type { Pace } from "./scheduler.ts";

/** One function. */
export interface PoolFunction {
  readonly id: number;
  /** For texts. */
  readonly name: string;
  /** How long a call takes. */
  readonly pace: Pace;
  /** Whether it is used for one job only: it carries an object, as it was then. */
  readonly isTemporary: boolean;
  /** The function itself, where workers need no copy. */
  readonly target: unknown;
  /** The copy; undefined where there is none, and while the module is being looked for. */
  payload: Payload | undefined;
  /** Settles when `payload` is there, or cannot be; undefined if it was there at once. */
  readonly ready: Promise<void> | undefined;
}

/** See the file's head. */
export class FunctionTable {
  readonly #isCopying: boolean;
  readonly #known = new WeakMap<object, PoolFunction>();
  #lastId = 0;

  /** @param isCopying Whether the workers are elsewhere, and must be sent functions. */
  constructor(isCopying: boolean) {
    this.#isCopying = isCopying;
  }

  /** A function for a new job. If it cannot be sent, `ready` tells. */
  get(func: unknown): PoolFunction {
    const known = typeof func === "function" ? this.#known.get(func) : undefined;
    const isLost = this.#isCopying && lostReference(func as never) !== undefined;
    if (known !== undefined && !isLost) return known;
    const isLasting = typeof func === "function" && boundParts(func) === undefined;
    const payload = this.#isCopying ? dumpLater(func) : undefined;
    const isPending = payload instanceof Promise;
    const made: PoolFunction = {
      id: ++this.#lastId,
      name: typeof func === "function" ? func.name || "<lambda>" : repr(func),
      pace: { micros: Infinity, samples: 0 },
      isTemporary: !isLasting,
      target: this.#isCopying ? undefined : func,
      payload: isPending ? undefined : payload,
      ready: isPending
        ? payload.then((payload) => void (made.payload = payload))
        : undefined,
    };
    if (isLasting) this.#known.set(func, made);
    // It may be exported next time.
    made.ready?.catch(() => isLasting && this.#known.delete(func));
    return made;
  }
}

function dumpLater(func: unknown): Payload | Promise<Payload> {
  try {
    const payload = dumps(func);
    return payload instanceof PendingPayload ? payload.resolve() : payload;
  } catch (error) {
    return Promise.reject(error);
  }
}
