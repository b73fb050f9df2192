/**
 * What may carry a connection's messages, and how it is put together again in the process
 * it has come to.
 *
 * @module
 */
import { AttributeError, osError, UnpicklingError, ValueError } from "../errors.ts";
import { pythonTypeName } from "../repr.ts";
import type { EndFields } from "./pipe_end.ts";
import type { Transport } from "./transport.ts";

/** Something that carries messages and has come from another process. */
export interface Arrived extends Transport {
  readonly reads: boolean;
  readonly writes: boolean;
}

const transports = new Map<string, (fields: EndFields) => Arrived>();

/**
 * Says how a kind of transport is made again where it arrives.
 *
 * @param name As its `reduce` gives it.
 * @param make Gets the fields that `reduce` gave. They come from another process: check
 * them.
 */
export function registerTransport<F extends EndFields>(
  name: string,
  make: (fields: F) => Arrived,
): void {
  transports.set(name, make as (fields: EndFields) => Arrived);
}

/** Makes a transport again. */
export function makeTransport(name: string, fields: EndFields): Arrived {
  const make = transports.get(name);
  if (make === undefined) throw new UnpicklingError("malformed connection");
  return make(fields);
}

/** Whether a value carries messages. */
export function isTransport(handle: unknown): handle is Transport {
  return typeof handle === "object" && handle !== null && "takeNow" in handle;
}

/** The error for what does not; it may be meant as a file descriptor. */
export function notATransport(handle: unknown): Error {
  if (typeof handle !== "number" || !Number.isInteger(handle)) {
    const type = pythonTypeName(handle);
    return new AttributeError(`'${type}' object has no attribute '__index__'`);
  }
  return handle < 0 ? new ValueError("invalid handle") : osError("EBADF");
}
