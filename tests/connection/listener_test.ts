/** Tests of src/connection/listener.ts: clients that say nothing, and what is left open. */
import { rejects } from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Client, Listener } from "../../src/connection.ts";
import { HANDSHAKE_TIMEOUT } from "../../src/connection/handshake.ts";
import { holdTimers } from "../helpers/timers.ts";
import { LEAKING } from "../helpers/groups.ts";
import { testsWith } from "../suite.ts";

const LISTENING = testsWith({ ...LEAKING, timeout: 20 });
const authkey = new TextEncoder().encode("key");

/** Connects, hears the challenge, and says nothing; `closed` settles when it is let go. */
async function silentClient(
  address: readonly [string, number],
): Promise<{ closed: Promise<unknown> }> {
  const socket: Socket = connect({ host: address[0], port: address[1] });
  const closed = once(socket, "close");
  await once(socket, "data");
  socket.resume();
  return { closed };
}

/** A listener that somebody accepts at, and where a silent client is in its handshake. */
async function listenToSilence() {
  const listener = await Listener(["127.0.0.1", 0], { authkey });
  const accepted = listener.accept();
  accepted.catch(() => {});
  const address = listener.address as [string, number];
  return { listener, accepted, address, ...await silentClient(address) };
}

LISTENING.test(
  "a client that is too slow is let go, and accept waits for the next one",
  async () => {
    const { timers, restore } = holdTimers();
    try {
      const { listener, accepted, address, closed } = await listenToSilence();
      timers.find(({ milliseconds }) => milliseconds === HANDSHAKE_TIMEOUT * 1000)!
        .ring();
      await closed;
      const client = await Client(address, { authkey });
      for (const connection of [client, await accepted]) connection.close();
      listener.close();
    } finally {
      restore();
    }
  },
);

LISTENING.test("Listener.close ends handshakes that are under way", async () => {
  const { listener, accepted, closed } = await listenToSilence();
  listener.close();
  await closed;
  await rejects(accepted, { name: "OSError", message: "listener is closed" });
});

LISTENING.test("Client closes its socket if the key is no key", async () => {
  const server = createServer();
  const closed = new Promise((resolve) => {
    server.on("connection", (socket) => socket.on("close", resolve).resume());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { address, port } = server.address() as AddressInfo;
  await rejects(Client([address, port], { authkey: "text" as never }), {
    name: "TypeError",
    message: "authkey should be a byte string",
  });
  await closed;
  server.close();
});
