/**
 * Those who wait for something, in the order in which they came: calls of processes. To
 * come, to go first, to give up and to die all take as long as what is done to the line,
 * however long it is: no process can make the hub search what others have put there.
 * Pure.
 *
 * @module
 */
import { type Place, WaitList } from "../collections/wait_list.ts";

/** Who waits: a call of a process. */
export interface Caller {
  readonly process: number;
  readonly call: number;
}

/** See the file's head. */
export class Line<T extends Caller> {
  readonly #all = new WaitList<T>();
  /** By process and call. */
  readonly #places = new Map<number, Map<number, Place<T>>>();

  get length(): number {
    return this.#all.length;
  }

  /**
   * Puts somebody behind all others.
   *
   * @returns False if that call waits here already, which no process that counts its calls
   * does; it keeps its place.
   */
  push(item: T): boolean {
    let calls = this.#places.get(item.process);
    if (calls === undefined) this.#places.set(item.process, calls = new Map());
    if (calls.has(item.call)) return false;
    calls.set(item.call, this.#all.push(item));
    return true;
  }

  /** Takes the first one out; undefined where nobody waits. */
  shift(): T | undefined {
    const first = this.#all.first?.item;
    if (first !== undefined) this.remove(first.process, first.call);
    return first;
  }

  /** Takes a call out; undefined if it does not wait here. */
  remove(process: number, call: number): T | undefined {
    const calls = this.#places.get(process);
    const place = calls?.get(call);
    if (calls === undefined || place === undefined) return undefined;
    calls.delete(call);
    if (calls.size === 0) this.#places.delete(process);
    this.#all.remove(place);
    return place.item;
  }

  /** Takes out all calls of a process, in their order. */
  removeAll(process: number): T[] {
    const places = [...this.#places.get(process)?.values() ?? []];
    this.#places.delete(process);
    for (const place of places) this.#all.remove(place);
    return places.map((place) => place.item);
  }

  /** Takes everybody out. */
  clear(): T[] {
    this.#places.clear();
    return this.#all.takeAll();
  }

  /** A call that waits here; undefined if it does not. */
  get(process: number, call: number): T | undefined {
    return this.#places.get(process)?.get(call)?.item;
  }

  /** The calls of a process, in their order. */
  of(process: number): T[] {
    return Array.from(this.#places.get(process)?.values() ?? [], ({ item }) => item);
  }

  /** Whether a process waits here. */
  has(process: number): boolean {
    return this.#places.has(process);
  }
}
