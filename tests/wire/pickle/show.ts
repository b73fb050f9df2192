/**
 * A text of a value, for comparing values of all kinds with cycles in them: types, contents
 * and which objects are the same.
 *
 * @module
 */

import { PyFloat } from "../../../src/pickle/types.ts";

/**
 * The text. Members of sets are in no order, as in Python. Objects of which Python has
 * only one (empty tuples and the like) are never the same.
 */
export function show(value: unknown): string {
  return new Shower().show(value);
}

class Shower {
  readonly #numbers = new Map<object, number>();

  show(value: unknown): string {
    if (typeof value !== "object" || value === null) return scalar(value);
    if (value instanceof PyFloat) return `float ${value.valueOf()}`;
    const number = this.#numbers.get(value);
    if (number !== undefined) return `#${number}`;
    const kind = value.constructor?.name ?? "null";
    const parts = this.#parts(value);
    if (!isSingle(kind, parts)) this.#numbers.set(value, this.#numbers.size);
    return `${kind}(${(typeof parts === "string"
      ? parts
      : parts.map((part) => this.show(part)).join(", "))})`;
  }

  #parts(value: object): string | unknown[] {
    if (Array.isArray(value)) return value;
    if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array).join();
    if (value instanceof Map) return [...value].flat();
    if (value instanceof Set) return Array.from(value, show).sort();
    const own = Object.entries(value).flat();
    if (!(value instanceof Error)) return own;
    const { name, message, args } = value as Error & { args?: unknown };
    return [name, message, args, ...own];
  }
}

function scalar(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return Object.is(value, -0)
    ? "-0"
    : typeof value === "bigint"
    ? `${value}n`
    : `${value}`;
}

function isSingle(kind: string, parts: string | unknown[]): boolean {
  if (kind === "Uint8Array") return !parts.includes(",");
  return (kind === "PyTuple" || kind === "PyFrozenSet") && parts.length === 0;
}
