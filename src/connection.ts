/**
 * Mirrors `multiprocessing/connection.py`: `Pipe`, `Listener`, `Client`, `Connection`,
 * `wait`.
 *
 * What differs: an end of a pipe is no file of the operating system but lives in the hub,
 * which knows who holds it. So several processes may use the same end: each message
 * arrives whole, at one of them, and is not lost if that one is killed before it has
 * taken it. End of file comes when nobody holds the other end any more. `poll` and
 * `wait` are awaited, and take nothing. `send` encodes at the call; it is done when less
 * than 64 KiB (or a little more) that this process sent before has not been received, so
 * one message of any size never waits. An end that travels in a message stays open until
 * the receiver has it, or the message or its receiver is lost. A connection made by a
 * socket travels as such an end, whose messages the sender hands on.
 *
 * The pieces are in `connection/`; how messages get there and back, in `hub/channel.ts`.
 *
 * @module
 */

import "./link/root.ts";
import "./deferred.ts";

export { Connection } from "./connection/connection.ts";
export type {
  PollOptions,
  RecvBytesIntoOptions,
  RecvBytesOptions,
  SendBytesOptions,
  SignalOptions,
} from "./connection/arguments.ts";
export type { BytesLike } from "./connection/arguments.ts";
export { Pipe } from "./connection/pipe.ts";
export { wait } from "./connection/wait.ts";
export {
  address_type,
  arbitrary_address,
  default_family,
  families,
  type Family,
} from "./connection/address.ts";
export {
  answer_challenge,
  Client,
  type ClientOptions,
  deliver_challenge,
  Listener,
  type ListenerOptions,
} from "./connection/listener.ts";
