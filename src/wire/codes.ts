/**
 * How values that plain CBOR has no room for are written: the numbers and limits that
 * both directions share, and the two hooks through which objects that only the layer
 * above knows (functions, instances, errors, shared objects) take part.
 *
 * Two forms of payload exist:
 *
 * - *bare*: one CBOR item without any tag. It is the value.
 * - *wrapped*: `tag([references]?, bytes*, body)`. The body is again an item without
 *   tags, in which an array that starts with `undefined` is a *node*: its second
 *   element, one of {@linkcode Code}, says what stands for what follows. (An array of
 *   the user's that starts with `undefined` becomes a node itself.) Byte strings are
 *   kept outside of the body, so that they are copied once and nobody parses them.
 *
 * No tag ever reaches cbor-x: what other libraries do to its global tables changes
 * nothing here.
 *
 * To add a kind of value: a number in `Code`, a case in prepare.ts, one in revive.ts.
 *
 * @module
 */

/** Tag of a wrapped payload. In the range that is free for everyone (above 40,500). */
export const WRAPPED = 0x50790001;

/** Tag of a wrapped payload whose first byte string is an encoded table of references. */
export const WRAPPED_WITH_REFERENCES = 0x50790002;

/**
 * How deep arrays and objects may be nested; every node and its fields count as well.
 * Fixed, because the engines' own limits differ by a factor of ten, and low enough for
 * all of them.
 */
export const MAX_DEPTH = 1000;

/** The second element of a node. The values are the format's; never renumber them. */
export const Code = {
  /** An object that was met before: its number, counted from 0 in the order they begin. */
  Again: 0,
  /** -0. */
  NegativeZero: 1,
  /** A string that UTF-8 cannot carry: the index of its UTF-16 code units. */
  Text: 2,
  /** A bigint of more than 64 bits: in hexadecimal digits, after a `-` perhaps. */
  BigInt: 3,
  /** A boxed primitive: the primitive. */
  Boxed: 4,
  /** Milliseconds, NaN for an invalid date. */
  Date: 5,
  /** Source, flags. */
  RegExp: 6,
  /** The URL's text. */
  URL: 7,
  /** Key, value, key, value… */
  Map: 8,
  /** The members. */
  Set: 9,
  /** The elements of an array that starts with `undefined`. */
  Array: 10,
  /** Length, then index, value, index, value… */
  Sparse: 11,
  /** An object with a key such as `__proto__`: key, value, key, value… */
  Entries: 12,
  /** An object without a prototype: key, value, key, value… */
  NullPrototype: 13,
  /** Index into {@linkcode BYTES_KINDS}, index of the byte string. */
  Bytes: 14,
  /** What a {@linkcode Reducer} made: kind, head, and the state if there is one. */
  Reduced: 15,
} as const;

/** Kinds of binary data, by name of the class. The order is the format's. */
export const BYTES_KINDS: readonly string[] = [
  "Uint8Array",
  "ArrayBuffer",
  "DataView",
  "Uint8ClampedArray",
  "Int8Array",
  "Uint16Array",
  "Int16Array",
  "Uint32Array",
  "Int32Array",
  "BigUint64Array",
  "BigInt64Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
];

/**
 * Names of methods that JavaScript calls by itself, when a value is awaited, shown or
 * written as JSON: a function that has come with a message would be called so.
 */
const SELF_CALLED: ReadonlySet<string> = new Set([
  "then",
  "toString",
  "valueOf",
  "toJSON",
]);

/** Whether a property is a method that JavaScript calls by itself. */
export function isSelfCalled(name: unknown, value: unknown): boolean {
  return typeof value === "function" && SELF_CALLED.has(name as string);
}

/** What stands for an object that the codec does not know itself. */
export interface Reduced {
  /** What kind of thing it is, in the numbers of the reviver. */
  kind: number;
  /** What it is made from; the object must not occur in it. */
  head: unknown;
  /** What it is filled with once it is made; may contain the object. */
  state?: unknown;
}

/** Takes objects apart, at the moment of encoding. */
export interface Reducer {
  /** Throws where the object cannot be sent. */
  reduce(value: object): Reduced;
}

/** Puts together what a {@linkcode Reducer} took apart. */
export interface Reviver {
  /** Makes the thing from its head. */
  create(kind: number, head: unknown): unknown;
  /** Fills what `create` returned; only called where there is a state. */
  restore(made: unknown, kind: number, state: unknown): void;
}
