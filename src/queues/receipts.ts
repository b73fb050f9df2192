/**
 * Which item is which: the numbers of the items that this process has taken from a queue and
 * not dealt with, where the hub must know which of them are done. Equal texts and numbers
 * stand for each other. Pure.
 *
 * @module
 */
import { ValueError } from "../python/errors.ts";
import type { Payload } from "../wire/message.ts";

/** See above. */
export class Receipts {
  /** Of those that are not decoded yet. */
  readonly #numbers = new WeakMap<Payload, number>();
  /** In the order in which they were taken. */
  readonly #objects = new Map<number, unknown>();
  readonly #byObject = new Map<unknown, number[]>();

  /** An item was taken, which has this number. */
  number(payload: Payload, number: number): void {
    this.#numbers.set(payload, number);
  }

  /** An item was decoded. */
  add(payload: Payload, obj: unknown): void {
    const number = this.#numbers.get(payload)!;
    this.#objects.set(number, obj);
    const numbers = this.#byObject.get(obj);
    if (numbers === undefined) this.#byObject.set(obj, [number]);
    else numbers.push(number);
  }

  /**
   * The number of an item that is done, by default of the one that was taken first; undefined
   * if none is known.
   *
   * @throws {ValueError} if there is no such item
   */
  take(item?: { obj: unknown }): number | undefined {
    if (item === undefined) {
      const [first] = this.#objects.keys();
      if (first !== undefined) this.#remove(this.#objects.get(first), first);
      return first;
    }
    const number = this.#byObject.get(item.obj)?.[0];
    if (number === undefined) {
      throw new ValueError("task_done() of an item that is not in progress here");
    }
    this.#remove(item.obj, number);
    return number;
  }

  #remove(obj: unknown, number: number): void {
    this.#objects.delete(number);
    const numbers = this.#byObject.get(obj)!;
    numbers.splice(numbers.indexOf(number), 1);
    if (numbers.length === 0) this.#byObject.delete(obj);
  }
}
