/**
 * Errors that are raised in one process and delivered in another: any thrown value
 * arrives, as far as it can be sent and its class is known there.
 *
 * Mirrors `multiprocessing.pool.ExceptionWithTraceback`.
 *
 * @module
 */

import { isErrorClass } from "./policy.ts";
import { classOf } from "./kinds.ts";
import { isError, isUint8Array } from "../runtime/brands.ts";
import {
  errorClasses,
  MaybeEncodingError,
  RemoteTraceback,
  setHidden,
  UnpicklingError,
} from "../python/errors.ts";
import { formatException } from "../python/traceback.ts";
import type { Payload } from "../wire/message.ts";
import { dumps, PendingPayload } from "./dump.ts";
import { ownClass, propertiesOf } from "./errors.ts";
import { loads } from "./load.ts";

/** Text of the stack; the error; its substitute, if the receiver cannot make it. */
type Parcel = [traceback: string, error: Payload | null, substitute: Payload];

/** Number of causes of a substitute that are kept: a chain may be a ring. */
const MAX_CAUSES = 16;

/** Makes what is told instead of an error with a field that cannot be sent. */
export type Unsendable = (reason: unknown, error: Error) => Error;

/**
 * Encodes a thrown value; a promise if its class or a field must be found. Never throws. An
 * error whose class cannot be named becomes one of the nearest class that can.
 *
 * @param unsendable Makes what is sent instead of an error with a field that cannot be, for
 * the reason given: it shall not get lost in silence.
 */
export function dumpError(
  error: unknown,
  unsendable: Unsendable = (reason, error) => new MaybeEncodingError(reason, error),
): Payload | Promise<Payload> {
  const traceback = formatException(error);
  const parcel = (payload: Payload | null, error: unknown) =>
    dumps(
      [traceback, payload, dumps(substituteOf(error))] satisfies unknown[],
    ) as Payload;
  const otherwise = () => {
    const reason = isError(error) ? fieldsReason(error) : undefined;
    const settle = (reason: Reason | undefined) => {
      if (reason === undefined) return parcel(withoutCause(error), error);
      const instead = unsendable(reason.reason, error as Error);
      return parcel(dumps(instead) as Payload, instead);
    };
    return reason instanceof Promise ? reason.then(settle) : settle(reason);
  };
  try {
    const payload = dumps(error);
    if (!(payload instanceof PendingPayload)) return parcel(payload, error);
    return payload.resolve().then((payload) => parcel(payload, error), otherwise);
  } catch {
    return otherwise();
  }
}

/** Why a field cannot be sent. */
interface Reason {
  readonly reason: unknown;
}

/** Properties that are told in other ways: the cause by the text of the stack. */
const TOLD: ReadonlySet<string> = new Set(["name", "message", "stack", "cause"]);

/** Why the first field that cannot be sent cannot; undefined if all can. */
function fieldsReason(
  error: Error,
): Reason | undefined | Promise<Reason | undefined> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of propertiesOf(error)) {
    if (!TOLD.has(name)) fields[name] = value;
  }
  try {
    const payload = dumps(fields);
    if (!(payload instanceof PendingPayload)) return undefined;
    return payload.resolve().then(() => undefined, (reason) => ({ reason }));
  } catch (reason) {
    return { reason };
  }
}

/** An error of its class without its cause, which cannot be sent; null if that cannot be. */
function withoutCause(error: unknown): Payload | null {
  try {
    const type = isError(error) ? classOf(error) : undefined;
    if (type === undefined || !isErrorClass(type)) return null;
    const payload = dumps(substituteOf(error, 0, type as typeof Error));
    return payload instanceof PendingPayload ? null : payload;
  } catch {
    return null;
  }
}

/**
 * Decodes the result of {@linkcode dumpError}; gives a promise if the class must be found.
 * Never throws: an error that cannot be made here is replaced by the one that says why.
 *
 * @param options `withTraceback`: the `cause` becomes the stack in the other process, whose
 * own `cause` is the original one.
 */
export function loadError(
  payload: Payload,
  { withTraceback = false }: { withTraceback?: boolean } = {},
): unknown | Promise<unknown> {
  let traceback = "";
  const finish = (error: unknown) => {
    if (withTraceback && isError(error)) {
      const options = Object.hasOwn(error, "cause")
        ? { cause: error.cause }
        : undefined;
      setHidden(error, "cause", new RemoteTraceback(traceback, options));
    }
    return error;
  };
  const load = (payload: Payload, otherwise: (error: unknown) => unknown) => {
    const error = loads(payload);
    return error instanceof Promise ? error.then(finish, otherwise) : finish(error);
  };
  try {
    const [text, sent, substitute] = parcel(loads(payload));
    traceback = text;
    const instead = () => orReason(() => load(substitute, finish), finish);
    return sent === null ? instead() : orReason(() => load(sent, instead), instead);
  } catch (error) {
    return error;
  }
}

function orReason(
  load: () => unknown,
  otherwise: (error: unknown) => unknown,
): unknown {
  try {
    return load();
  } catch (error) {
    return otherwise(error);
  }
}

function parcel(value: unknown): Parcel {
  const [traceback, sent, substitute] = Array.isArray(value) ? value : [];
  const isBytes = (value: unknown) => isUint8Array(value);
  if (
    typeof traceback !== "string" || !isBytes(substitute) ||
    (sent !== null && !isBytes(sent))
  ) {
    throw new UnpicklingError("malformed error");
  }
  return [traceback, sent, substitute];
}

/** An error of the nearest class that every process has, with the same name and text. */
function substituteOf(error: unknown, depth = 0, type?: typeof Error): unknown {
  if (!isError(error)) return isSendable(error) ? error : String(error);
  const substitute: Error = Reflect.construct(Error, [], type ?? nearestClass(error));
  for (const [name, value, enumerable] of propertiesOf(error)) {
    if (name === "cause") {
      if (depth < MAX_CAUSES) {
        setHidden(substitute, name, substituteOf(value, depth + 1));
      }
    } else if (isSendable(value)) {
      Object.defineProperty(substitute, name, {
        value,
        enumerable,
        writable: true,
        configurable: true,
      });
    }
  }
  if (substitute.name !== error.name) setHidden(substitute, "name", String(error.name));
  return substitute;
}

function nearestClass(error: Error): typeof Error {
  for (
    let prototype = Object.getPrototypeOf(error);
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const own = ownClass(Object.create(prototype));
    if (own !== undefined) return own as unknown as typeof Error;
    for (const errorClass of errorClasses.values()) {
      if (errorClass.prototype === prototype) {
        return errorClass as unknown as typeof Error;
      }
    }
  }
  return Error;
}

function isSendable(value: unknown): boolean {
  try {
    return isUint8Array(dumps(value));
  } catch {
    return false;
  }
}
