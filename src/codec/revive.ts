/**
 * The reverse of prepare.ts: walks the value that cbor-x has decoded, in place, and replaces
 * nodes by the values that they stand for. Trusts nothing that it reads.
 *
 * @module
 */
import { asBuffer } from "../runtime/brands.ts";
import { BYTES_KINDS, Code, isSelfCalled, malformed, type Reviver } from "./format.ts";

/** Undoes `prepare`. Byte strings are copied, as they may alias other memory. */
export function revive(
  body: unknown,
  outOfBand: readonly Uint8Array[],
  reviver: Reviver | undefined,
): unknown {
  return new Restorer(outOfBand, reviver).restore(body);
}

/**
 * The built-in classes that a node may stand for. They are taken when this module is loaded,
 * so that later changes of the globals have no effect on decoding.
 */
const { Date, Map, Object, RegExp, Set, URL, Uint8Array, Uint16Array } = globalThis;
const { defineProperty, keys } = Object;

/** The views on binary data, by the names in {@linkcode BYTES_KINDS}. */
export const VIEWS: ReadonlyMap<unknown, ViewConstructor> = new Map(
  BYTES_KINDS.filter((name) => !/Buffer$/.test(name) && name in globalThis)
    .map((name) => [
      name,
      (globalThis as unknown as Record<string, ViewConstructor>)[name]!,
    ]),
);

/** Stands in the place of an object that is not made yet. */
const NOT_YET = Symbol("not yet");

class Restorer {
  readonly #outOfBand: readonly Uint8Array[];
  readonly #reviver: Reviver | undefined;
  /** The objects in the order in which they begin. */
  readonly #made: unknown[] = [];
  /** The byte strings that have been used: each stands for one thing. */
  readonly #used = new Set<number>();

  constructor(outOfBand: readonly Uint8Array[], reviver: Reviver | undefined) {
    this.#outOfBand = outOfBand;
    this.#reviver = reviver;
  }

