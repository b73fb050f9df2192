/**
 * Opens connections to managers' servers, and finds out which kind of server is there.
 *
 * @module
 */
import { asSocketAddress } from "../../connection/address.ts";
import { authenticate, type MessageReader } from "../../connection/handshake.ts";
import { MAX_MESSAGE, MessageSocket } from "../../connection/message_socket.ts";
import { abortable } from "../../link/waiting.ts";
import { currentPeer } from "../../link/peer.ts";
import {
  asOSError,
  AuthenticationError,
  EOFError,
  OSError,
} from "../../python/errors.ts";
import { here } from "../../runtime/host.ts";
import { connectSocket, type SocketAddress } from "../../runtime/sockets.ts";
import { HELLO, sameBytes, WELCOME } from "./messages.ts";

/** A connection, and its reader until another one takes over. */
export interface Opened {
  socket: MessageSocket;
  reader: MessageReader;
}

/**
 * Connects to a server, and authenticates.
 *
 * @throws {OSError} if nobody listens there
 * @throws {AuthenticationError} if the keys differ
 */
export function open(address: SocketAddress, authkey: Uint8Array): Promise<Opened> {
  return abortable(currentPeer(), openSocket(address, authkey), undefined);
}

async function openSocket(
  address: SocketAddress,
  authkey: Uint8Array,
): Promise<Opened> {
  let socket: MessageSocket;
  try {
    const where = asSocketAddress(address, "connect");
    socket = new MessageSocket(await connectSocket(where), 0);
  } catch (error) {
    if (here.host === null || Array.isArray(address)) throw asOSError(error);
    throw new OSError(
      `a manager listens at a path, which ${here.host} does not reach from its machine: ` +
        "it needs an address of the form [host, port]",
      { cause: error },
    );
  }
  socket.setHeld(true);
  const reader = await authenticate(socket, authkey, false, MAX_MESSAGE);
  socket.setHeld(false);
  return { socket, reader };
}

/**
 * Asks a server whether it is one of ours; if so, the connection is ready for use.
 *
 * @returns The connection; undefined if the server is CPython's.
 */
export async function greet(
  { socket, reader }: Opened,
): Promise<MessageSocket | undefined> {
  const peer = currentPeer();
  socket.setHeld(true);
  socket.send(HELLO);
  const answer = await peer.refWhile(reader.read());
  socket.setHeld(false);
  if (sameBytes(answer, WELCOME)) return socket;
  socket.close();
  if (answer[0] === 0x80) return undefined; // a pickle
  throw answer.length === 0
    ? new EOFError()
    : new AuthenticationError("no manager's server is there");
}
