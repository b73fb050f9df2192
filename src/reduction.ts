/**
 * Mirrors the public part of `multiprocessing/reduction.py`: how objects are sent to other
 * processes.
 *
 * Instances of exported classes need none of this: their fields are sent. A class with
 * hidden state (`#private` fields, handles of native code) needs a function that is given to
 * {@linkcode register}.
 *
 * What differs: data from another process can only call functions that the receiver has
 * registered, so both processes must call `register`, best in the module that exports the
 * class.
 *
 * @module
 */
import { takes } from "./python/arguments.ts";
import {
  dumps,
  loads,
  PendingPayload,
  type ReduceValue,
  register as registerClass,
} from "./reduction/mod.ts";

export type { Callable, Class } from "./reduction/mod.ts";
export type { ReduceValue };

/**
 * Registers the function that reduces instances of a class for sending, and allows data to
 * make them here. CPython: `multiprocessing.reduction.register`, `copyreg.pickle`.
 *
 * @param type The class; its subclasses are not meant. One that says by `Symbol.hasInstance`
 * what its instances are may make them of another class of that name.
 * @param reduce Gives the function or class to call in the other process, an array of
 * the arguments, and optionally a state for `__setstate__` or fields to set, as Python's
 * `__reduce__` does. That function must be exported, or registered here.
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
  // deno-lint-ignore no-explicit-any -- any arguments
  constructor?: (...args: any[]) => T,
): void {
  registerClass(type, reduce, constructor);
}

/**
 * Encodes and decodes values as queues and pipes do. CPython:
 * `multiprocessing.reduction.ForkingPickler`.
 *
 * What differs: it has only static members; `dumps` and `loads` give promises, because the
 * module of a function may have to be found.
 *
 * @example
 * ```ts
 * import { ForkingPickler } from "@pystd/multiprocessing/reduction";
 * const bytes = await ForkingPickler.dumps({ when: new Date(0) });
 * console.log(await ForkingPickler.loads(bytes)); // { when: 1970-01-01T00:00:00.000Z }
 * ```
 */
export class ForkingPickler {
  /** Registers a function that reduces instances of a class: {@linkcode register}. */
  static readonly register: typeof register = register;

  /**
   * Encodes a value. CPython: `ForkingPickler.dumps`.
   *
   * @param obj Any value that may be put on a queue.
   * @returns The bytes of the value as it was at the call.
   * @throws {PicklingError | TypeError | RecursionError} If it cannot be sent.
   */
  static async dumps(obj: unknown): Promise<Uint8Array<ArrayBuffer>> {
    takes("ForkingPickler.dumps", arguments, { least: 1, most: 2 });
    const payload = dumps(obj);
    return await (payload instanceof PendingPayload
      ? payload.resolve()
      : payload) as Uint8Array<ArrayBuffer>;
  }

  /**
   * Decodes the result of {@linkcode ForkingPickler.dumps} in this or another process; the
   * bytes are not trusted. CPython: `ForkingPickler.loads`.
   *
   * @throws {UnpicklingError} If the bytes are damaged, or if they would call a function or
   * load a module that data may not.
   */
  static async loads(bytes: Uint8Array): Promise<unknown> {
    return await loads(bytes);
  }
}

/** What {@linkcode dump} writes to. */
export interface BinaryFile {
  /** Is given all bytes of one value; a promise that it gives is waited for. */
  write(bytes: Uint8Array<ArrayBuffer>): unknown;
}

/**
 * Writes a value to a file, as {@linkcode ForkingPickler.dumps} encodes it. CPython:
 * `multiprocessing.reduction.dump`.
 *
 * @param obj Any value that may be put on a queue.
 * @param file An object with a method `write`, such as a stream of Node.
 * @param _protocol Has no effect: there is one protocol.
 * @returns Settles when `write` has been called and what it gave is settled.
 * @throws {PicklingError | TypeError | RecursionError} if the value cannot be sent
 * @throws {TypeError} `file must have a 'write' attribute`
 *
 * @example
 * ```ts
 * import { dump, ForkingPickler } from "@pystd/multiprocessing/reduction";
 * const chunks: Uint8Array[] = [];
 * await dump([1, 2], { write: (bytes) => chunks.push(bytes) });
 * console.log(await ForkingPickler.loads(chunks[0]!)); // [ 1, 2 ]
 * ```
 */
export async function dump(
  obj: unknown,
  file: BinaryFile,
  _protocol?: number | null,
): Promise<void> {
  takes("dump", arguments, { self: 0, least: 2, most: 3 });
  const { write } = (file ?? {}) as BinaryFile;
  if (typeof write !== "function") {
    throw new TypeError("file must have a 'write' attribute");
  }
  await write.call(file, await ForkingPickler.dumps(obj) as Uint8Array<ArrayBuffer>);
}
