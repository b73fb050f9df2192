/** Connections by sockets, both ends of which are here. */
import {
  Client,
  type ClientOptions,
  type Connection,
  Listener,
  type ListenerOptions,
} from "../../src/connection.ts";

/** The ends of a connection: the listener's and the client's. */
export type Pair = [server: Connection, client: Connection];

/** A new connection to a listener; the options are the client's. */
export function pairOf(
  listener: Listener,
  options: ClientOptions = {},
): Promise<Pair> {
  return Promise.all([listener.accept(), Client(listener.address, options)]);
}

/** A connection whose listener is closed; the options are the listener's. */
export async function socketPair(
  options: ListenerOptions = {},
): Promise<Pair> {
  const listener = await Listener(options);
  const ends = await pairOf(listener);
  listener.close();
  return ends;
}
