/**
 * Tasks and results of pools as the bytes that lie on the server. Pure. Numbers are in the
 * order of x86 and ARM, as lists of numbers are (pool/protocol.ts).
 *
 * ```
 * a task:    flag · number · SEALED [ number · function · mode · form · how · arguments ]
 * a message: kind · number · SEALED [ number · worker · microseconds · form · value ]
 * ```
 *
 * What is sealed is signed if the context has a key; see payloads.ts.
 *
 * @module
 */
import { UnpicklingError } from "../../python/errors.ts";
import type { Form, Mode, Ticks } from "../../pool/protocol.ts";
import type { Payload } from "../../wire/message.ts";
import type { Payloads } from "../payloads.ts";
import { floatAt, putFloat } from "./floats.ts";

/** A task, for a worker. */
export interface TaskParts {
  readonly number: number;
  readonly func: number;
  readonly mode: Mode;
  readonly form: Form;
  readonly ticks: Ticks;
  /** Whether the value is the one argument of a single call. */
  readonly isSingle: boolean;
  /** Whether its worker gets nothing else. */
  readonly isAlone: boolean;
  readonly payload: Uint8Array;
}

const PLAIN = 45; // -
const ALONE = 33; // !
const HEAD = 5;
const TASK_HEAD = 11;
const MESSAGE_HEAD = 17;

/** Writes a task. */
export function writeTask(task: TaskParts, payloads: Payloads): Payload {
  const bytes = new Uint8Array(HEAD + TASK_HEAD + task.payload.length);
  putNumber(bytes, HEAD, task.number);
  putNumber(bytes, HEAD + 4, task.func);
  bytes[HEAD + 8] = task.mode;
  bytes[HEAD + 9] = task.form;
  bytes[HEAD + 10] = task.ticks | (task.isSingle ? 4 : 0);
  bytes.set(task.payload, HEAD + TASK_HEAD);
  return headed(task.isAlone ? ALONE : PLAIN, task.number, bytes, payloads);
}

/** Reads one. @throws {UnpicklingError | AuthenticationError} if it is none */
export function readTask(bytes: Uint8Array, payloads: Payloads): TaskParts {
  const { kind, number } = headOf(bytes);
  const sealed = payloads.open(bytes.subarray(HEAD));
  checkLength(sealed, TASK_HEAD);
  checkNumber(number, sealed);
  const how = sealed[10]!;
  return {
    number,
    func: numberAt(sealed, 4),
    mode: sealed[8] as Mode,
    form: sealed[9] as Form,
    ticks: (how & 3) as Ticks,
    isSingle: (how & 4) !== 0,
    isAlone: kind === ALONE,
    payload: sealed.subarray(TASK_HEAD),
  };
}

/** What messages tell, by their first bytes. */
export const Kind = {
  /** A task is done. */
  Done: 68, // D
  /** A task has failed; its form is 1 if the worker's stack is to be shown. */
  Failed: 70, // F
  /** A task that may be killed alone is begun. */
  Begun: 66, // B
  /** So many of the calls of a task are done: its microseconds. */
  Tick: 84, // T
  /** The initializer of a worker has failed. */
  NotReady: 78, // N
  /** A worker ends, as it has nothing more to do. */
  Leaving: 81, // Q
  /** The server tells: a worker of that number is there, with that session. */
  Here: 72, // H
  /** The server tells: a task's worker is gone, which had that session. */
  Lost: 76, // L
  /** The server tells: a task that was not wanted any more was leased to nobody. */
  Dropped: 88, // X
  /** The server tells: the worker of that session is gone. */
  Gone: 71, // G
} as const;

/** One of {@linkcode Kind}. */
export type Kind = typeof Kind[keyof typeof Kind];

/** What the server tells: nothing of that is signed. */
const OF_SERVER = new Set<number>([Kind.Here, Kind.Lost, Kind.Gone, Kind.Dropped]);

/** What a worker tells. */
export interface Message {
  readonly kind: number;
  /** The number of the task; of the worker, where it is there. */
  readonly number: number;
  readonly worker: number;
  readonly micros: number;
  readonly form: number;
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array();

/** Writes a message. */
export function writeMessage(
  { kind, number, worker, micros = 0, form = 0, payload = NOTHING }:
    & Pick<Message, "kind" | "number" | "worker">
    & Partial<Message>,
  payloads: Payloads,
): Payload {
  const bytes = new Uint8Array(HEAD + MESSAGE_HEAD + payload.length);
  putNumber(bytes, HEAD, number);
  putNumber(bytes, HEAD + 4, worker);
  putFloat(bytes, HEAD + 8, micros);
  bytes[HEAD + 16] = form;
  bytes.set(payload, HEAD + MESSAGE_HEAD);
  return headed(kind, number, bytes, payloads);
}

/** Reads one. @throws {UnpicklingError | AuthenticationError} if it is none */
export function readMessage(bytes: Uint8Array, payloads: Payloads): Message {
  const { kind, number } = headOf(bytes);
  if (OF_SERVER.has(kind)) {
    const payload = bytes.subarray(HEAD);
    return { kind, number, worker: 0, micros: 0, form: 0, payload };
  }
  const sealed = payloads.open(bytes.subarray(HEAD));
  checkLength(sealed, MESSAGE_HEAD);
  checkNumber(number, sealed);
  return {
    kind,
    number,
    worker: numberAt(sealed, 4),
    micros: floatAt(sealed, 8),
    form: sealed[16]!,
    payload: sealed.subarray(MESSAGE_HEAD),
  };
}

/** The kind and number of a message, also of one that cannot be read. */
export function headOf(bytes: Uint8Array): { kind: number; number: number } {
  checkLength(bytes, HEAD);
  return { kind: bytes[0]!, number: numberAt(bytes, 1) };
}

/** Puts the head before what is to be sealed, which has room for it. */
function headed(
  kind: number,
  number: number,
  bytes: Uint8Array<ArrayBuffer>,
  payloads: Payloads,
): Payload {
  const body = bytes.subarray(HEAD);
  const sealed = payloads.seal(body);
  let whole = bytes;
  if (sealed !== body) {
    whole = new Uint8Array(HEAD + sealed.length);
    whole.set(sealed, HEAD);
  }
  whole[0] = kind;
  putNumber(whole, 1, number);
  return whole;
}

function checkLength(bytes: Uint8Array, least: number): void {
  if (bytes.length < least) throw new UnpicklingError("a task or result was cut off");
}

function checkNumber(number: number, sealed: Uint8Array): void {
  if (numberAt(sealed, 0) === number) return;
  throw new UnpicklingError("a task or result has another one's number");
}

// By hand: to make a view of each takes longer than all else.

function putNumber(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function numberAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 |
    bytes[at + 3]! << 24) >>> 0;
}
