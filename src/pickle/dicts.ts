/**
 * The decision whether a Python dict becomes an object or a Map. It needs the keys, but the
 * dict itself may be needed before them, by values inside that refer to it.
 *
 * So every dict is made as an object. While it still lies on the reader's stack, where it
 * was made, it is *open*: pickles fill it there. If its first key is not a string, nothing
 * else has it (but a place in the memo), and a Map takes its place. If it is too late for
 * that, the dict is noted by the position of its opcode, and the pickle is read a second
 * time with these dicts made as Maps at once.
 *
 * @module
 */

import { isPlain } from "../python/repr.ts";
import { isMap } from "../runtime/brands.ts";
import { UnpicklingError } from "../python/errors.ts";

/** Keys that an object puts before all others. */
const INDEX = /^(0|[1-9]\d*)$/;

/** A dict that lies where it was made. */
interface OpenDict {
  object: Record<string, unknown>;
  /** Its place on the stack. */
  place: number;
  /** Its place in the memo; -1 without one. */
  memo: number;
  /** The position of its opcode. */
  position: number;
  /** Whether something else may have it: it cannot be replaced any more. */
  shared: boolean;
}

/** Makes the dicts of one reading of a pickle. */
export class Dicts {
  /** Positions of the dicts that should have been Maps. */
  readonly late: Set<number> = new Set();
  /** Positions of the dicts that are made as Maps. */
  readonly #maps: ReadonlySet<number>;
  /** Objects for dicts even if that loses the order of keys such as `"1"`. */
  readonly #anyOrder: boolean;
  /** The open dicts from the bottom of the stack up, and some that lay above them. */
  readonly #open: OpenDict[] = [];
  /** The open dicts in the memo that nothing has fetched. */
  readonly #memo = new Map<number, OpenDict>();

  /** @param maps `late` of the first reading. @param exact Whether order counts. */
  constructor(maps: ReadonlySet<number>, exact: boolean) {
    this.#maps = maps;
    this.#anyOrder = !exact;
  }

  /** A new dict, which is to be put at `place` of the stack. */
  make(place: number, position: number): object {
    if (this.#maps.has(position)) return new Map();
    const object = {};
    this.#close(place);
    this.#open.push({ object, place, memo: -1, position, shared: false });
    return object;
  }

  /** The object at the stack's top was put into the memo. */
  memoized(place: number, object: unknown, memo: number): void {
    this.#memo.delete(memo);
    const dict = this.#at(place, object);
    if (dict === undefined) return;
    if (dict.memo >= 0) dict.shared = true; // in two places of the memo
    dict.memo = memo;
    this.#memo.set(memo, dict);
  }

  /** Something was fetched from the memo. */
  fetched(memo: number): void {
    if (this.#memo.size === 0) return;
    const dict = this.#memo.get(memo);
    if (dict === undefined) return;
    dict.shared = true;
    this.#memo.delete(memo);
  }

  /** The stack's top was doubled. */
  doubled(place: number, object: unknown): void {
    const dict = this.#at(place, object);
    if (dict !== undefined) dict.shared = true;
  }

  /**
   * Fills what is at `place` of the stack.
   *
   * @param pairs Key, value, key, value…
   * @param replace Puts another object into its place on the stack, and in the memo.
   */
  fill(
    place: number,
    target: unknown,
    pairs: readonly unknown[],
    replace: (object: object, memo: number) => void,
  ): void {
    if (pairs.length % 2 !== 0) {
      throw new UnpicklingError("odd number of items for DICT");
    }
    let map = isMap(target) ? target : undefined;
    if (map === undefined && !isDict(target)) {
      throw new UnpicklingError("items for an object that is no dict");
    }
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (map === undefined && !this.#isName(key)) {
        map = this.#toMap(place, target, replace);
        if (map === undefined) return;
      }
      if (map !== undefined) map.set(key, pairs[i + 1]);
      else setOwn(target as object, key as string, pairs[i + 1]);
    }
  }

  /** A Map instead of an object; undefined if it has to wait for the next reading. */
  #toMap(
    place: number,
    target: unknown,
    replace: (object: object, memo: number) => void,
  ): Map<unknown, unknown> | undefined {
    const dict = this.#at(place, target);
    if (dict === undefined) throw new UnpicklingError("a key for a dict that is done");
    if (dict.shared || !isEmpty(dict.object)) {
      this.late.add(dict.position);
      return undefined;
    }
    const map = new Map<unknown, unknown>();
    replace(map, dict.memo);
    this.#memo.delete(dict.memo);
    this.#open.pop();
    return map;
  }

  /** Whether an object may have this key: in Python's order, if that counts. */
  #isName(key: unknown): boolean {
    return typeof key === "string" && (this.#anyOrder || !INDEX.test(key));
  }

  #at(place: number, object: unknown): OpenDict | undefined {
    this.#close(place + 1);
    const dict = this.#open.at(-1);
    return dict?.place === place && dict.object === object ? dict : undefined;
  }

  /** Forgets the dicts that were at `place` or above: the stack was lower since. */
  #close(place: number): void {
    while (this.#open.length > 0 && this.#open.at(-1)!.place >= place) {
      this.#memo.delete(this.#open.pop()!.memo);
    }
  }
}

function isDict(value: unknown): boolean {
  return isPlain(value) && Object.getPrototypeOf(value) !== null;
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/**
 * Sets a property of the object's own, whatever its prototype has under that name:
 * `__proto__` is a key like any other.
 */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key in Object.prototype) {
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    (object as Record<string, unknown>)[key] = value;
  }
}
