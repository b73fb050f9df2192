/**
 * Values to bytes and back, by cbor-x. Pure: no module is looked up, nothing is read or
 * written; a Reducer and a Reviver do what needs that.
 *
 * ```
 * encode:  plain? ──yes──────────────────────────► cbor-x ─► bare payload
 *            └─no─► prepare (copy with nodes) ───► cbor-x ─► body ┐
 *                     └─ byte strings ───────────────────────────┴► wrapped payload
 * decode:  first byte ─► bare: scan, cbor-x
 *                     └► wrapped: byte strings, scan, cbor-x, revive
 * ```
 *
 * Sendable are all values that structured cloning takes (identity and cycles
 * included), and -0, sparse arrays, `__proto__` keys, null prototypes, URLs, boxed
 * primitives, any string. Properties with a getter are read; `toJSON` is not called;
 * properties keyed by symbols, extra properties of arrays and a RegExp's `lastIndex` are
 * left behind. Nesting ends at {@linkcode MAX_DEPTH} levels.
 *
 * @module
 */
import { isError, isPlainUint8Array, isSharedBuffer } from "../runtime/brands.ts";
import { PicklingError, RecursionError } from "../python/errors.ts";
import {
  assemble,
  copyOf,
  decodeBytes,
  encodeBytes,
  malformed,
  type Reducer,
  type Reviver,
  scan,
  split,
  truncated,
  WRAPPED,
  WRAPPED_WITH_REFERENCES,
} from "./format.ts";
import { isPlain, readScalar, writeScalar } from "./plain.ts";
import { prepare } from "./prepare.ts";
import { revive } from "./revive.ts";
import { clearSource, Decoder } from "cbor-x/decode";
import { Encoder } from "cbor-x/encode";

/** A value's CBOR, before it is joined into one payload. */
export interface Parts {
  /** The body: a view of cbor-x's memory unless `keep` was called. */
  body: Uint8Array;
  /** The byte strings that the body refers to. */
  outOfBand: Uint8Array[];
}

const encoder = new Encoder({
  useRecords: false,
  variableMapSize: true,
  mapsAsObjects: true,
  tagUint8Array: false,
}) as unknown as {
  encode(value: unknown, mode: number): Uint8Array;
  useBuffer(buffer: Uint8Array): void;
};
const decoder = new Decoder({
  useRecords: false,
  mapsAsObjects: true,
  copyBuffers: true,
});

/** cbor-x's RESET_BUFFER_MODE: write to the same place again the next time. */
const RESET = 1024;
/** cbor-x keeps its output buffer, however large it had to become; beyond this we don't. */
const ARENA_LIMIT = 1 << 20;
const ARENA = 8192;

/** Counts calls of cbor-x: a user's getter may call this codec from within one. */
let calls = 0;

/** Runs cbor-x; undefined if something else ran it meanwhile, which spoils the result. */
function write(value: unknown): Uint8Array | undefined {
  const call = ++calls;
  try {
    const bytes = encoder.encode(value, RESET);
    if (calls !== call) return undefined;
    if (bytes.buffer.byteLength > ARENA_LIMIT) releaseArena(bytes);
    return bytes;
  } catch (error) {
    if (calls !== call) return undefined;
    throw asPythonError(error);
  }
}

function releaseArena(bytes: Uint8Array): void {
  const Bytes = bytes.constructor as Uint8ArrayConstructor & {
    allocUnsafeSlow?(size: number): Uint8Array;
  };
  encoder.useBuffer(Bytes.allocUnsafeSlow?.(ARENA) ?? new Uint8Array(ARENA));
}

function asPythonError(error: unknown): unknown {
  if (!isError(error)) return error; // thrown by a getter
  const { message } = error;
  if (isStackOverflow(error)) {
    return new RecursionError(
      "maximum recursion depth exceeded while pickling an object",
      { cause: error },
    );
  }
  // A getter that gives something else at the second look; too much for one buffer.
  if (!message.startsWith("Unknown type") && !message.startsWith("Encoded buffer")) {
    return error;
  }
  return new PicklingError(`Can't pickle: ${message}`, { cause: error });
}

/** No regular expression: at the end of the stack V8 cannot compile one. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith("Maximum call stack");
}

/**
 * Encodes a value that plain CBOR carries as it is; undefined if the value needs more. The
 * result is a view of memory that the next encoding overwrites: copy it at once.
 */
