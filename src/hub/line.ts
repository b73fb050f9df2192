/**
 * Lines in which the calls of processes, and their wishes for items, wait in the order in
 * which they came. The time of every operation depends only on what it adds or removes, not
 * on the length of the line: no process can make the hub search what others have put there.
 * Pure.
 *
 * @module
 */
import { type Place, WaitList } from "../collections/wait_list.ts";
import { ageOf, type Waiting } from "./description.ts";

/** A call of a process, which waits. */
export interface Caller {
  readonly process: number;
  readonly call: number;
  /** When it began to wait, in milliseconds; undefined if that is not known. */
  readonly since?: number | undefined;
}

/** Calls that wait, in their order. */
export class Line<T extends Caller> {
  readonly #all = new WaitList<T>();
  /** By process and call. */
  readonly #places = new Map<number, Map<number, Place<T>>>();

  /** The number of calls: no getter, as it is looked at with each message. */
  length = 0;

  /** The first one; undefined in an empty line. */
  get first(): T | undefined {
    return this.#all.first?.item;
  }

  /**
   * Puts a call behind all others. False if it waits here already, which never happens with
   * a process that counts its calls; it keeps its place.
   */
  push(item: T): boolean {
    let calls = this.#places.get(item.process);
    if (calls === undefined) this.#places.set(item.process, calls = new Map());
    if (calls.has(item.call)) return false;
    calls.set(item.call, this.#all.push(item));
    this.length = this.#all.length;
    return true;
  }

  /** Takes the first one out; undefined in an empty line. */
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
    this.length = this.#all.length;
    return place.item;
  }

  /** Takes out all calls of a process, in their order. */
  removeAll(process: number): T[] {
    const places = [...this.#places.get(process)?.values() ?? []];
    this.#places.delete(process);
    for (const place of places) this.#all.remove(place);
    this.length = this.#all.length;
    return places.map((place) => place.item);
  }

  /** Takes all out. */
  clear(): T[] {
    this.#places.clear();
    this.length = 0;
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

  /** The processes that wait here. */
  describe(now: number): Waiting[] {
    return Array.from(this.#places, ([process, calls]) => {
      const first = calls.values().next().value;
      return { process, count: calls.size, age: ageOf(now, first?.item.since) };
    });
  }
}

// ------------------------------------------------------------------------------- wishes

interface Wish {
  readonly process: number;
  /** Items that are still wanted, at least one. */
  count: number;
  /** When the process asked. */
  readonly since: number | undefined;
}

/**
 * Wishes of processes for a number of items, in the order in which they asked. A wish for
 * many items is one entry, so a message makes the line longer by one at most.
 */
export class Wishes {
  /** All, in order. */
  readonly #all = new WaitList<Wish>();
  /** The places of those of each process that has some, in the same order. */
  readonly #own = new Map<number, WaitList<Place<Wish>>>();

  /** The number of wishes, each for one item or more: no getter, as in a line. */
  length = 0;

  /** The process that gets the next item; undefined if none waits. */
  get first(): number | undefined {
    return this.#all.first?.item.process;
  }

  /** Whether a process waits. */
  has(process: number): boolean {
    return this.#own.has(process);
  }

  /** Whether this is the only process that waits. */
  isOnly(process: number): boolean {
    return this.#own.size === 1 && this.#own.has(process);
  }

  /** When a process that waits has asked for the first that it waits for, if that is known. */
  since(process: number): number | undefined {
    return this.#own.get(process)?.first?.item.item.since;
  }

  /** A process waits for `count` more items, behind all others. */
  push(process: number, count: number, since?: number): void {
    if (count === 0) return;
    const last = this.#all.last?.item;
    if (last?.process === process) {
      last.count += count;
      return;
    }
    this.#ownOf(process).push(this.#all.push({ process, count, since }));
    this.length = this.#all.length;
  }

  /** Gives the process that gets the next item, for one item; undefined if none waits. */
  shift(): number | undefined {
    const first = this.#all.first;
    if (first === undefined) return undefined;
    const { process } = first.item;
    // The first of all is also the first of its process.
    this.#lessen(process, this.#own.get(process)!.first!);
    return process;
  }

  /** A process waits for `count` items less, its last ones; false if it had not so many. */
  removeLast(process: number, count: number = 1): boolean {
    for (let left = count; left > 0;) {
      const last = this.#own.get(process)?.last;
      if (last === undefined) return false;
      const less = Math.min(left, last.item.item.count);
      this.#lessen(process, last, less);
      left -= less;
    }
    return true;
  }

  /** A process does not wait any more. */
  remove(process: number): void {
    for (const place of this.#own.get(process) ?? []) this.#all.remove(place);
    this.#own.delete(process);
    this.length = this.#all.length;
  }

  #ownOf(process: number): WaitList<Place<Wish>> {
    let own = this.#own.get(process);
    if (own === undefined) this.#own.set(process, own = new WaitList());
    return own;
  }

  #lessen(process: number, place: Place<Place<Wish>>, count = 1): void {
    if ((place.item.item.count -= count) > 0) return;
    this.#all.remove(place.item);
    this.length = this.#all.length;
    const own = this.#own.get(process)!;
    own.remove(place);
    if (own.first === undefined) this.#own.delete(process);
  }
}
