/** Two ends of a socket, without a `Listener`. */
import { MessageSocket } from "../../src/connection/message_socket.ts";
import { connectSocket, listenSocket, type Socket } from "../../src/runtime/sockets.ts";

/** Both ends; what one sends the other receives. They keep the process alive. */
export async function messageSockets(
  maxLength: number,
): Promise<[server: MessageSocket, client: MessageSocket]> {
  let accept: (socket: Socket) => void;
  const accepted = new Promise<Socket>((resolve) => accept = resolve);
  const listening = await listenSocket(["127.0.0.1", 0], 1, (socket) => accept(socket));
  const client = await connectSocket(listening.address);
  const sockets = [await accepted, client].map((socket) => {
    const messages = new MessageSocket(socket, maxLength);
    messages.setHeld(true);
    return messages;
  });
  listening.close();
  return sockets as [MessageSocket, MessageSocket];
}
