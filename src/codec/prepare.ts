/**
 * Copies values that plain CBOR cannot carry: everything that it has no form for becomes a
 * node (see format.ts). The copy holds plain arrays, objects and primitives only, so no
 * user code runs while cbor-x writes it.
 *
 * @module
 */

import {
  builtinName,
  isBuffer,
  isOfOtherRealm,
  isSharedBuffer,
  isURL,
  typedArrayName,
} from "../runtime/brands.ts";
import { PicklingError, RecursionError } from "../python/errors.ts";
import { BYTES_KINDS, Code, isSelfCalled, MAX_DEPTH, type Reducer } from "./format.ts";
import { isPlainBigInt, isPlainText } from "./plain.ts";

/**
 * Copies a value for cbor-x. The byte strings that the copy's nodes refer to are the value's
 * own memory. Throws TypeError, RecursionError, and what the reducer throws.
 */
export function prepare(
  value: unknown,
  reducer: Reducer | undefined,
): { body: unknown; outOfBand: Uint8Array[] } {
  const preparer = new Preparer(reducer);
  return { body: preparer.copy(value, 1), outOfBand: preparer.outOfBand };
}

const boxes: ReadonlySet<object> = new Set<object>(
  [Number, String, Boolean, BigInt].map((box) => box.prototype),
);

/** Marks an object whose head is being copied: it cannot be referred to yet. */
const UNFINISHED = 2 ** 31;

class Preparer {
  readonly outOfBand: Uint8Array[] = [];
  readonly #reducer: Reducer | undefined;
  /** Number of each object met so far. */
  readonly #numbers = new Map<object, number>();

  constructor(reducer: Reducer | undefined) {
    this.#reducer = reducer;
  }

  /** `depth` is how deep the copy will lie in the body. */
  copy(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "number":
        return value === 0 && 1 / value < 0 ? [undefined, Code.NegativeZero] : value;
      case "string":
        return isPlainText(value) ? value : this.#text(value);
      case "boolean":
      case "undefined":
        return value;
      case "bigint":
        if (isPlainBigInt(value)) return value;
        return [undefined, Code.BigInt, value.toString(16)];
      case "object":
        return value === null ? null : this.#object(value, depth);
      case "function":
        return this.#object(value, depth);
      default:
        throw cannotPickle(typeof value, value);
    }
  }

  #text(text: string): unknown[] {
    const units = new Uint16Array(text.length);
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
    const index = this.outOfBand.push(new Uint8Array(units.buffer)) - 1;
    return [undefined, Code.Text, index];
  }

  #object(value: object, depth: number): unknown {
    if (depth > MAX_DEPTH) throw tooDeep();
    const number = this.#numbers.get(value);
    if (number !== undefined) {
      if (number >= UNFINISHED) throw tooDeep(); // it is needed to make itself
      return [undefined, Code.Again, number];
    }
    this.#numbers.set(value, this.#numbers.size);
    if (Array.isArray(value)) return this.#array(value, depth);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) {
      refuseNamespace(value);
      return this.#record(value, depth);
    }
    if (prototype === null) {
      if (typeName(value) === "module") throw cannotPickle("module", value);
      return this.#fields(Code.NullPrototype, value, depth);
    }
    return this.#builtin(value, prototype, depth) ?? this.#reduced(value, depth);
  }

  #array(array: unknown[], depth: number): unknown {
    const prototype = Object.getPrototypeOf(array);
    if (prototype !== Array.prototype && builtinName(prototype) !== "Array") {
      return this.#reduced(array, depth);
    }
    if (hasHole(array)) return this.#sparse(array, depth);
    const copy: unknown[] = array.length > 0 && array[0] === undefined
      ? [undefined, Code.Array]
      : [];
    for (let i = 0; i < array.length; i++) copy.push(this.copy(array[i], depth + 1));
    return copy;
  }

  #sparse(array: unknown[], depth: number): unknown {
    const entries: [number, unknown][] = [];
    for (const key of Object.keys(array)) {
      const index = Number(key);
      if (String(index) === key && index < array.length) {
        entries.push([index, array[index]]);
      }
    }
    const node: unknown[] = [undefined, Code.Sparse, array.length];
    for (const [index, item] of entries) node.push(index, this.copy(item, depth + 1));
    return node;
  }

  #record(value: object, depth: number): unknown {
    const keys = Object.keys(value);
    const copy: Record<string, unknown> = {};
    for (const key of keys) {
      // cbor-x would rename the first, and take the second for the object's class.
      if (key === "__proto__" || key === "constructor" || !isPlainText(key)) {
        return this.#fields(Code.Entries, value, depth);
      }
    }
    for (const key of keys) {
      const item = (value as Record<string, unknown>)[key];
      if (typeof item === "function") refuseSelfCalled(key, item);
      copy[key] = this.copy(item, depth + 1);
    }
    return copy;
  }

  #fields(code: number, value: object, depth: number): unknown {
    const entries = Object.entries(value);
    for (const [key, item] of entries) refuseSelfCalled(key, item);
    return this.#entries(code, entries, depth);
  }

  #entries(
    code: number,
    entries: Iterable<[unknown, unknown]>,
    depth: number,
  ): unknown {
    const node: unknown[] = [undefined, code];
    for (const [key, item] of entries) {
      node.push(this.copy(key, depth + 1), this.copy(item, depth + 1));
    }
    return node;
  }

  /** The node of an object of a built-in class; undefined for others. */
  #builtin(value: object, prototype: object, depth: number): unknown {
    switch (prototype) {
      case Map.prototype:
        return this.#entries(Code.Map, value as Map<unknown, unknown>, depth);
      case Set.prototype: {
        const node: unknown[] = [undefined, Code.Set];
        for (const item of value as Set<unknown>) node.push(this.copy(item, depth + 1));
        return node;
      }
      case Date.prototype:
        return [undefined, Code.Date, (value as Date).getTime()];
      case RegExp.prototype: {
        const { source, flags } = value as RegExp;
        return [undefined, Code.RegExp, this.copy(source, depth + 1), flags];
      }
      case URL.prototype:
        return [undefined, Code.URL, (value as URL).href];
      case ArrayBuffer.prototype:
        return this.#bytes(value, "ArrayBuffer", value as ArrayBuffer, 0, undefined);
    }
    if (boxes.has(prototype)) {
      return [undefined, Code.Boxed, this.copy(value.valueOf(), depth + 1)];
    }
    if (ArrayBuffer.isView(value)) return this.#view(value, prototype);
    return isOfOtherRealm(value) ? this.#foreign(value, prototype, depth) : undefined;
  }

  #view(view: ArrayBufferView, prototype: object): unknown {
    let name: string = typedArrayName.call(view) ?? "DataView";
    if (isBuffer(view)) name = "Buffer";
    else if (builtinName(prototype) !== name) return undefined; // a user's class
    return this.#bytes(view, name, view.buffer, view.byteOffset, view.byteLength);
  }

  /** The same for an object of a built-in class of another realm (`node:vm`). */
  #foreign(value: object, prototype: object, depth: number): unknown {
    const name = builtinName(prototype);
    switch (name) {
      case "Object":
        return this.#record(value, depth);
      case "Number":
      case "String":
      case "Boolean":
      case "BigInt":
        return [undefined, Code.Boxed, this.copy(value.valueOf(), depth + 1)];
      case "Map":
      case "Set":
      case "Date":
      case "RegExp":
      case "URL":
      case "ArrayBuffer":
        return this.#builtin(value, globalThis[name].prototype, depth);
    }
    return isURL(value) ? this.#builtin(value, URL.prototype, depth) : undefined;
  }

  #bytes(
    owner: object,
    name: string,
    buffer: ArrayBufferLike,
    offset: number,
    length: number | undefined,
  ): unknown {
    const kind = BYTES_KINDS.indexOf(name);
    // A copy of shared memory would only look as if it worked.
    if (isSharedBuffer(buffer)) throw cannotPickle("SharedArrayBuffer", owner);
    if (kind < 0) throw cannotPickle(name, owner);
    const index = this.outOfBand.push(new Uint8Array(buffer, offset, length)) - 1;
    return [undefined, Code.Bytes, kind, index];
  }

  #reduced(value: object, depth: number): unknown {
    if (this.#reducer === undefined) throw cannotPickle(typeName(value), value);
    const { kind, head, state } = this.#reducer.reduce(value);
    const number = this.#numbers.get(value)!;
    this.#numbers.set(value, number + UNFINISHED);
    const node = [undefined, Code.Reduced, kind, this.copy(head, depth + 1)];
    this.#numbers.set(value, number);
    if (state !== undefined) node.push(this.copy(state, depth + 1));
    return node;
  }
}