  restore(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      if (value.length > 0 && value[0] === undefined) return this.#node(value);
      this.#made.push(value);
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i];
        if (typeof item === "object" && item !== null) value[i] = this.restore(item);
      }
      return value;
    }
    this.#made.push(value);
    const record = value as Record<string, unknown>;
    for (const key of keys(record)) {
      const item = record[key];
      if (typeof item !== "object" || item === null) continue;
      const restored = record[key] = this.restore(item);
      if (typeof restored === "function") checkField(key, restored);
    }
    return record;
  }

  #node(node: unknown[]): unknown {
    switch (node[1]) {
      case Code.Again:
        return this.#again(node[2]);
      case Code.NegativeZero:
        return -0;
      case Code.Text:
        return this.#text(node[2]);
      case Code.BigInt:
        return bigInt(text(node[2]));
      default: {
        const number = this.#made.push(NOT_YET) - 1;
        return this.#object(node, number);
      }
    }
  }

  #again(number: unknown): unknown {
    if (!isIndex(number, this.#made.length)) throw malformed("no such object");
    const made = this.#made[number];
    if (made === NOT_YET) throw malformed("an object within what it is made from");
    return made;
  }

  #object(node: unknown[], number: number): unknown {
    switch (node[1]) {
      case Code.Boxed:
        return this.#made[number] = Object(primitive(this.restore(node[2])));
      case Code.Date:
        if (typeof node[2] !== "number") throw malformed("a date without a time");
        return this.#made[number] = new Date(node[2]);
      case Code.RegExp:
        return this.#made[number] = regExp(text(this.restore(node[2])), text(node[3]));
      case Code.URL:
        return this.#made[number] = url(text(node[2]));
      case Code.Bytes:
        return this.#made[number] = this.#bytes(node[2], node[3]);
      case Code.Reduced:
        return this.#reduced(node, number);
      default:
        return this.#container(node, number);
    }
  }

  #container(node: unknown[], number: number): unknown {
    switch (node[1]) {
      case Code.Map: {
        const map = new Map<unknown, unknown>();
        this.#made[number] = map;
        this.#pairs(node, 2, (key, item) => map.set(key, item));
        return map;
      }
      case Code.Set: {
        const set = new Set<unknown>();
        this.#made[number] = set;
        for (let i = 2; i < node.length; i++) set.add(this.restore(node[i]));
        return set;
      }
      case Code.Array: {
        const array: unknown[] = [];
        this.#made[number] = array;
        for (let i = 2; i < node.length; i++) array.push(this.restore(node[i]));
        return array;
      }
      case Code.Sparse:
        return this.#sparse(node, number);
      case Code.Entries:
      case Code.NullPrototype: {
        const record: object = node[1] === Code.Entries ? {} : Object.create(null);
        this.#made[number] = record;
        this.#pairs(node, 2, (key, item) => define(record, text(key), item));
        return record;
      }
      default:
        throw malformed("unknown kind of value");
    }
  }

  #pairs(
    node: unknown[],
    from: number,
    add: (key: unknown, item: unknown) => void,
  ): void {
    if ((node.length - from) % 2 !== 0) throw malformed("a key without a value");
    for (let i = from; i < node.length; i += 2) {
      const key = this.restore(node[i]);
      add(key, this.restore(node[i + 1]));
    }
  }

  #sparse(node: unknown[], number: number): unknown {
    const length = node[2];
    const array: unknown[] = [];
    if (!isIndex(length, 2 ** 32)) throw malformed("an array without a length");
    if (length > 0) {
      // Makes it sparse inside as well: setting `length` alone may reserve it all.
      array[length - 1] = undefined;
      delete array[length - 1];
    }
    this.#made[number] = array;
    this.#pairs(node, 3, (index, item) => {
      if (!isIndex(index, length)) throw malformed("an index out of range");
      array[index] = item;
    });
    return array;
  }

  #byteString(index: unknown): Uint8Array<ArrayBuffer> {
    const bytes = typeof index === "number" ? this.#outOfBand[index] : undefined;
    // Used again and again, a short message could stand for any amount of bytes.
    if (bytes === undefined || this.#used.has(index as number)) {
      throw malformed("no such bytes");
    }
    this.#used.add(index as number);
    // Not `slice`: that of a Buffer makes a Buffer.
    const copy = new Uint8Array(bytes.length);
    copy.set(bytes);
    return copy;
  }

  #text(index: unknown): string {
    const { buffer } = this.#byteString(index);
    if (buffer.byteLength % 2 !== 0) throw malformed("half a UTF-16 code unit");
    const units = new Uint16Array(buffer);
    let result = "";
    for (let i = 0; i < units.length; i += 8192) {
      result += String.fromCharCode(...units.subarray(i, i + 8192));
    }
    return result;
  }

  #bytes(kind: unknown, index: unknown): object {
    const bytes = this.#byteString(index);
    const name = typeof kind === "number" ? BYTES_KINDS[kind] : undefined;
    if (name === undefined) throw malformed("unknown kind of bytes");
    if (name === "Uint8Array") return bytes;
    if (name === "ArrayBuffer") return bytes.buffer;
    if (name === "Buffer") return asBuffer(bytes);
    const View = VIEWS.get(name);
    if (View === undefined) throw malformed(`there is no ${name} here`);
    if (bytes.length % (View.BYTES_PER_ELEMENT ?? 1) !== 0) {
      throw malformed(`half an element in a ${name}`);
    }
    return new View(bytes.buffer);
  }

  #reduced(node: unknown[], number: number): unknown {
    const [, , kind, head] = node;
    if (this.#reviver === undefined || typeof kind !== "number") {
      throw malformed("an object that cannot be made here");
    }
    const made = this.#reviver.create(kind, this.restore(head));
    this.#made[number] = made;
    if (node.length > 4) this.#reviver.restore(made, kind, this.restore(node[4]));
    return made;
  }
}

/** The class of a view. */
interface ViewConstructor {
  new (buffer: ArrayBuffer): object;
  BYTES_PER_ELEMENT?: number;
}

function isIndex(value: unknown, limit: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw malformed("text expected");
  return value;
}

function primitive(value: unknown): unknown {
  if (typeof value === "object" || typeof value === "function") {
    throw malformed("a primitive expected");
  }
  return value;
}

/** Sets an own property of an object that is being made, also one called `__proto__`. */
export function define(
  object: object,
  key: string,
  value: unknown,
  enumerable = true,
): void {
  checkField(key, value);
  try {
    defineProperty(object, key, {
      value,
      writable: true,
      enumerable,
      configurable: true,
    });
  } catch { // an array's `length`, say
    throw malformed(`'${key}' cannot be set`);
  }
}

function checkField(key: string, value: unknown): void {
  if (isSelfCalled(key, value)) {
    throw malformed(`JavaScript would call '${key}' by itself`);
  }
}

function bigInt(digits: string): bigint {
  const negative = digits.startsWith("-");
  const magnitude = negative ? digits.slice(1) : digits;
  if (!/^[0-9a-f]+$/.test(magnitude)) throw malformed("digits expected");
  const value = BigInt(`0x${magnitude}`);
  return negative ? -value : value;
}

function regExp(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

function url(href: string): URL {
  try {
    return new URL(href);
  } catch {
    throw malformed("not a URL");
  }
}
