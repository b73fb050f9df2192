/**
 * Lists that become bytes many times as quickly as any value does: lists of numbers, and
 * of one byte string. Pure.
 *
 * Both ends are on one machine, so the bytes of numbers are in its order.
 *
 * @module
 */
import { UnpicklingError } from "../python/errors.ts";
import { switches } from "../runtime/switches.ts";
import { ownBytes, plainBytes } from "../wire/bytes.ts";
import { isBytes } from "../wire/codec.ts";
import type { Payload } from "../wire/message.ts";
import { Form } from "./protocol.ts";

/** A list, written. */
export interface Packed {
  readonly form: Form;
  /** With {@linkcode Form.OneBytes} the byte string itself, which is not copied. */
  readonly bytes: Payload;
}

/** Writes a list, if it is such a one; undefined if it is not. */
export function pack(values: readonly unknown[]): Packed | undefined {
  if (!switches.packing) return undefined;
  const [first] = values;
  if (typeof first === "object") {
    if (values.length !== 1 || !isBytes(first)) return undefined;
    return { form: Form.OneBytes, bytes: plainBytes(first) };
  }
  return packNumbers(values);
}

function packNumbers(values: readonly unknown[]): Packed | undefined {
  const { length } = values;
  const integers = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (typeof value !== "number") return undefined;
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) {
      return packFloats(values);
    }
    integers[i] = value;
  }
  return { form: Form.Int32, bytes: new Uint8Array(integers.buffer) };
}

function packFloats(values: readonly unknown[]): Packed | undefined {
  const { length } = values;
  const floats = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (typeof value !== "number") return undefined;
    floats[i] = value;
  }
  return { form: Form.Float64, bytes: new Uint8Array(floats.buffer) };
}

/**
 * Reads what {@linkcode pack} wrote. Bytes that fill a buffer of their own become the
 * list's element, without a copy.
 *
 * @throws {UnpicklingError} If the bytes are no such list.
 */
export function unpack(form: number, bytes: Payload): unknown[] {
  return form === Form.OneBytes ? [ownBytes(bytes)] : unpackNumbers(form, bytes);
}

function unpackNumbers(form: number, bytes: Payload): number[] {
  const size = form === Form.Int32 ? 4 : 8;
  if ((form !== Form.Int32 && form !== Form.Float64) || bytes.length % size !== 0) {
    throw new UnpicklingError("malformed list of numbers");
  }
  // A view needs its place to be a multiple of the size; a copy begins at 0.
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const length = bytes.length / size;
  const numbers = form === Form.Int32
    ? new Int32Array(buffer, byteOffset, length)
    : new Float64Array(buffer, byteOffset, length);
  const values: number[] = [];
  for (let i = 0; i < length; i++) values.push(numbers[i]!);
  return values;
}
