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
  const bytes = new Uint8Array(TASK_HEAD + task.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, task.number, true);
  view.setUint32(4, task.func, true);
  bytes[8] = task.mode;
  bytes[9] = task.form;
  bytes[10] = task.ticks | (task.isSingle ? 4 : 0);
  bytes.set(task.payload, TASK_HEAD);
  return headed(task.isAlone ? ALONE : PLAIN, task.number, payloads.seal(bytes));
}

/** Reads one. @throws {UnpicklingError | AuthenticationError} if it is none */
export function readTask(bytes: Uint8Array, payloads: Payloads): TaskParts {
  const { kind, number } = headOf(bytes);
  const sealed = payloads.open(bytes.subarray(HEAD));
  const view = viewOf(sealed, TASK_HEAD);
  checkNumber(number, view);
  const how = sealed[10]!;
  return {
    number,
    func: view.getUint32(4, true),
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
  /** The server tells: the worker of that session is gone. */
  Gone: 71, // G
} as const;

/** One of {@linkcode Kind}. */
export type Kind = typeof Kind[keyof typeof Kind];

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
  const bytes = new Uint8Array(MESSAGE_HEAD + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, number, true);
  view.setUint32(4, worker, true);
  view.setFloat64(8, micros, true);
  bytes[16] = form;
  bytes.set(payload, MESSAGE_HEAD);
  return headed(kind, number, payloads.seal(bytes));
}

/** Reads one. @throws {UnpicklingError | AuthenticationError} if it is none */
export function readMessage(bytes: Uint8Array, payloads: Payloads): Message {
  const { kind, number } = headOf(bytes);
  if (kind === Kind.Here || kind === Kind.Lost || kind === Kind.Gone) {
    const payload = bytes.subarray(HEAD);
    return { kind, number, worker: 0, micros: 0, form: 0, payload };
  }
  const sealed = payloads.open(bytes.subarray(HEAD));
  const view = viewOf(sealed, MESSAGE_HEAD);
  checkNumber(number, view);
  return {
    kind,
    number,
    worker: view.getUint32(4, true),
    micros: view.getFloat64(8, true),
    form: sealed[16]!,
    payload: sealed.subarray(MESSAGE_HEAD),
  };
}

/** The kind and number of a message, also of one that cannot be read. */
export function headOf(bytes: Uint8Array): { kind: number; number: number } {
  return { kind: bytes[0]!, number: viewOf(bytes, HEAD).getUint32(1, true) };
}

function headed(kind: number, number: number, sealed: Payload): Payload {
  const bytes = new Uint8Array(HEAD + sealed.length);
  bytes[0] = kind;
  new DataView(bytes.buffer).setUint32(1, number, true);
  bytes.set(sealed, HEAD);
  return bytes;
}

function viewOf(bytes: Uint8Array, least: number): DataView {
  if (bytes.length < least) throw new UnpicklingError("a task or result was cut off");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkNumber(number: number, sealed: DataView): void {
  if (sealed.getUint32(0, true) === number) return;
  throw new UnpicklingError("a task or result has another one's number");
}
