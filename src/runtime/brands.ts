/**
 * What kind a value is by what it is inside, not by the global that made it. A value of
 * another realm (`node:vm`, so Jest and Vitest's `vm` pools) is no instance of this realm's
 * `Map` or `Uint8Array`, and yet one.
 *
 * `instanceof` says yes quickly. A no of its is believed where the value's chain of
 * prototypes ends in this realm; else the internal slot decides.
 *
 * @module
 */

import { builtin } from "./posix.ts";

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const { toString } = Object.prototype;
const OBJECT = Object.prototype;

/** What reads an internal slot; throws where there is none. */
type Slot = (this: never) => unknown;

/** The getter of a property of a class. */
function getter(prototype: object, name: PropertyKey): Slot {
  return getOwnPropertyDescriptor(prototype, name)!.get!;
}

/** Gives the name of a typed array's class, by its internal slot. */
export const typedArrayName: (this: unknown) => string | undefined = getter(
  getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
) as never;

const BOXES: readonly Slot[] = [Number, String, Boolean, BigInt, Symbol]
  .map((box) => box.prototype.valueOf);
const mapSize = getter(Map.prototype, "size");
const setSize = getter(Set.prototype, "size");
const bufferLength = getter(ArrayBuffer.prototype, "byteLength");
const { getTime } = Date.prototype;

/** Whether a value may be of another realm: an object that does not end in `Object`. */
export function isOfOtherRealm(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  let last: object = value;
  for (let at = getPrototypeOf(last); at !== null; at = getPrototypeOf(at)) last = at;
  return last !== OBJECT && last !== value;
}

/** Whether a method or getter that needs an internal slot finds it in a value. */
function hasSlot(read: Slot, value: object): boolean {
  try {
    read.call(value as never);
    return true;
  } catch {
    return false;
  }
}

/** Whether a value of another realm has a slot. */
function hasForeign(read: Slot, value: unknown): boolean {
  return isOfOtherRealm(value) && hasSlot(read, value);
}

/** Whether a value of another realm shows itself by a tag: for what has no slot to read. */
function isTagged(value: unknown, tag: string): boolean {
  return isOfOtherRealm(value) && toString.call(value) === `[object ${tag}]`;
}

/** Whether a value is a Uint8Array, or of a subclass, such as Buffer. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return typedArrayName.call(value) === "Uint8Array";
}

/** Whether a value is an array of 64-bit integers. */
export function isBigArray(value: unknown): value is BigInt64Array | BigUint64Array {
  return typedArrayName.call(value)?.startsWith("Big") === true;
}

/** Whether a value is an ArrayBuffer; one that is shared is not. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer || hasForeign(bufferLength, value);
}

/** Whether a value is a SharedArrayBuffer. */
export function isSharedBuffer(value: unknown): value is SharedArrayBuffer {
  return toString.call(value) === "[object SharedArrayBuffer]";
}

/** Whether a value is one of Node's buffers, also a copy's of that module; no subclass's. */
export function isBuffer(value: unknown): value is Uint8Array {
  if (!isUint8Array(value)) return false;
  const prototype = getPrototypeOf(value);
  if (prototype === Uint8Array.prototype) return false;
  const made = getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return made?.name === "Buffer" && typeof made.isBuffer === "function";
}

/** The same bytes as a Buffer, without a copy. */
export function asBuffer({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return builtin("node:buffer").Buffer.from(buffer, byteOffset, length);
}

/** Whether a value is a Uint8Array of no subclass. */
export function isPlainUint8Array(value: unknown): value is Uint8Array {
  if (!isUint8Array(value)) return false;
  const prototype = getPrototypeOf(value);
  return prototype === Uint8Array.prototype || builtinName(prototype) === "Uint8Array";
}

/** Whether a value is a Map. */
export function isMap(value: unknown): value is Map<unknown, unknown> {
  return value instanceof Map || hasForeign(mapSize, value);
}

/** Whether a value is a Set. */
export function isSet(value: unknown): value is Set<unknown> {
  return value instanceof Set || hasForeign(setSize, value);
}

/** Whether a value is a Date. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date || hasForeign(getTime, value);
}

/** Whether a value is a regular expression. */
export function isRegExp(value: unknown): value is RegExp {
  return value instanceof RegExp || isTagged(value, "RegExp");
}

/** Whether a value is an error. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || isTagged(value, "Error") ||
    isTagged(value, "DOMException");
}

/** Whether a value is a promise. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise || isTagged(value, "Promise");
}

/** Whether a value is an AbortSignal. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  return value instanceof AbortSignal || isTagged(value, "AbortSignal");
}

/** Whether a value is a URL. */
export function isURL(value: unknown): value is URL {
  return value instanceof URL || isTagged(value, "URL");
}

/** Whether a value is a boxed primitive. */
export function isBoxed(value: object): boolean {
  return BOXES.some((unbox) => hasSlot(unbox, value));
}

// --- classes -----------------------------------------------------------------------------

/**
 * The name of the built-in class whose prototype this is, also in another realm; undefined
 * for classes that are written in JavaScript. No getter is called.
 */
export function builtinName(prototype: object): string | undefined {
  const made: unknown = getOwnPropertyDescriptor(prototype, "constructor")?.value;
  if (typeof made !== "function") return undefined;
  const known = builtinNames.get(made);
  if (known !== undefined) return known || undefined;
  const name = NATIVE.exec(Function.prototype.toString.call(made))?.[1];
  builtinNames.set(made, name ?? "");
  return name;
}

/** The names of classes that were asked for; an empty one for those that are not built in. */
const builtinNames = new WeakMap<object, string>();

/** The text of a built-in class. */
const NATIVE = /^(?:function|class) (\w+)[^{]*\{\s*\[native code\]\s*\}$/;

/** Whether a class's prototype is that of a built-in class, or of a subclass of it. */
export function descendsFrom(prototype: unknown, name: string): boolean {
  if (typeof prototype !== "object") return false;
  for (let at = prototype; at !== null; at = getPrototypeOf(at)) {
    if (builtinName(at) === name) return true;
  }
  return false;
}
