/**
 * Shared memory that this process cannot map, seen as a `Uint8Array`: each access reads or
 * writes the file.
 *
 * What differs from a real one: it has no `buffer`, so no other typed array can be made
 * over it, and what takes bytes outside of JavaScript (`TextDecoder`, a socket) needs a
 * copy, by `slice()`.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import type { Mapping } from "../runtime/mapping/mod.ts";

/** A part of the memory. */
interface Part {
  readonly mapping: Mapping;
  readonly start: number;
  readonly length: number;
}

const PROTOTYPE = Uint8Array.prototype as unknown as Record<PropertyKey, unknown>;

/** Methods that change the bytes: of a copy, which is written back. */
const CHANGING: ReadonlySet<PropertyKey> = new Set(["copyWithin", "reverse", "sort"]);

/** A view of a mapping that has no buffer. */
export function byteView(
  mapping: Mapping,
  start: number = 0,
  length: number = mapping.size,
): Uint8Array {
  const part = { mapping, start, length };
  const target = Object.create(Uint8Array.prototype);
  return new Proxy(target, {
    get: (_target, key, view) => getProperty(part, key, view),
    set(_target, key, value) {
      const index = indexOf(key);
      if (index === undefined) return false;
      if (isWithin(part, index)) setByte(part, index, value);
      return true;
    },
    has: (_target, key) => {
      const index = indexOf(key);
      return index === undefined ? key in PROTOTYPE : isWithin(part, index);
    },
    ownKeys: () => Array.from({ length }, (_, i) => String(i)),
    getOwnPropertyDescriptor(_target, key) {
      const index = indexOf(key);
      if (index === undefined || !isWithin(part, index)) return undefined;
      const value = getByte(part, index);
      return { value, writable: true, enumerable: true, configurable: true };
    },
  });
}

/** A number as the key of a property; undefined for a name. */
function indexOf(key: PropertyKey): number | undefined {
  if (typeof key !== "string") return undefined;
  const number = Number(key);
  return String(number) === key ? number : undefined;
}

function isWithin({ length }: Part, index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < length;
}

function getProperty(part: Part, key: PropertyKey, view: Uint8Array): unknown {
  const index = indexOf(key);
  if (index !== undefined) {
    return isWithin(part, index) ? getByte(part, index) : undefined;
  }
  switch (key) {
    case "length":
    case "byteLength":
      return part.length;
    case "byteOffset":
      return part.start;
    case "buffer":
      return undefined;
    case "set":
      return (from: ArrayLike<number>, at = 0) => setAll(part, from, at);
    case "fill":
      return (value: number, start?: number, end?: number) => {
        const [from, to] = range(part, start, end);
        setAll(part, new Uint8Array(to - from).fill(value), from);
        return view;
      };
    case "subarray":
      return (start?: number, end?: number) => {
        const [from, to] = range(part, start, end);
        return byteView(part.mapping, part.start + from, to - from);
      };
    case "slice":
      return (start?: number, end?: number) => copy(part, ...range(part, start, end));
    case Symbol.toStringTag:
      return "Uint8Array";
  }
  const found = PROTOTYPE[key];
  if (typeof found !== "function" || key === "constructor") return found;
  return (...args: unknown[]) => {
    const bytes = copy(part, 0, part.length);
    const result = found.apply(bytes, args);
    if (!CHANGING.has(key)) return result;
    setAll(part, bytes, 0);
    return view;
  };
}

function getByte({ mapping, start }: Part, index: number): number {
  const byte = new Uint8Array(1);
  mapping.read(start + index, byte);
  return byte[0]!;
}

function setByte({ mapping, start }: Part, index: number, value: number): void {
  mapping.write(start + index, Uint8Array.of(value));
}

function copy({ mapping, start }: Part, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  if (to > from) mapping.read(start + from, bytes);
  return bytes;
}

function setAll({ mapping, start, length }: Part, from: ArrayLike<number>, at: number) {
  if (!(at >= 0) || at + from.length > length) {
    throw new RangeError("offset is out of bounds");
  }
  const bytes = isUint8Array(from) && ArrayBuffer.isView(from)
    ? from
    : Uint8Array.from(from);
  if (bytes.length > 0) mapping.write(start + at, bytes);
}

/** Start and end as `slice` takes them. */
function range({ length }: Part, start = 0, end = length): [number, number] {
  const place = (value: number) =>
    Math.trunc(value < 0 ? Math.max(length + value, 0) : Math.min(value, length)) || 0;
  const from = place(start);
  return [from, Math.max(from, place(end))];
}