export function encodePlain(value: unknown): Uint8Array | undefined {
  const scalar = writeScalar(value);
  if (scalar !== undefined) return scalar;
  let plain;
  try {
    plain = isPlain(value);
  } catch (error) {
    throw asPythonError(error); // the stack was nearly full before
  }
  return plain ? write(value) : undefined;
}

/** Encodes any value. Throws TypeError, RecursionError or PicklingError. */
export function encodeParts(value: unknown, reducer?: Reducer): Parts {
  let prepared;
  try {
    prepared = prepare(value, reducer);
  } catch (error) {
    throw asPythonError(error);
  }
  const body = write(prepared.body);
  if (body === undefined) throw new PicklingError("Can't pickle: interrupted");
  return { body, outOfBand: prepared.outOfBand };
}

/** Copies parts, so that they share no memory with cbor-x and the value. */
export function keep(parts: Parts): Parts {
  return { body: copyOf(parts.body), outOfBand: parts.outOfBand.map(copyOf) };
}

/**
 * Joins parts into one payload, which shares no memory with them. `references` are plain
 * data that {@linkcode readReferences} gives the receiver before the body is read.
 */
export function join(parts: Parts, references?: readonly unknown[]): Uint8Array {
  const { outOfBand } = parts;
  if (references === undefined) return assemble(WRAPPED, outOfBand, parts.body);
  // Writing the references overwrites the body.
  const body = copyOf(parts.body);
  const table = encode(references);
  return assemble(WRAPPED_WITH_REFERENCES, [table, ...outOfBand], body);
}

/**
 * Encodes a value; the result shares no memory with it. The reducer takes apart objects that
 * the codec does not know; without it they throw. Throws as {@linkcode encodeParts} does.
 */
export function encode(value: unknown, reducer?: Reducer): Uint8Array {
  if (isBytes(value)) return encodeBytes(value);
  const plain = encodePlain(value);
  return plain === undefined ? join(encodeParts(value, reducer)) : copyOf(plain);
}

/** Whether a value is plain bytes, which need no cbor-x. */
export function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> {
  return isPlainUint8Array(value) && !isSharedBuffer(value.buffer);
}

/**
 * Decodes a payload, which is not trusted: throws UnpicklingError if `encode` has not made
 * it. The result shares no memory with it.
 */
export function decode(payload: Uint8Array, reviver?: Reviver): unknown {
  const head = payload[0];
  if (head === undefined) throw truncated();
  const major = head >> 5;
  if (major === 6) return decodeWrapped(payload, reviver);
  if (major === 2) return decodeBytes(payload);
  const scalar = readScalar(payload);
  return scalar === readScalar ? read(payload) : scalar;
}

function read(bytes: Uint8Array): unknown {
  scan(bytes);
  try {
    return decoder.decode(bytes);
  } catch (error) {
    // Else cbor-x takes itself to be decoding still, and copies each source from now on.
    clearSource();
    if (isStackOverflow(error)) throw unpicklingTooDeep(error);
    throw malformed(isError(error) ? error.message : String(error));
  }
}

/** The caller had nearly filled the stack; the depth of the data is limited otherwise. */
function unpicklingTooDeep(cause: unknown): RecursionError {
  return new RecursionError("maximum recursion depth exceeded", { cause });
}

function decodeWrapped(payload: Uint8Array, reviver: Reviver | undefined): unknown {
  const { tag, strings, body } = split(payload);
  if (tag === WRAPPED_WITH_REFERENCES) strings.shift();
  const decoded = read(body);
  try {
    return revive(decoded, strings, reviver);
  } catch (error) {
    throw isStackOverflow(error) ? unpicklingTooDeep(error) : error;
  }
}

/** The references that `join` was given; undefined if there were none. */
export function readReferences(payload: Uint8Array): unknown[] | undefined {
  if (payload[0] !== 0xda || payload[4] !== (WRAPPED_WITH_REFERENCES & 0xff)) {
    return undefined;
  }
  const { tag, strings: [table] } = split(payload);
  if (tag !== WRAPPED_WITH_REFERENCES) return undefined;
  const references = read(table!);
  if (!Array.isArray(references)) throw malformed("a table of references expected");
  return references;
}
