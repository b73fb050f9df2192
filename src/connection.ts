/**
 * Mirrors `multiprocessing/connection.py`: `Pipe`, `Listener`, `Client`, `Connection`,
 * `wait`.
 *
 * What differs: an end of a pipe is not a file of the operating system; it lives in the hub,
 * which knows its holders. So several processes may use the same end: each message arrives
 * whole at one of them, and is not lost if that process is killed before it has taken the
 * message. End of file comes when no process holds the other end any more. `poll` and
 * `wait` are awaited, and take nothing. `send` encodes at the call; it is done when less
 * than 64 KiB (or a little more) of this process's earlier messages has not been received,
 * so a single message of any size never waits. An end in a message stays open until the
 * receiver has it, or the message or its receiver is lost. A connection made by a socket is
 * sent as such an end, whose messages the sender relays.
 *
 * The parts are in `connection/`, the hub's half in `hub/channel.ts`.
 *
 * @module
 */

import "./link/root.ts";
import "./startup/child_mode.ts";

export { Connection } from "./connection/connection.ts";
export type { ConnectionStats } from "./hub/stats.ts";
export type { StatsOptions } from "./link/stats.ts";
export type {
  BytesLike,
  PollOptions,
  RecvBytesIntoOptions,
  RecvBytesOptions,
  SendBytesOptions,
  SignalOptions,
} from "./connection/arguments.ts";
export { Pipe } from "./connection/pipe.ts";
export { wait } from "./connection/wait.ts";
export {
  address_type,
  arbitrary_address,
  default_family,
  families,
  type Family,
} from "./connection/address.ts";
export type { SocketAddress } from "./runtime/sockets.ts";
export type { CodecName } from "./connection/relay.ts";
export { MESSAGE_LENGTH } from "./connection/handshake.ts";
export {
  answer_challenge,
  Client,
  type ClientOptions,
  deliver_challenge,
  Listener,
  type ListenerClass,
  type ListenerConstructor,
  type ListenerOptions,
} from "./connection/listener.ts";
