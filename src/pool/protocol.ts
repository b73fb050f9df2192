/**
 * The protocol of a pool and its workers, and how lists become bytes in it. Pure.
 *
 * Both directions carry a list of numbers and a list of byte strings (items). A command or
 * an event is a number from the tables below, then its operands; what is written as `<…>`
 * is the next item instead.
 *
 * A worker runs its tasks one after the other in the order in which it got them, and
 * has said how a task went before it begins the next one. So no task needs a number, and
 * when a worker dies it is known that only the first one that it has said nothing about
 * can have been begun. Whether it has been is known where the worker claims what it begins:
 * so the pool can also take tasks back without a word.
 *
 * @module
 */
import { UnpicklingError } from "../python/errors.ts";
import { switches } from "../runtime/switches.ts";
import { asBuffer, isBuffer, isSharedBuffer } from "../runtime/brands.ts";
import { ownBytes, plainBytes } from "../wire/bytes.ts";
import { isBytes } from "../codec/codec.ts";
import type { Payload } from "../wire/message.ts";

/** The commands of a pool to a worker. */
export const Command = {
  /** number, `<function>`: from now on the number stands for the function. */
  Define: 1,
  /** number: the function is not needed any more. */
  Forget: 2,
  /** function, mode, form, ticks, `<arguments>`: one task. */
  Task: 3,
  /** function, form, count, `<arguments>`: so many tasks of one argument each. */
  Run: 4,
  /**
   * Claim each task from now on before it is begun, in two files: `<path>`, `<path>`. See
   * hub/claims.ts.
   */
  Claim: 5,
  /** Claim in memory from now on, if it can be mapped: `<path>`. See hub/claim_words.ts. */
  ClaimQuicker: 8,
  /** The answer to `Claiming` that is false: what was told before is void. */
  ClaimNoMore: 7,
  /** There will be no more tasks: end when all are done. */
  Stop: 6,
  /**
   * function, form, stream, count, `<arguments>`: one task that gives values, so many of them
   * before it is granted more; 0 if none is wanted any more.
   */
  Stream: 9,
  /** stream, count: so many values more may be given. */
  Grant: 10,
  /** stream: no value is wanted any more. */
  Leave: 11,
  /** `<facts>`, in JSON: somebody listens to what becomes of the next task. */
  Told: 12,
} as const;

/** The events that a worker reports. */
export const WorkerEvent = {
  /** It is there, and its initializer has run. */
  Ready: 1,
  /** microseconds, form, `<value>`: the first task is done. */
  Done: 2,
  /** microseconds, whether to show the worker's stack, `<error>`: the first task failed. */
  Failed: 3,
  /** calls: so many of the calls that make up the first task are done, and one begins. */
  Tick: 4,
  /**
   * whether it claims, from now on. False can also come later: then it begins nothing more
   * of what it was told before the answer.
   */
  Claiming: 5,
  /** `<error>`: the initializer failed; the worker ends. */
  NotReady: 6,
  /** It has found that tasks were taken back. */
  Free: 7,
  /** It holds too much memory: it begins nothing more of what it was handed, and ends. */
  Full: 8,
  /** form, `<value>`: the first task, a stream, gives a value. */
  Yield: 9,
} as const;

/** Stands for a pool's tasks where they are claimed. */
export const TASKS = 1;

/** The ways to apply a function to a task's values. */
export const Mode = {
  /** Once, to all of it. */
  Apply: 0,
  /** To each element. */
  Map: 1,
  /** To each element, which is a list of arguments. */
  Starmap: 2,
  /** Once, and the values of what it gives are the results. */
  Stream: 3,
} as const;

/** One of {@linkcode Mode}. */
export type Mode = typeof Mode[keyof typeof Mode];

/** The ways to write a value, or the elements of a list. */
export const Form = {
  /** As any value is, by reduction.ts. */
  Payload: 0,
  /** A list of 32-bit integers, side by side. */
  Int32: 1,
  /** A list of floating point numbers, side by side. */
  Float64: 2,
  /** The value, or the only element, is the next operand. */
  Operand: 3,
  /** The value is the item itself: bytes. */
  Bytes: 4,
  /** A list of one element, which is the item itself: bytes. */
  OneBytes: 5,
  /** As `Bytes`, for a Buffer. */
  Buffer: 6,
  /** As `OneBytes`, for a Buffer. */
  OneBuffer: 7,
} as const;

/** One of {@linkcode Form}. */
export type Form = typeof Form[keyof typeof Form];

/** The frequency of a worker's reports within a task. */
export const Ticks = {
  Never: 0,
  /** Every now and then. */
  Sometimes: 1,
  /** After each call. */
  Always: 2,
} as const;

/** One of {@linkcode Ticks}. */
export type Ticks = typeof Ticks[keyof typeof Ticks];

// --- packing: lists of numbers, and of one byte string, become bytes many times as quickly
// as any value does. Both ends are on one machine: the bytes of numbers are in its order.

/** A list, written. */
export interface Packed {
  readonly form: Form;
  readonly bytes: Payload;
  /** Whether the bytes are the value's own, not a copy. */
  readonly isView?: boolean;
}

/** Writes a list, if it is such a one; undefined if it is not. */
export function pack(values: readonly unknown[]): Packed | undefined {
  if (!switches.packing) return undefined;
  const [first] = values;
  if (typeof first === "object") {
    if (values.length !== 1) return undefined;
    const form = bytesForm(first);
    if (form === undefined) return undefined;
    const list = form === Form.Bytes ? Form.OneBytes : Form.OneBuffer;
    return { form: list, bytes: plainBytes(first as Uint8Array), isView: true };
  }
  return packNumbers(values);
}

/** How bytes are sent as they are; undefined for what is no bytes. */
export function bytesForm(value: unknown): Form | undefined {
  if (isBytes(value)) return Form.Bytes;
  if (!isBuffer(value) || isSharedBuffer(value.buffer)) return undefined;
  return Form.Buffer;
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
  if (form === Form.OneBytes) return [ownBytes(bytes)];
  return form === Form.OneBuffer
    ? [asBuffer(ownBytes(bytes))]
    : unpackNumbers(form, bytes);
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
