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

/** Encodes a thrown value; a promise if its class must be found. Never throws. */
export function dumpError(error: unknown): Payload | Promise<Payload> {
  const payload = dumpWhole(error);
  const parcel = (payload: Payload | null) =>
    dumps(
      [formatException(error), payload, dumps(substituteOf(error))] satisfies unknown[],
    ) as Payload;
  if (!(payload instanceof PendingPayload)) return parcel(payload);
  return payload.resolve().then(parcel, () => parcel(null));
}

/** An error, if need be without the fields that cannot be sent; null if it cannot be. */
function dumpWhole(error: unknown): Payload | PendingPayload | null {
  try {
    return dumps(error);
  } catch {
    // it holds a value that cannot be sent
  }
  try {
    const type = isError(error) ? classOf(error) : undefined;
    return type && isErrorClass(type)
      ? dumps(substituteOf(error, 0, type as typeof Error))
      : null;
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
