/**
 * What a worker's tasks give, as bytes and back.
 *
 * @module
 */
import { bytesForm, Form, Mode, pack } from "../../pool/protocol.ts";
import { encodingError } from "../../pool/worker_main.ts";
import { valueOf } from "../../pool/worker_process.ts";
import { dumpError, dumps, PendingPayload } from "../../reduction/mod.ts";
import { plainBytes } from "../../wire/bytes.ts";
import type { Payload } from "../../wire/message.ts";
import { floatAt, floatBytes } from "./floats.ts";
import { Kind } from "./messages.ts";

/** What became of a task. */
export interface Result {
  readonly kind: typeof Kind.Done | typeof Kind.Failed;
  readonly form: number;
  readonly payload: Payload;
}

/** What a task gives; if that cannot be sent, the task has failed. */
export function writeValue(value: unknown, mode: Mode): Result | Promise<Result> {
  try {
    if (typeof value === "number") return done(Form.Operand, floatBytes(value));
    const form = typeof value === "object" ? bytesForm(value) : undefined;
    if (form !== undefined) return done(form, plainBytes(value as Uint8Array));
    if (mode === Mode.Map || mode === Mode.Starmap) {
      const packed = pack(value as unknown[]);
      if (packed !== undefined) return done(packed.form, packed.bytes);
    }
    const payload = dumps(value ?? null);
    if (!(payload instanceof PendingPayload)) return done(Form.Payload, payload);
    return payload.resolve().then(
      (payload) => done(Form.Payload, payload),
      (error) => unsent(error, value),
    );
  } catch (error) {
    return unsent(error, value);
  }
}

function done(form: number, payload: Payload): Result {
  return { kind: Kind.Done, form, payload };
}

async function unsent(error: unknown, value: unknown): Promise<Result> {
  const payload = await dumpFailure(encodingError(error, value));
  return { kind: Kind.Failed, form: 0, payload };
}

/** An error, or why that cannot be sent. */
export async function dumpFailure(error: unknown): Promise<Payload> {
  return await dumpError(error, encodingError);
}

/** The value of a task, or a promise of it. @throws if it cannot be read */
export function readValue(form: number, payload: Payload): unknown {
  return form === Form.Operand ? floatAt(payload, 0) : valueOf(form, payload);
}
