/**
 * The functions that a pool's tasks call: each is encoded once and then known by a number.
 *
 * @module
 */
import { boundParts } from "../reduction/bound.ts";
import { dumps, PendingPayload } from "../reduction.ts";
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
  /** Undefined while its module is being looked for. */
  payload: Payload | undefined;
  /** Settles when `payload` is there, or cannot be; undefined if it was there at once. */
  readonly ready: Promise<void> | undefined;
}

/** See the file's head. */
export class FunctionTable {
  readonly #known = new WeakMap<object, PoolFunction>();
  #lastId = 0;

  /**
   * A function for a new job.
   *
   * @throws {PicklingError} If it cannot be sent; that may be found out later, too.
   */
  get(func: unknown): PoolFunction {
    const isLasting = typeof func === "function" && boundParts(func) === undefined;
    const known = isLasting ? this.#known.get(func) : undefined;
    if (known !== undefined) return known;
    const payload = dumps(func);
    const isPending = payload instanceof PendingPayload;
    const made: PoolFunction = {
      id: ++this.#lastId,
      name: typeof func === "function" ? func.name || "<lambda>" : String(func),
      pace: { micros: Infinity, samples: 0 },
      isTemporary: !isLasting,
      payload: isPending ? undefined : payload,
      ready: isPending
        ? payload.resolve().then((payload) => void (made.payload = payload))
        : undefined,
    };
    if (isLasting) this.#keep(func, made);
    return made;
  }

  #keep(func: object, made: PoolFunction): void {
    this.#known.set(func, made);
    made.ready?.catch(() => this.#known.delete(func)); // it may be exported next time
  }
}
