/**
 * What the methods of a `Connection` take: the options as types, and the signatures by
 * which arguments are parsed.
 *
 * @module
 */
import { REQUIRED, signature } from "../arguments.ts";

/** What every method that waits takes. */
export interface SignalOptions {
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** How long `poll` waits. */
export interface PollOptions extends SignalOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
}

/** Which part of a buffer `send_bytes` sends. */
export interface SendBytesOptions extends SignalOptions {
  /** Bytes. */
  offset?: number;
  /** Bytes; null for all. */
  size?: number | null;
}

/** Which messages `recv_bytes` takes. */
export interface RecvBytesOptions extends SignalOptions {
  /** Bytes; null for any. */
  maxlength?: number | null;
}

/** Where `recv_bytes_into` writes. */
export interface RecvBytesIntoOptions extends SignalOptions {
  /** Bytes. */
  offset?: number;
}

/** `send(obj)`. */
export const SEND = signature<{ obj: unknown }>(
  "_ConnectionBase.send",
  { obj: REQUIRED },
  { positionalOnly: 1 },
);

/** `recv()`. */
export const RECV = signature<Record<never, unknown>>("_ConnectionBase.recv", {});

/** `poll(timeout)`. */
export const POLL = signature<{ timeout: unknown }>("_ConnectionBase.poll", {
  timeout: 0,
});

/** `send_bytes(buf, offset, size)`. */
export const SEND_BYTES = signature<{ buf: unknown; offset: unknown; size: unknown }>(
  "_ConnectionBase.send_bytes",
  { buf: REQUIRED, offset: 0, size: null },
);

/** `recv_bytes(maxlength)`. */
export const RECV_BYTES = signature<{ maxlength: unknown }>(
  "_ConnectionBase.recv_bytes",
  { maxlength: null },
);

/** `recv_bytes_into(buf, offset)`. */
export const RECV_BYTES_INTO = signature<{ buf: unknown; offset: unknown }>(
  "_ConnectionBase.recv_bytes_into",
  { buf: REQUIRED, offset: 0 },
);