/** Whether an array has a hole. */
function hasHole(array: unknown[]): boolean {
  for (let i = 0; i < array.length; i++) {
    if (array[i] === undefined && !(i in array)) return true;
  }
  return false;
}

function tooDeep(): RecursionError {
  return new RecursionError(
    "maximum recursion depth exceeded while pickling an object",
  );
}

/** The name of an object's type in an error. */
export function typeName(value: object): string {
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (tag === "Generator") return "generator";
  if (tag === "AsyncGenerator") return "async_generator";
  if (tag === "Module") return "module";
  if (typeof value === "function") return "function";
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "object";
}

/** Rejects `Math`, `JSON` and the like, of which nothing would be sent. */
function refuseNamespace(value: object): void {
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (typeof tag !== "string") return;
  if ((globalThis as unknown as Record<string, unknown>)[tag] === value) {
    throw cannotPickle(tag, value);
  }
}

function refuseSelfCalled(key: string, item: unknown): void {
  if (isSelfCalled(key, item)) throw selfCalled("dict", key);
}

/** The error for an object with a method that JavaScript would call where it arrives. */
export function selfCalled(type: string, method: string): PicklingError {
  const when = method === "then" ? "when it is awaited" : "by itself";
  return new PicklingError(
    `Can't pickle '${type}' object: the receiver would call its method ` +
      `'${method}' ${when}; give the property another name`,
  );
}

/** The error for what can never be sent. */
export function cannotPickle(name: string, value: unknown): TypeError {
  return refusal(new TypeError(`cannot pickle '${name}' object`), value);
}

/** Notes what cannot be sent, for {@linkcode culpritOf}. */
export function refusal<E extends Error>(error: E, value: unknown): E {
  culprits.set(error, { value });
  return error;
}

/** What cannot be sent, by the error that says so. */
const culprits = new WeakMap<object, { value: unknown }>();

/** What cannot be sent, if this is such an error. */
export function culpritOf(error: unknown): { value: unknown } | undefined {
  return culprits.get(error as object);
}
