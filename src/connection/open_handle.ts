/**
 * What a connection holds as long as it is open.
 *
 * @module
 */
import { giveNumber } from "./arguments.ts";
import type { Transport } from "./transport.ts";

/** The transport and the number of an open connection; given back once. */
export interface OpenHandle {
  /** Null once it is closed. */
  transport: Transport | null;
  readonly number: number;
}

/** Closes connections that are garbage. */
const forgotten = new FinalizationRegistry<OpenHandle>((handle) => release(handle));

/** Closes a connection when it is garbage. */
export function releaseWith(connection: object, handle: OpenHandle): void {
  forgotten.register(connection, handle, handle);
}

/** Closes a connection; `owner` is undefined for one that is garbage. */
export function release(handle: OpenHandle, owner?: object): void {
  if (owner !== undefined) forgotten.unregister(handle);
  const { transport } = handle;
  if (transport === null) return;
  handle.transport = null;
  giveNumber(handle.number);
  transport.close(owner);
}
