/**
 * How objects are sent to other processes, and who may make them there. Mirrors what is
 * public in `multiprocessing/reduction.py`.
 *
 * Instances of exported classes need nothing of this: their fields travel. What a class
 * hides (`#private` fields, handles of native code) is sent by a function that
 * {@linkcode register} is told.
 *
 * What differs: data from another process has nothing called but what the receiver
 * has registered, so the line with `register` stands where both processes run it, best
 * in the module that exports the class.
 *
 * @module
 */
import {
  dumps,
  loads,
  PendingPayload,
  type ReduceValue,
  register as registerClass,
} from "./reduction/mod.ts";

export type { Callable } from "./reduction/mod.ts";
export type { ReduceValue };

/**
 * Says how instances of a class are sent, and allows data to make them here. CPython:
 * `multiprocessing.reduction.register`, `copyreg.pickle`.
 *
 * @param type The class; its subclasses are not meant.
 * @param reduce Gives the function or class to call in the other process, an array of
 * the arguments, and, if need be, a state for `__setstate__` or fields to set, as Python's
 * `__reduce__` does. It must be exported, or registered here.
 * @param constructor The function that `reduce` names, if that is not `type` itself.
 * @throws {TypeError} If one of them is no function.
 *
 * @example
 * ```ts
 * import { register } from "@pystd/multiprocessing/reduction";
 *
 * export class Money {
 *   #cents: number;
 *   constructor(cents: number) {
 *     this.#cents = cents;
 *   }
 *   get cents(): number {
 *     return this.#cents;
 *   }
 * }
 * register(Money, (money) => [Money, [money.cents]]);
 * ```
 */
export function register<T extends object>(
  type: abstract new (...args: never[]) => T,
  reduce: (value: T) => ReduceValue,
  // deno-lint-ignore no-explicit-any -- whatever it takes
  constructor?: (...args: any[]) => T,
): void {
  registerClass(type, reduce, constructor);
}

/**
 * Encodes and decodes values as queues and pipes do. CPython:
 * `multiprocessing.reduction.ForkingPickler`.
 *
 * What differs: it is no class that one makes instances of; `dumps` and `loads` give
 * promises, because the module of a function may have to be looked for.
 *
 * @example
 * ```ts
 * import { ForkingPickler } from "@pystd/multiprocessing/reduction";
 * const bytes = await ForkingPickler.dumps({ when: new Date(0) });
 * console.log(await ForkingPickler.loads(bytes)); // { when: 1970-01-01T00:00:00.000Z }
 * ```
 */
export class ForkingPickler {
  /** Says how instances of a class are sent: {@linkcode register}. */
  static readonly register: typeof register = register;

  /**
   * Encodes a value. CPython: `ForkingPickler.dumps`.
   *
   * @param value Whatever may be put on a queue.
   * @returns The bytes; those of the value as it was at the call.
   * @throws {PicklingError | TypeError | RecursionError} If it cannot be sent.
   */
  static async dumps(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
    const payload = dumps(value);
    return await (payload instanceof PendingPayload
      ? payload.resolve()
      : payload) as Uint8Array<ArrayBuffer>;
  }

  /**
   * Decodes what {@linkcode ForkingPickler.dumps} made, here or in another process. It is
   * not trusted. CPython: `ForkingPickler.loads`.
   *
   * @throws {UnpicklingError} If the bytes are damaged, or want what data may not.
   */
  static async loads(bytes: Uint8Array): Promise<unknown> {
    return await loads(bytes);
  }
}
